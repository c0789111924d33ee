/** How each line of the in-editor suite begins: it tells them from the messages of the workbench itself. */
export const SUITE_LINE = '│ ';
