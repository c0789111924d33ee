/** The tuner: rung after rung, run after run; what is done is in tune.json, so that it can be left and taken up at any moment. */
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { StarsseError } from '../../protocol/errors.ts';
import type { RunView } from '../../protocol/run.ts';
import type { Comparison, Rung, TuneState } from '../../protocol/tune.ts';
import { epochsOf } from '../../protocol/schedule.ts';
import { readRun, runFiles } from '../folder.ts';
import { withLock } from '../lock.ts';
import { runTask } from '../tasks.ts';
import { viewRun } from '../view.ts';
import { replaceJson } from '../write.ts';
import { writeComparison } from './comparison-files.ts';
import { runToEnd } from './run-to-end.ts';
import { shareMembers } from './shared-members.ts';
import { readTune, tuneFiles } from './tune-folder.ts';

type Job = Rung['jobs'][number];

export interface TuneEvents {
  /** The jobs of a rung are known. */
  onRung: (state: TuneState, rung: number) => void;
  /** A run moves on. @param number from 1 */
  onLook: (view: RunView, job: Job, number: number, of: number) => void;
  onJobEnd: (view: RunView, job: Job, number: number, of: number) => void;
}

export interface TuneOptions extends TuneEvents {
  /** Stops the run at work, which saves, and then the tuner. */
  signal: AbortSignal;
  nodePath: string | undefined;
}

/**
 * Goes on with a tune from where it stands.
 * @returns the comparison, or null when it was stopped
 * @throws StarsseError run-busy while another tuner has the folder; plan-invalid, data-missing and all else that a run can say
 */
export async function tune(folder: string, options: TuneOptions): Promise<Comparison | null> {
  return await withLock(tuneFiles.lock(folder), `The tune ${folder}`, async (lost) => {
    const signal = AbortSignal.any([options.signal, lost]);
    const state = await readTune(folder);
    for (const index of state.rungEpochs.keys()) {
      const rung = (state.rungs[index] ??= await planRung(folder, state, index, options));
      await replaceJson(tuneFiles.state(folder), state);
      options.onRung(state, index);
      for (const [place, job] of rung.jobs.entries()) {
        if (signal.aborted) return lost.aborted ? fail(lost.reason) : null;
        if (job.run !== null && !(await isRun(path.join(state.runsFolder, job.run)))) Object.assign(job, { run: null, status: 'waiting' });
        if (job.status === 'waiting' && !(await bringToEnd(folder, state, job, place + 1, rung.jobs.length, { ...options, signal }))) return lost.aborted ? fail(lost.reason) : null;
      }
    }
    const comparison = await runTask('tune-compare', [folder], { nodePath: options.nodePath });
    await writeComparison(folder, state, comparison);
    return comparison;
  });
}

/** The jobs of a rung, and for the first the threads that every trainer gets. */
export async function planRung(folder: string, state: TuneState, index: number, { nodePath }: Pick<TuneOptions, 'nodePath'>): Promise<Rung> {
  const { jobs, leftOut, mostAtOnce } = await runTask('tune-jobs', [folder, String(index)], { nodePath });
  if (state.threads === 0) {
    const cores = availableParallelism();
    state.threads = state.plan.compute.threads ?? Math.max(1, Math.floor(cores / Math.min(cores, state.plan.compute.workers ?? mostAtOnce)));
  }
  return { epochs: state.rungEpochs[index], jobs: jobs.map((job) => ({ ...job, run: null, status: 'waiting', reason: null })), leftOut };
}

/** @returns false when it was stopped */
async function bringToEnd(folder: string, state: TuneState, job: Job, number: number, of: number, { signal, nodePath, onLook, onJobEnd }: TuneOptions): Promise<boolean> {
  const save = async (): Promise<void> => await replaceJson(tuneFiles.state(folder), state);
  let runFolder: string;
  try {
    runFolder = await runOf(folder, state, job, signal, nodePath);
  } catch (error) {
    if (signal.aborted && StarsseError.from(error).code === 'cancelled') return false;
    throw error;
  }
  await save();
  const others = state.rungs.flatMap(({ jobs }) => jobs).flatMap((each) => (each.run === null || each === job ? [] : [path.join(state.runsFolder, each.run)]));
  await shareMembers(runFolder, await presentOf(others));
  const end = await runToEnd(runFolder, { signal, nodePath, onLook: (view) => onLook(view, job, number, of) });
  if (end.status === 'stopped') return false;
  job.status = end.status;
  job.reason = end.status === 'failed' ? end.reason : null;
  await save();
  onJobEnd(await viewRun(runFolder), job, number, of);
  return true;
}

/** The job's run, made where it has none. A run that was deleted is made again. */
async function runOf(folder: string, state: TuneState, job: Job, signal: AbortSignal, nodePath: string | undefined): Promise<string> {
  if (job.run !== null) return path.join(state.runsFolder, job.run);
  const planFile = path.join(tuneFiles.plans(folder), `${job.id}.starsse.json`);
  await replaceJson(planFile, job.plan);
  const overrides = { threads: state.threads, ...(state.backend === null ? {} : { backend: state.backend }) };
  const made = await runTask('create', [planFile, state.runsFolder, JSON.stringify(overrides)], { signal, nodePath });
  state.backend ??= (await readRun(made.folder)).plan.compute.backend;
  job.run = made.id;
  return made.folder;
}

async function presentOf(folders: string[]): Promise<string[]> {
  const present = await Promise.all(folders.map(isRun));
  return folders.filter((_, index) => present[index]);
}

async function isRun(folder: string): Promise<boolean> {
  return await stat(runFiles.run(folder)).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** Epochs trained so far and in all, of one run. */
export function epochsDone({ members, stepsPerEpoch }: RunView): { done: number; all: number } {
  const done = members.reduce((sum, { state }) => sum + state.step / stepsPerEpoch, 0);
  return { done, all: members.reduce((sum, { member }) => sum + epochsOf(member), 0) };
}

function fail(reason: unknown): never {
  throw StarsseError.from(reason);
}
