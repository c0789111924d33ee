/** The two kinds of rows that a chart draws, thinned each by what it draws of them. */
import type { EpochRow, Row, StepRow } from '../../protocol/rows.ts';
import { ThinnedRows } from './thinRows.ts';

export function thinnedSteps(limit: number): ThinnedRows<StepRow> {
  return new ThinnedRows<StepRow>({ limit, placeOf: ({ step }) => step - 1, valueOf: ({ loss }) => loss });
}

export function thinnedEpochs(limit: number): ThinnedRows<EpochRow> {
  return new ThinnedRows<EpochRow>({ limit, placeOf: ({ epoch }) => epoch, valueOf: ({ validationAccuracy }) => validationAccuracy });
}

/** Both, as a log has them: an epoch after its last step. */
export function inOrder(steps: readonly StepRow[], epochs: readonly EpochRow[]): Row[] {
  const rows: Row[] = [];
  let next = 0;
  for (const epoch of epochs) {
    while (next < steps.length && steps[next].step <= epoch.step) rows.push(steps[next++]);
    rows.push(epoch);
  }
  for (; next < steps.length; next++) rows.push(steps[next]);
  return rows;
}
