/** `starsse tune <plan>`: every method over the same grid at the same budget, compared on validation data. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BackendChoice } from '../../protocol/plan.ts';
import { TUNE_METHODS, TUNE_PRESETS, type TuneMethod, type TuneSettings, type TuneState } from '../../protocol/tune.ts';
import { planRung, tune } from '../tune/tune.ts';
import { createTune, isTune, readTune, tuneFiles } from '../tune/tune-folder.ts';
import { backendOption, count, jsonOption, nodeOption } from './options.ts';
import { DONE, printJson, printLines, STOPPED } from './report.ts';
import { costLines, rankingLines, TuneProgress } from './tune-report.ts';

interface Options {
  methods: TuneMethod[];
  preset: keyof typeof TUNE_PRESETS;
  lrRatios?: number[];
  epochRatios?: number[];
  seeds: number;
  members?: number;
  halving?: boolean;
  swaStart: number;
  swaLrRatio?: number;
  emaDecay?: number;
  out?: string;
  runs?: string;
  backend?: BackendChoice;
  dryRun?: boolean;
  json?: boolean;
  node?: string;
}

export function addTune(program: Command, end: (code: number) => void): void {
  program
    .command('tune <plan>')
    .description('compare methods over a grid of learning rates and budgets on validation data; the plan may be the folder of a tune that goes on')
    .addOption(new Option('--methods <methods...>', 'which; fine-tuning, one long run with its averages, is always there').choices(TUNE_METHODS).default(['starsse', 'sse', 'local-de']))
    .addOption(new Option('--preset <grid>', "authors = the paper's grid, quick = a small one").choices(Object.keys(TUNE_PRESETS)).default('authors'))
    .addOption(new Option('--lr-ratios <ratios...>', 'learning rates, as shares of the plan\'s, in place of the preset\'s').argParser(numbers))
    .addOption(new Option('--epoch-ratios <ratios...>', 'cycle lengths, as shares of the plan\'s epochs: each is a budget').argParser(numbers))
    .option('--seeds <n>', 'repeats of every cell', count, 1)
    .option('--members <n>', "members of an ensemble (default: the plan's)", count)
    .option('--halving', 'first train shorter, and go on with the better half of the cells of each method')
    .option('--swa-start <share>', 'of the long run: the share of the epochs after which the average begins', number, 0.75)
    .option('--swa-lr-ratio <ratio>', "constant rate from there on, as a share of the run's (default: the schedule goes on)", number)
    .option('--ema-decay <decay>', 'of the other average of the long run, each step (default: one that looks back over a twentieth of it)', number)
    .option('--out <folder>', "where to (default: .starsse/tunes/<id> in the plan's folder)")
    .option('--runs <folder>', "where its runs go (default: runs in the tune's folder)")
    .option('--dry-run', 'tell what it would cost, and end')
    .addOption(backendOption())
    .addOption(nodeOption())
    .addOption(jsonOption())
    .action(async (named: string, options: Options) => {
      end(options.dryRun === true ? await tellCost(named, options) : await run(named, options));
    });
}

async function run(named: string, options: Options): Promise<number> {
  const { json = false, node } = options;
  const folder = (await isTune(named)) ? path.resolve(named) : await create(named, options, options.out ?? null);
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  const progress = new TuneProgress(json);
  try {
    const comparison = await tune(folder, { ...progress, signal: stop.signal, nodePath: node });
    progress.clear();
    if (comparison === null) {
      if (json) printJson({ folder, status: 'stopped' });
      else printLines(['The tune was stopped.', `Go on with: starsse tune ${folder}`]);
      return STOPPED;
    }
    if (json) printJson({ folder, status: 'done', comparison });
    else {
      const plans = [`Plans:  ${tuneFiles.best(folder, 'ensemble')}`, `        ${tuneFiles.best(folder, 'soup')}`];
      printLines([...rankingLines(comparison), '', `Report: ${tuneFiles.report(folder)}`, ...plans, `Runs:   starsse ls --runs ${(await readTune(folder)).runsFolder}`]);
    }
    return DONE;
  } finally {
    progress.clear();
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

/** Plans the first rung in a folder that goes again. */
async function tellCost(named: string, options: Options): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'starsse-tune-'));
  try {
    const tuneFolder = (await isTune(named)) ? path.resolve(named) : await create(named, options, folder);
    const state = await readTune(tuneFolder);
    const planned: TuneState = state.rungs.length > 0 ? state : { ...state, rungs: [await planRung(tuneFolder, state, 0, { nodePath: options.node })] };
    if (options.json === true) printJson({ rungEpochs: planned.rungEpochs, rung: planned.rungs[0] });
    else printLines(costLines(planned, 0));
    return DONE;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function create(planPath: string, options: Options, folder: string | null): Promise<string> {
  const preset = TUNE_PRESETS[options.preset];
  const settings: TuneSettings = {
    methods: options.methods,
    lrRatios: options.lrRatios ?? preset.lrRatios,
    epochRatios: options.epochRatios ?? preset.epochRatios,
    seeds: options.seeds,
    members: options.members ?? null,
    halving: options.halving ?? false,
    swaStart: options.swaStart,
    swaLrRatio: options.swaLrRatio ?? null,
    emaDecay: options.emaDecay ?? null,
  };
  return await createTune({ planPath, settings, backend: options.backend, folder, runsFolder: options.runs ?? null });
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('It has to be a number from 0.');
  return value;
}

/** Numbers separated by blanks or commas. */
function numbers(text: string, before: number[] | undefined): number[] {
  return [...(before ?? []), ...text.split(',').filter((part) => part !== '').map(number)];
}
