/** `starsse measures <run> [name]`: accuracy, calibration and selective prediction of a row of the table, and against another row. */
import type { Command } from 'commander';
import type { Measures, PairedComparison } from '../../protocol/measures.ts';
import { columns } from './columns.ts';
import { findRun } from './find-run.ts';
import { percent, points } from './numbers.ts';
import { jsonOption, nodeOption, runsOption, type JsonOptions, type RunsFolderOptions } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options extends RunsFolderOptions, JsonOptions {
  against?: string;
  node?: string;
}

/** Of the risk-coverage curve so many coverages are shown; --json has all. */
const COVERAGES = [0.5, 0.7, 0.8, 0.9, 1];

export function addMeasures(program: Command, end: (code: number) => void): void {
  program
    .command('measures <run> [name]')
    .description('everything that stored predictions tell of a member, soup or ensemble (default: the last in the table)')
    .option('--against <name>', 'compare with another row: paired intervals and McNemar')
    .addOption(runsOption())
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (named: string, name: string | undefined, { against, runs, node, json = false }: Options) => {
      const folder = await findRun(named, runs);
      const report = await runTaskFromTerminal('measures', [folder, JSON.stringify({ name, against })], { json, node });
      const { measures, measuredOn, comparison } = report;
      if (json) printJson(report);
      else printLines([report.name, ...measuresLines(measures, measuredOn), '', ...classLines(measures), ...(comparison === null ? [] : ['', ...comparisonLines(comparison)])]);
      end(DONE);
    });
}

export function measuresLines(measures: Measures, measuredOn: string): string[] {
  const { images, accuracy, meanPerClassAccuracy, nll, calibratedNll, brier, ece, temperature, temperatureNll, temperatureEce, reliability, riskCoverage } = measures;
  const share = (value: number | null) => (value === null ? '' : percent(value));
  const shown = COVERAGES.map((wanted) => riskCoverage.points.find(({ coverage }) => coverage >= wanted - 1e-9)).filter((point) => point !== undefined);
  return [
    `on ${images} ${measuredOn} images: accuracy ${percent(accuracy)}, mean per class ${percent(meanPerClassAccuracy)}`,
    `NLL ${nll.toFixed(4)} nats, calibrated ${calibratedNll.toFixed(4)}, Brier ${brier.toFixed(4)}, ECE ${percent(ece)}`,
    `temperature ${temperature.toFixed(4)} of the validation images: NLL ${temperatureNll.toFixed(4)}, ECE ${percent(temperatureEce)}`,
    `error of the most confident: ${shown.map(({ coverage, risk }) => `${percent(risk)} of ${percent(coverage, 0)}`).join(', ')}; area under the curve ${riskCoverage.area.toFixed(4)}`,
    '',
    ...columns([['confidence', 'images', 'mean', 'accuracy'], ...reliability.filter((bin) => bin.images > 0).map((bin) => [`${bin.low.toFixed(2)} - ${bin.high.toFixed(2)}`, String(bin.images), share(bin.confidence), share(bin.accuracy)])], 'rrrr'),
  ];
}

function classLines({ perClass }: Measures): string[] {
  return columns([['class', 'images', 'accuracy', 'NLL'], ...perClass.map(({ name, images, accuracy, nll }) => [name, String(images), accuracy === null ? '-' : percent(accuracy), nll?.toFixed(4) ?? '-'])], 'lrrr');
}

export function comparisonLines({ against, accuracy, nll, brier, mcnemar, bootstrapSamples }: PairedComparison): string[] {
  const interval = ({ estimate, low, high }: PairedComparison['nll']): string => `${estimate.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`;
  return [
    `against ${against}, paired 95 % intervals of ${bootstrapSamples} resamples:`,
    `accuracy ${points(accuracy.estimate)} [${points(accuracy.low)}, ${points(accuracy.high)}] points, NLL ${interval(nll)}, Brier ${interval(brier)}`,
    `McNemar: ${mcnemar.onlyThis} images only this has right, ${mcnemar.onlyOther} only the other; exact P ${mcnemar.exactP.toPrecision(3)}, chi-squared ${mcnemar.statistic.toFixed(3)} (P ${mcnemar.p.toPrecision(3)})`,
  ];
}
