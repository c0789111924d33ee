/** A tune's folder: tune.json, the plans of its runs, the runs unless they are elsewhere, and what came out. */
import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { rungEpochs } from '../../protocol/tune-rungs.ts';
import { StarsseError } from '../../protocol/errors.ts';
import { parseJson } from '../../protocol/parse.ts';
import { PlanSchema, type Plan } from '../../protocol/plan.ts';
import { TUNE_FORMAT, TuneStateSchema, type TuneSettings, type TuneState } from '../../protocol/tune.ts';
import { createRunId } from '../folder.ts';
import { diskError, replaceJson } from '../write.ts';
import { movedPlan } from './moved-plan.ts';

/** Beside the plan. */
export const TUNES_FOLDER = path.join('.starsse', 'tunes');

export const tuneFiles = {
  state: (folder: string): string => path.join(folder, 'tune.json'),
  lock: (folder: string): string => path.join(folder, 'tuner.json'),
  plans: (folder: string): string => path.join(folder, 'plans'),
  runs: (folder: string): string => path.join(folder, 'runs'),
  comparison: (folder: string): string => path.join(folder, 'comparison.json'),
  report: (folder: string): string => path.join(folder, 'comparison.md'),
  cells: (folder: string): string => path.join(folder, 'cells.csv'),
  rankings: (folder: string): string => path.join(folder, 'rankings.csv'),
  best: (folder: string, goal: string): string => path.join(folder, `best-${goal}.starsse.json`),
  winners: (folder: string): string => path.join(folder, 'winners'),
};

export interface TuneRequest {
  planPath: string;
  settings: TuneSettings;
  backend: Plan['compute']['backend'] | undefined;
  /** null = `.starsse/tunes/<id>` beside the plan. */
  folder: string | null;
  /** null = `runs` in the tune's folder. */
  runsFolder: string | null;
}

/**
 * Makes the folder. One that is there already for the same plan and settings goes on as it is.
 * @returns its path, absolute
 * @throws StarsseError file-missing, plan-invalid; usage when the folder belongs to another plan or other settings
 */
export async function createTune({ planPath, settings, backend, folder, runsFolder }: TuneRequest): Promise<string> {
  const file = path.resolve(planPath);
  const read = await readPlan(file);
  const root = path.resolve(folder ?? path.join(path.dirname(file), TUNES_FOLDER, createRunId()));
  const plan = movedPlan({ ...read, compute: { ...read.compute, backend: backend ?? read.compute.backend } }, path.dirname(file), tuneFiles.plans(root));
  const state: TuneState = {
    format: TUNE_FORMAT,
    createdAt: new Date().toISOString(),
    planPath: file,
    plan,
    settings,
    runsFolder: path.resolve(runsFolder ?? tuneFiles.runs(root)),
    threads: 0,
    backend: null,
    rungEpochs: rungEpochs(plan.training.epochs, settings.epochRatios, settings.halving),
    rungs: [],
  };
  if (await isTune(root)) {
    const before = await readTune(root);
    const asked = (each: TuneState): string => JSON.stringify([each.plan, each.settings]);
    if (asked(before) === asked(state)) return root;
    throw new StarsseError('usage', `${root} is a tune of another plan or with other settings`, { hint: 'Give another folder with --out, or go on with that one: starsse tune <folder>.' });
  }
  try {
    await mkdir(tuneFiles.plans(root), { recursive: true });
    await mkdir(state.runsFolder, { recursive: true });
  } catch (error) {
    throw diskError(error, root);
  }
  await replaceJson(tuneFiles.state(root), state);
  return root;
}

export async function isTune(folder: string): Promise<boolean> {
  return await stat(tuneFiles.state(folder)).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** @throws StarsseError file-missing, file-invalid */
export async function readTune(folder: string): Promise<TuneState> {
  const file = tuneFiles.state(folder);
  return parseJson(TuneStateSchema, await text(file, `${folder} is no tune: it has no tune.json`), file);
}

async function readPlan(file: string): Promise<Plan> {
  return parseJson(PlanSchema, await text(file, `There is no plan ${file}`), file, 'plan-invalid');
}

async function text(file: string, missing: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new StarsseError('file-missing', missing, { hint: 'Give the path of a *.starsse.json file, or of the folder of a tune.', cause });
    throw new StarsseError('file-invalid', `${file} cannot be read: ${message}`, { cause });
  }
}
