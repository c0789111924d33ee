import type { ResultTable } from '../../../protocol/results.ts';
import { difference } from '../../cli/result-table.ts';
import type { ReportSource } from '../collect.ts';
import { table, text, type Block, type Section } from '../document.ts';
import { decimal, percent } from '../numbers.ts';

export function resultsSection({ view: { results } }: ReportSource): Section | null {
  if (results === null) return null;
  const { metric, testImages, validationImages, bestMember } = results;
  const set = testImages > 0 ? `${testImages} test images` : `${validationImages} validation images`;
  return {
    title: 'Results',
    blocks: [
      resultsTable(results),
      text(
        `Measured on ${set}. NLL in nats; calibrated NLL after temperature scaling on the other half of the images (Ashukha et al. 2020); ECE of 15 bins. ` +
          `Differences are of ${metric === 'accuracy' ? 'accuracy' : 'mean per-class accuracy'} to ${bestMember}, in percentage points, with paired 95 % intervals.`,
      ),
    ],
  };
}

function resultsTable({ rows, bestMember }: ResultTable): Block {
  const heading = ['', 'accuracy', 'to best member, 95 %', 'per class', 'NLL', 'calibrated', 'Brier', 'ECE', 'validation'];
  const cells = rows.map((row) => [
    row.kind === 'soup' || row.kind === 'ensemble' ? `${row.name} (${row.members.length})` : row.name,
    percent(row.accuracy),
    difference(row, bestMember),
    percent(row.meanPerClassAccuracy),
    decimal(row.nll),
    decimal(row.calibratedNll),
    decimal(row.brier),
    percent(row.ece),
    percent(row.validationAccuracy),
  ]);
  return table(heading, cells, 'lrlrrrrrr');
}
