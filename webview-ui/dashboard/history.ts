/** The rows of one member as the view holds them: what a `resume` row made void is gone. */
import type { EpochRow, Row, StepRow } from '../../src/protocol/rows.ts';

export interface History {
  /** Rows posted since the snapshot, void ones and `resume` rows included: the index of the next row. */
  received: number;
  rows: readonly (StepRow | EpochRow)[];
}

export const NO_HISTORY: History = { received: 0, rows: [] };

export function withRows(history: History, added: readonly Row[]): History {
  const rows = [...history.rows];
  for (const row of added) {
    if (row.kind === 'resume') dropAfter(rows, row.step);
    else rows.push(row);
  }
  return { received: history.received + added.length, rows };
}

function dropAfter(rows: (StepRow | EpochRow)[], step: number): void {
  let kept = rows.length;
  while (kept > 0 && rows[kept - 1].step > step) kept -= 1;
  rows.length = kept;
}

export function latestStep(history: History): StepRow | null {
  return history.rows.findLast((row) => row.kind === 'step') ?? null;
}

export function latestEpoch(history: History): EpochRow | null {
  return history.rows.findLast((row) => row.kind === 'epoch') ?? null;
}
