/** The comparison as Markdown: rankings, whatever they are, with what has to be known to read them, and every seed. */
import { GOALS, type Cell, type Chosen, type Comparison, type Goal, type OverSeeds, type Ranking } from '../../protocol/tune.ts';
import { percent, points } from '../cli/numbers.ts';

const WORDS: Record<Goal, string> = { ensemble: 'Ensemble', soup: 'Soup' };

export function comparisonMarkdown(comparison: Comparison): string {
  const overall = comparison.rankings.filter(({ epochRatio }) => epochRatio === null);
  const within = comparison.rankings.filter(({ epochRatio }) => epochRatio !== null);
  return `${[
    `# ${comparison.name}: methods at equal budget`,
    ...introduction(comparison),
    ...overall.flatMap((ranking) => [`## ${WORDS[ranking.goal]}: the best cell of each method`, rankingTable(ranking, comparison)]),
    '## Within one budget',
    ...within.flatMap((ranking) => [`### ${WORDS[ranking.goal]}, epochs x ${ranking.epochRatio}: ${ranking.budgetEpochs} epochs`, rankingTable(ranking, comparison)]),
    '## Every cell and seed, on validation',
    cellTable(comparison.cells),
    ...leftOutLines(comparison),
  ].join('\n\n')}\n`;
}

function introduction({ metric, validationImages, testImages, bootstrapSamples, settings, epochs, earlierEpochs, trainedEpochs, spentEpochs }: Comparison): string[] {
  const seeds = settings.seeds === 1 ? 'one seed: no interval over seeds' : `${settings.seeds} seeds: intervals over seeds are 95 %, Student's t`;
  return [
    `Chosen by ${metric === 'accuracy' ? 'accuracy' : 'mean per-class accuracy'} on ${validationImages} validation images, mean over ${seeds}. ` +
      'Of the methods each had the same learning-rate ratios and, for each epoch ratio, the same budget of epochs; independent members are rounded up to whole epochs. ' +
      `A long run stands with the best on validation of its last weights and their averages (SWA from ${settings.swaStart} of the epochs, EMA ${settings.emaDecay === null ? 'over about a twentieth of the steps' : `with decay ${settings.emaDecay}`}).`,
    `Differences are to the first row, in percentage points: paired 95 % bootstrap of ${bootstrapSamples} resamples of the images, mean over seeds. ` +
      'On validation, where the rows were chosen, they flatter the first. ' +
      (testImages === 0 ? 'There is no test set.' : `The ${testImages} test images were looked at for the chosen cells only, after the choice.`),
    `Epochs of one network trained: ${trainedEpochs} (${spentEpochs} without members that runs share).` +
      (earlierEpochs.length === 0 ? '' : ` Successive halving: the cells came through rungs with ${earlierEpochs.join(', ')} epochs of member 1 (one seed) before ${epochs}; a cell that would have been late was lost.`),
  ];
}

function rankingTable({ rows, epochRatio }: Ranking, { testImages }: Comparison): string {
  if (rows.length === 0) return 'No method has a cell whose members all came to their end.';
  const tested = testImages > 0 && epochRatio === null;
  const heading = ['method', 'lr x', 'epochs x', 'epochs', 'passes', 'validation', 'to the first', ...(tested ? ['test', 'to the first'] : [])];
  return table(heading, rows.map((row) => [
    row.method, String(row.lrRatio), String(row.epochRatio), String(row.epochs), String(row.forwardPasses), meanText(row.validation), differenceText(row.difference),
    ...(tested ? [row.test === null ? '' : meanText(row.test), differenceText(row.testDifference)] : []),
  ]));
}

function cellTable(cells: Cell[]): string {
  const rows = cells.flatMap((cell) =>
    cell.seeds.map((each) => [
      cell.method, String(cell.lrRatio), String(cell.epochRatio), `${cell.epochs} of ${cell.budgetEpochs}`, String(each.seed),
      ...GOALS.map((goal) => (each[goal] === null ? 'failed' : `${percent(each[goal].metric)} (${each[goal].name})`)),
      each.reason ?? each.run ?? '',
    ]),
  );
  return table(['method', 'lr x', 'epochs x', 'epochs of budget', 'seed', ...GOALS, 'run'], rows);
}

function leftOutLines({ leftOut }: Comparison): string[] {
  if (leftOut.length === 0) return [];
  return ['## Left out', leftOut.map(({ method, lrRatio, epochRatio, reason }) => `* ${method}, lr x ${lrRatio}, epochs x ${epochRatio}: ${reason}`).join('\n')];
}

/** "91.20 % [90.10, 92.30]" */
export function meanText({ mean, low, high }: OverSeeds): string {
  return low === null || high === null ? percent(mean) : `${percent(mean)} [${(100 * low).toFixed(2)}, ${(100 * high).toFixed(2)}]`;
}

export function differenceText(difference: Chosen['difference']): string {
  return difference === null ? '' : `${points(difference.estimate)} [${points(difference.low)}, ${points(difference.high)}]`;
}

function table(heading: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}
