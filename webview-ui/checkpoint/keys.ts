/** What a key does in the tree, as the ARIA pattern of a treegrid has it. */
import type { Row } from './rows.ts';

export type Step = { kind: 'select'; row: number } | { kind: 'toggle'; row: number } | { kind: 'act'; row: number } | null;

/** @param selected index of the row, -1 for none @param page rows in sight */
export function stepOf(key: string, rows: readonly Row[], selected: number, page: number): Step {
  if (rows.length === 0) return null;
  const to = (row: number): Step => ({ kind: 'select', row: Math.min(rows.length - 1, Math.max(0, row)) });
  const row = rows[selected];
  switch (key) {
    case 'ArrowDown':
      return to(selected + 1);
    case 'ArrowUp':
      return to(selected - 1);
    case 'PageDown':
      return to(selected + page);
    case 'PageUp':
      return to(selected - page);
    case 'Home':
      return to(0);
    case 'End':
      return to(rows.length - 1);
  }
  if (row === undefined) return null;
  switch (key) {
    case 'ArrowRight':
      if (row.isOpen === null) return null;
      return row.isOpen ? to(selected + 1) : { kind: 'toggle', row: selected };
    case 'ArrowLeft':
      if (row.isOpen === true) return { kind: 'toggle', row: selected };
      return row.parent === null ? null : to(row.parent);
    case 'Enter':
    case ' ':
      return row.isOpen === null ? { kind: 'act', row: selected } : { kind: 'toggle', row: selected };
    default:
      return null;
  }
}
