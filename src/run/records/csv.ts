/** Comma-separated values as RFC 4180 has them: lines end with CRLF, cells that need it are in quotes. */

/** null is an empty cell. */
export type Cell = number | string | null;

/** @param heading names of the columns */
export function csvText(heading: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [heading, ...rows].map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  // Shortest digits that give the same number again.
  if (typeof cell === 'number') return String(cell);
  // Spreadsheets compute what begins like a formula; class names come from elsewhere.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
