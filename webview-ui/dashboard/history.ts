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

/** Rows of a range of steps that came when the view was zoomed: less thinned than the others. */
export type Detail = readonly (StepRow | EpochRow)[];

/** The history with the rows of a detail in the place of its own between the detail's first and last. */
export function withDetail(history: History, detail: Detail): History {
  if (detail.length === 0) return history;
  const [from, to] = [detail[0].step, detail[detail.length - 1].step];
  const { rows } = history;
  const before = rows.filter(({ step }) => step < from);
  const after = rows.filter(({ step }) => step > to);
  return { received: history.received, rows: [...before, ...detail, ...after] };
}

/** Images a second of training now, from the member's own clock: over its last seconds, null while it has taken few steps. */
export function throughput(history: History, batchSize: number): number | null {
  const { rows } = history;
  let last: StepRow | null = null;
  let first: StepRow | null = null;
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i];
    if (row.kind !== 'step') continue;
    last ??= row;
    first = row;
    if (last.wallMs - row.wallMs >= THROUGHPUT_MS) break;
  }
  const ms = last === null || first === null ? 0 : last.wallMs - first.wallMs;
  return ms <= 0 ? null : (batchSize * (last!.step - first!.step) * 1000) / ms;
}

const THROUGHPUT_MS = 3000;
