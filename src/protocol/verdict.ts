/** What a result table allows to say, in plain words: never more than its intervals do. */
import { writtenInterval } from './difference.ts';
import type { ResultRow, ResultTable } from './results.ts';

export interface Verdict {
  /** One sentence for each soup and ensemble, in the order of the table. */
  sentences: string[];
  /** What has to be known to read them. */
  cautions: string[];
}

/** Differences are to the best member, in percentage points of the table's metric. */
export function verdictOfTable(table: ResultTable): Verdict {
  const compared = table.rows.filter(({ kind, differenceToBest }) => (kind === 'soup' || kind === 'ensemble') && differenceToBest !== null);
  return { sentences: compared.map((row) => sentence(row, table)), cautions: cautions(table, compared.length) };
}

function sentence({ name, kind, members, forwardPasses, differenceToBest }: ResultRow, { metric, testImages, validationImages, bestMember }: ResultTable): string {
  const { outcome, from, to, digits } = writtenInterval(differenceToBest!);
  const points = (share: number): string => (100 * share).toFixed(digits);
  const signed = (share: number): string => (share > 0 ? `+${points(share)}` : points(share));
  const what = metric === 'accuracy' ? 'accuracy' : 'mean per-class accuracy';
  const where = testImages > 0 ? `these ${testImages} test images` : `the ${validationImages} validation images`;
  const cost = kind === 'ensemble' ? `, at ${forwardPasses} times its cost of a prediction` : ', at the same cost of a prediction';
  const subject = `${name} (of ${members.length})`;
  if (outcome === 'better') return `${subject} is better than the best member, ${bestMember}, by ${points(from)} to ${points(to)} points of ${what} on ${where}${cost}.`;
  if (outcome === 'worse') return `${subject} is worse than the best member, ${bestMember}, by ${points(from)} to ${points(to)} points of ${what} on ${where}.`;
  const { low, high } = differenceToBest!;
  if (low === 0 && high === 0) return `${subject} cannot be told from the best member, ${bestMember}, by ${what} on ${where}: the difference is 0 in nearly every resample.`;
  return `${subject} cannot be told from the best member, ${bestMember}, by ${what} on ${where}: the difference is between ${signed(from)} and ${signed(to)} points.`;
}

function cautions({ testImages, validationImages, bootstrapSamples, bestMember, leftOut = [] }: ResultTable, comparisons: number): string[] {
  return [
    ...(testImages > 0
      ? [`${bestMember} was chosen among the members on ${validationImages} validation images; test images chose nothing.`]
      : [`There is no test set: everything is measured on the ${validationImages} images on which ${bestMember} was chosen, so the figures are too good.`]),
    `Intervals are of 95 %, by a paired bootstrap of ${bootstrapSamples} resamples of the images of one run. They say nothing about another seed.`,
    ...(comparisons > 1 ? [`There are ${comparisons} comparisons: one of twenty such intervals misses the truth by chance.`] : []),
    ...leftOut.map(leftOutText),
  ];
}

/** A member that the run's own soup was made without. */
export function leftOutText({ name, reason }: NonNullable<ResultTable['leftOut']>[number]): string {
  return `The run's own soup was made without ${name}: ${reason}.`;
}
