/** The result table as text. */
import type { ResultRow, ResultTable } from '../../protocol/results.ts';
import { columns } from './columns.ts';
import { amount, percent, points } from './numbers.ts';

const HEADINGS = ['', 'accuracy', 'to best member, 95 %', 'NLL', 'calibrated', 'ECE', 'validation', 'passes', 'MACs'];

/** Lines of the table and of what has to be known to read it. */
export function resultTable(table: ResultTable): string[] {
  const { testImages, validationImages, bestMember, bootstrapSamples } = table;
  return [
    ...columns([HEADINGS, ...table.rows.map((row) => cells(row, bestMember))], 'lrlrrrrrr'),
    '',
    `Accuracy, NLL (nats) and ECE on ${testImages} test images; ${bestMember} is the best of the members on ${validationImages} validation images.`,
    `Differences in percentage points, paired bootstrap of ${bootstrapSamples} resamples. Passes and MACs: cost of one image.`,
  ];
}

function cells(row: ResultRow, bestMember: string): string[] {
  const { name, members, kind } = row;
  const whole = kind === 'soup' || kind === 'ensemble' ? `${name} (${members.length})` : name;
  return [
    whole,
    percent(row.accuracy),
    difference(row, bestMember),
    row.nll.toFixed(4),
    row.calibratedNll.toFixed(4),
    percent(row.ece),
    percent(row.validationAccuracy),
    String(row.forwardPasses),
    amount(row.macs),
  ];
}

function difference({ name, differenceToBest }: ResultRow, bestMember: string): string {
  if (differenceToBest === null) return name === bestMember ? 'best member' : '';
  const { estimate, low, high } = differenceToBest;
  return `${points(estimate)} [${points(low)}, ${points(high)}]`;
}
