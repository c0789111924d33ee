/**
 * Rows for a chart. The range of steps is cut into buckets of equal width; of each bucket the first and the last step
 * stay, and those of the lowest and the highest loss. So no spike is lost, and thinning thinned rows keeps the extrema of
 * all rows that ever were. Epoch rows all stay.
 */
import type { Row, StepRow } from '../../protocol/rows.ts';

/** Steps that one bucket may keep: first, last, lowest, highest. */
const KEPT_OF_A_BUCKET = 4;

/**
 * @param rows in order of their steps, without void ones.
 * @param limit most step rows of the answer, at least 4.
 * @returns `rows` itself if it is within the limit.
 */
export function thinRows(rows: Row[], limit: number): Row[] {
  const steps = rows.filter((row): row is StepRow => row.kind === 'step');
  if (steps.length <= limit) return rows;
  const buckets = Math.floor(limit / KEPT_OF_A_BUCKET);
  const start = steps[0].step;
  const width = (steps[steps.length - 1].step - start + 1) / buckets;
  const kept = new Set<Row>();
  let from = 0;
  while (from < steps.length) {
    const bucket = Math.floor((steps[from].step - start) / width);
    let to = from + 1;
    while (to < steps.length && Math.floor((steps[to].step - start) / width) === bucket) to++;
    for (const row of extremes(steps, from, to)) kept.add(row);
    from = to;
  }
  return rows.filter((row) => row.kind !== 'step' || kept.has(row));
}

/** First, last, lowest and highest loss of steps [from, to). */
function extremes(steps: StepRow[], from: number, to: number): StepRow[] {
  let low = steps[from];
  let high = steps[from];
  for (let i = from + 1; i < to; i++) {
    if (steps[i].loss < low.loss) low = steps[i];
    if (steps[i].loss > high.loss) high = steps[i];
  }
  return [steps[from], low, high, steps[to - 1]];
}
