/** The table of runs as text for a spreadsheet. */
import type { ComparedRun } from '../../src/protocol/compare-messages.ts';
import type { Column } from './columns.ts';

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
export function runsCsv(runs: readonly ComparedRun[], columns: readonly Column[]): string {
  const cell = (value: number | string | null): string => {
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns.map(({ key }) => key), ...runs.map((run) => columns.map((column) => column.value(run)))].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}
