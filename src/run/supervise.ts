/**
 * A run from where it is to its end: trainers for members whose start is ready, `workers` at a time, then soup, ensemble
 * and table of those that did not fail, begun while the last predictions are made. Holds the run's lock meanwhile. Everything it knows it reads from the folder, so
 * another supervisor can go on, and a failed member that is put back to the queue is trained once more.
 */
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { StarsseError } from '../protocol/errors.ts';
import { canBeStartedFrom, failedStart, readyMembers } from '../protocol/members.ts';
import type { Run, State } from '../protocol/run.ts';
import { threadsOf } from '../protocol/shares.ts';
import { CardPlaces } from './card-places.ts';
import { readRun, readState, runFiles } from './folder.ts';
import { withLock } from './lock.ts';
import { trainerOf } from './member-process.ts';
import { failWithStart } from './queue.ts';
import { stopRequested } from './requests.ts';
import { retryByItself } from './retry.ts';
import { TableMaking } from './table-making.ts';
import { Trainers } from './trainers.ts';
import { replaceJson } from './write.ts';

const TICK_MS = 200;
/** As long as a trainer may take to get ready. Until then the memory is all of those at work. */
const SOON_MS = 20_000;

export type Outcome = 'done' | 'stopped' | 'failed';

/** @throws StarsseError run-busy while another supervisor works on the run; file-invalid. Other errors are written to error.json. */
export async function supervise(folder: string, log: (line: string) => void): Promise<Outcome> {
  const run = await readRun(folder);
  return await withLock(runFiles.supervisor(folder), `The run ${run.id}`, async (lost) => {
    try {
      await rm(runFiles.error(folder), { force: true });
      await removeLeftResumes(folder, run);
      return await toTheEnd(folder, run, lost, log);
    } catch (error) {
      if (!lost.aborted) await replaceJson(runFiles.error(folder), StarsseError.from(error).toJSON());
      throw error;
    }
  });
}

async function toTheEnd(folder: string, run: Run, lost: AbortSignal, log: (line: string) => void): Promise<Outcome> {
  if (run.shareReason !== undefined) log(run.shareReason);
  for (;;) {
    const table = new TableMaking(folder, lost, log);
    const trained = await trainMembers(folder, run, lost, log, () => table.begin()).catch(async (error: unknown) => {
      await table.cancel();
      throw error;
    });
    if (trained !== 'done') {
      await table.cancel();
      return trained;
    }
    table.begin();
    const tabled = await table.end();
    const { done, failed } = await membersOnDisk(folder, run);
    // Somebody may have put a member back to the queue meanwhile.
    if (tabled !== 'done' || done.length + failed.length === run.members.length) return tabled;
  }
}

/**
 * Trains every member that can be trained. `done` when at least one is and all others failed.
 * @param onTrained called, maybe again and again, while every member that did not fail has its snapshot and predictions are still made
 */
async function trainMembers(folder: string, run: Run, lost: AbortSignal, log: (line: string) => void, onTrained: () => void): Promise<Outcome> {
  const trainers = new Trainers(folder, run, log);
  const places = new CardPlaces(folder, run);
  for (const note of places.notes) log(note);
  for (;;) {
    if (lost.aborted) throw StarsseError.from(lost.reason);
    const stopping = await stopRequested(folder);
    // Before the disk is read: whoever ended before has left everything there.
    const idle = trainers.size === 0;
    const found = await membersOnDisk(folder, run);
    const { done, trained, held } = found;
    const failed = await withoutRetried(folder, found.failed, log);
    failed.push(...(await failWhatCannotStart(folder, run, failed)));
    const taken = [...trainers.firsts, ...held.keys(), ...trainers.stopped, ...failed];
    const waiting = readyMembers(run.members, done, trained).filter(({ name }) => !taken.includes(name));
    if (idle && held.size === 0 && (stopping || waiting.length === 0)) {
      if (done.length + failed.length === run.members.length) return done.length > 0 ? 'done' : 'failed';
      return stopping || trainers.stopped.size > 0 ? 'stopped' : 'failed';
    }
    if (!stopping && !found.onGpu && trained.length > 1 && trained.length + failed.length === run.members.length) onTrained();
    const adopted = [...held].filter(([, pid]) => !trainers.pids.includes(pid));
    const ending = [...held].filter(([name]) => trained.includes(name) && !found.onGpu && !goesOn(run, name, waiting));
    const early = trainers.firsts.filter((name) => isWaitingForStart(run, name, found));
    const atWork = trainers.size + new Set(adopted.map(([, pid]) => pid)).size - new Set(ending.map(([, pid]) => pid)).size - early.length;
    for (const { name } of stopping ? [] : waiting.slice(0, Math.max(0, run.workers - atWork))) {
      const env = await places.give(name, [...trainers.firsts, ...adopted.map(([member]) => member)]);
      if (env === null) break;
      await trainers.start(name, env);
    }
    for (const name of stopping ? [] : startedEarly(run, found, taken, early.length)) await trainers.start(name, {});
    await Promise.race([wait(TICK_MS), ...(trainers.size === 0 ? [] : [trainers.nextEnd])]);
  }
}

/** Will the trainer of a member take one of those that wait, once it has made its predictions? */
function goesOn(run: Run, name: string, waiting: readonly { name: string }[]): boolean {
  return waiting.some((member) => threadsOf(run, member.name) === threadsOf(run, name));
}

/** Failed members but those that the run tries once more by itself. */
async function withoutRetried(folder: string, failed: readonly string[], log: (line: string) => void): Promise<string[]> {
  const left: string[] = [];
  for (const name of failed) {
    if (await retryByItself(folder, name)) log(`${name}: once more, at a lower learning rate`);
    else left.push(name);
  }
  return left;
}

/** @returns members that fail now, since the one they start from did */
async function failWhatCannotStart(folder: string, run: Run, failed: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const member of run.members) {
    const start = failedStart(run.members, failed, member);
    if (start === null || failed.includes(member.name)) continue;
    await failWithStart(folder, member, start);
    names.push(member.name);
  }
  return names;
}

/** Is the member that it starts from still being trained? */
function isWaitingForStart({ members }: Run, name: string, { trained, held }: OnDisk): boolean {
  const startsFrom = members.find((member) => member.name === name)?.startsFrom ?? 'pretrained';
  return startsFrom !== 'pretrained' && !trained.includes(startsFrom) && !held.has(name);
}

/**
 * Members whose trainers get ready now, since what they start from is soon trained: for the places that are free then. On a GPU there is no room
 * beside the one at work.
 */
function startedEarly(run: Run, { held, soon, onGpu }: OnDisk, taken: readonly string[], early: number): string[] {
  if (onGpu) return [];
  const next = run.members.filter(({ name, startsFrom }) => soon.includes(startsFrom) && !taken.includes(name));
  const staying = [...held].filter(([name]) => !soon.includes(name) || goesOn(run, name, next));
  return next.slice(0, Math.max(0, run.workers - new Set(staying.map(([, pid]) => pid)).size - early)).map(({ name }) => name);
}

interface OnDisk {
  done: string[];
  failed: string[];
  /** Others can start from these. */
  trained: string[];
  /** Others can start from these in less than SOON_MS. */
  soon: string[];
  /** Those that a trainer works on, whoever started it: its process. */
  held: Map<string, number>;
  onGpu: boolean;
}

async function membersOnDisk(folder: string, run: Run): Promise<OnDisk> {
  const found: OnDisk = { done: [], failed: [], trained: [], soon: [], held: new Map(), onGpu: false };
  const all = await Promise.all(
    run.members.map(async ({ name }) => {
      // First: whoever is gone then has left everything in the state.
      const pid = await trainerOf(folder, name);
      return { name, pid, state: await readState(folder, name) };
    }),
  );
  for (const { name, pid, state } of all) {
    if (canBeStartedFrom(state)) found.trained.push(name);
    else if (pid !== null && msLeft(state) < SOON_MS) found.soon.push(name);
    if (state.device?.kind === 'gpu') found.onGpu = true;
    if (pid !== null) found.held.set(name, pid);
    else if (state.status === 'done') found.done.push(name);
    else if (state.status === 'failed') found.failed.push(name);
  }
  return found;
}

/** Of a training, by the steps of it that were taken. */
function msLeft({ step, steps, trainedMs }: State): number {
  return step === 0 ? Infinity : (trainedMs / step) * (steps - step);
}

/** A trainer that was killed as its very last act leaves what nobody needs any more. */
async function removeLeftResumes(folder: string, run: Run): Promise<void> {
  for (const { name } of run.members) {
    if ((await readState(folder, name)).status === 'done') await rm(runFiles.resume(folder, name), { force: true });
  }
}
