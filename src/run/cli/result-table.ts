/** The result table as text. */
import type { ResultRow, ResultTable } from '../../protocol/results.ts';
import { leftOutText } from '../../protocol/verdict.ts';
import { columns } from './columns.ts';
import { amount, percent, points } from './numbers.ts';

interface Column {
  heading: string;
  align: 'l' | 'r';
  cell: (row: ResultRow) => string;
}

/** Lines of the table and of what has to be known to read it. */
export function resultTable(table: ResultTable): string[] {
  const { testImages, validationImages, bestMember, bootstrapSamples, metric, leftOut = [] } = table;
  const shown = columnsOf(table);
  const measured = testImages > 0 ? `${testImages} test images` : `${validationImages} validation images (there is no test set)`;
  const chosen = metric === 'accuracy' ? '' : ' by mean per-class accuracy';
  return [
    ...columns([shown.map(({ heading }) => heading), ...table.rows.map((row) => shown.map(({ cell }) => cell(row)))], shown.map(({ align }) => align).join('')),
    '',
    `Accuracy, NLL (nats) and ECE on ${measured}; ${bestMember} is the best of the members on ${validationImages} validation images${chosen}.`,
    `Differences ${metric === 'accuracy' ? '' : 'of mean per-class accuracy '}in percentage points, paired bootstrap of ${bootstrapSamples} resamples. Passes and MACs: cost of one image.`,
    ...leftOut.map(leftOutText),
  ];
}

function columnsOf({ metric, bestMember, rows }: ResultTable): Column[] {
  const perClass = metric === 'mean-per-class-accuracy';
  const share = (value: number | undefined) => (value === undefined ? '' : percent(value));
  const right = (heading: string, cell: Column['cell']): Column => ({ heading, align: 'r', cell });
  return [
    { heading: '', align: 'l', cell: ({ name, kind, members }) => (kind === 'soup' || kind === 'ensemble' ? `${name} (${members.length})` : name) },
    right('accuracy', (row) => percent(row.accuracy)),
    ...(perClass ? [right('per class', (row) => share(row.meanPerClassAccuracy))] : []),
    { heading: 'to best member, 95 %', align: 'l', cell: (row) => difference(row, bestMember) },
    right('NLL', (row) => row.nll.toFixed(4)),
    right('calibrated', (row) => row.calibratedNll.toFixed(4)),
    ...(rows.some(({ brier }) => brier !== undefined) ? [right('Brier', ({ brier }) => brier?.toFixed(4) ?? '')] : []),
    right('ECE', (row) => percent(row.ece)),
    right('validation', (row) => share(perClass ? row.validationMeanPerClassAccuracy : row.validationAccuracy)),
    right('passes', (row) => String(row.forwardPasses)),
    right('MACs', (row) => amount(row.macs)),
  ];
}

/** To the best member, in percentage points, with its interval. */
export function difference({ name, differenceToBest }: ResultRow, bestMember: string): string {
  if (differenceToBest === null) return name === bestMember ? 'best member' : '';
  const { estimate, low, high } = differenceToBest;
  return `${points(estimate)} [${points(low)}, ${points(high)}]`;
}
