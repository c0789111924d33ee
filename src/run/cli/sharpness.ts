/** `starsse sharpness <run>`: how the loss bends around networks of a run. */
import { Option, type Command } from 'commander';
import { MEASURED_SETS } from '../../protocol/basin.ts';
import type { Sharpness, SharpnessRow } from '../../protocol/sharpness.ts';
import { columns } from './columns.ts';
import { findRun } from './find-run.ts';
import { measuringLine, networkName, withMeasuring, type MeasuringOptions } from './measuring-options.ts';
import { count } from './options.ts';
import { DONE, printJson, printLines } from './report.ts';
import { runTaskFromTerminal } from './terminal-task.ts';

interface Options extends MeasuringOptions {
  set: string;
  iterations: number;
  samples: number;
  draws: number;
}

export function addSharpness(program: Command, end: (code: number) => void): void {
  const command = program
    .command('sharpness <run> [networks...]')
    .description('estimate the largest eigenvalue and the trace of the Hessian, and the loss under noise, of members and soups (default: all members)')
    .addOption(new Option('--set <set>', 'on which set of images').choices(MEASURED_SETS).default('train'))
    .addOption(new Option('--iterations <n>', 'products of the power iteration at most').argParser(count).default(50))
    .addOption(new Option('--samples <n>', "products of Hutchinson's trace").argParser(count).default(10))
    .addOption(new Option('--draws <n>', 'noises of each length').argParser(count).default(5));
  withMeasuring(command, 500).action(async (named: string, networks: string[], { set, iterations, samples, draws, images, averageStatistics = false, runs, node, json = false }: Options) => {
    const folder = await findRun(named, runs);
    const request = { networks: networks.length === 0 ? undefined : networks.map(networkName), set, iterations, samples, draws, images, reestimate: !averageStatistics };
    const sharpness = await runTaskFromTerminal('sharpness', [folder, JSON.stringify(request)], { json, node });
    if (json) printJson(sharpness);
    else printLines(sharpnessLines(sharpness));
    end(DONE);
  });
}

export function sharpnessLines({ rows, set, measuring, samples }: Sharpness): string[] {
  const radii = rows[0]?.noise.map(({ radius }) => radius) ?? [];
  const heading = ['', `loss ${set}`, 'gradient', 'top eigenvalue', 'trace', ...radii.map((radius) => `noise ${radius}`)];
  return [
    ...columns([heading, ...rows.map(cells)], `l${'r'.repeat(heading.length - 1)}`),
    '',
    `Top eigenvalue of the Hessian by power iteration (~: not converged); trace from ${samples} random vectors, with its standard error; noise r: the loss after random weights of length r |w| were added to every tensor w.`,
    measuringLine(measuring),
  ];
}

function cells({ network, loss, gradientNorm, topEigenvalue, converged, trace, traceError, noise }: SharpnessRow): string[] {
  const of = (value: number | null, digits: number): string => value?.toPrecision(digits) ?? 'none';
  const deviation = traceError === null ? '' : ` ± ${of(traceError, 2)}`;
  return [network, of(loss, 4), of(gradientNorm, 3), `${converged ? '' : '~'}${of(topEigenvalue, 4)}`, trace === null ? 'none' : `${of(trace, 4)}${deviation}`, ...noise.map((each) => of(each.loss, 4))];
}
