/** Keeps the end of the log in sight while it is there: call before the page is drawn, and the result afterwards. */

/** Pixels from the end within which one stands at it. */
const NEAR = 24;

export function logScroll(root: HTMLElement): () => void {
  const before = root.querySelector('.log-lines');
  const atEnd = before === null || before.scrollHeight - before.scrollTop - before.clientHeight < NEAR;
  return () => {
    const after = root.querySelector('.log-lines');
    if (after !== null && atEnd) after.scrollTop = after.scrollHeight;
  };
}
