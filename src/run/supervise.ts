/**
 * A run from where it is to its end: trainers for members whose start is ready, `workers` at a time, then soup, ensemble
 * and table of those that did not fail. Holds the run's lock meanwhile. Everything it knows it reads from the folder, so
 * another supervisor can go on, and a failed member that is put back to the queue is trained once more.
 */
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { StarsseError } from '../protocol/errors.ts';
import { failedStart, readyMembers } from '../protocol/members.ts';
import type { Run } from '../protocol/run.ts';
import { CardPlaces } from './card-places.ts';
import { readRun, readState, runFiles } from './folder.ts';
import { withLock } from './lock.ts';
import { isTraining, recordCrash, startTrainer } from './member-process.ts';
import { failWithStart } from './queue.ts';
import { stopRequested } from './requests.ts';
import { retryByItself } from './retry.ts';
import { runTask } from './tasks.ts';
import { replaceJson } from './write.ts';

const TICK_MS = 300;
/** A trainer that dies without a word is started again this often. It goes on from where it saved. */
const RESTARTS = 2;

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
  for (;;) {
    const trained = await trainMembers(folder, run, lost, log);
    if (trained !== 'done') return trained;
    const tabled = await makeTable(folder, lost, log);
    const { done, failed } = await membersOnDisk(folder, run, new Map());
    // Somebody may have put a member back to the queue meanwhile.
    if (tabled !== 'done' || done.length + failed.length === run.members.length) return tabled;
  }
}

async function makeTable(folder: string, lost: AbortSignal, log: (line: string) => void): Promise<Outcome> {
  const stop = new AbortController();
  const ticks = setInterval(() => {
    void stopRequested(folder).then((stopping) => {
      if (stopping) stop.abort();
    });
  }, TICK_MS);
  try {
    log('members are trained: soup, ensemble and table');
    await runTask('table', [folder], { signal: AbortSignal.any([stop.signal, lost]), nodePath: process.execPath });
    return 'done';
  } catch (error) {
    if (stop.signal.aborted) return 'stopped';
    throw error;
  } finally {
    clearInterval(ticks);
  }
}

/** Trains every member that can be trained. `done` when at least one is and all others failed. */
async function trainMembers(folder: string, run: Run, lost: AbortSignal, log: (line: string) => void): Promise<Outcome> {
  const running = new Map<string, Promise<void>>();
  const stopped = new Set<string>();
  const crashes = new Map<string, number>();
  const places = new CardPlaces(folder, run);
  for (const note of places.notes) log(note);

  const start = async (member: string, env: Record<string, string>): Promise<void> => {
    const trainer = await startTrainer(folder, member, env);
    log(`${member}: process ${trainer.pid} started`);
    const ended = trainer.ended.catch((error: unknown) => ({ end: 'crashed' as const, how: String(error) }));
    running.set(member, ended.then(async ({ end, how }) => {
      log(`${member}: ${end} (${how})`);
      if (end === 'stopped') stopped.add(member);
      if (end === 'crashed') await afterCrash(member, how);
      running.delete(member);
    }));
  };
  const afterCrash = async (member: string, how: string): Promise<void> => {
    const count = (crashes.get(member) ?? 0) + 1;
    crashes.set(member, count);
    if (count <= RESTARTS || (await isTraining(folder, member))) return;
    crashes.delete(member);
    await recordCrash(folder, member, how);
  };

  for (;;) {
    if (lost.aborted) throw StarsseError.from(lost.reason);
    const stopping = await stopRequested(folder);
    // Before the disk is read: whoever ended before has left everything there.
    const idle = running.size === 0;
    const { done, failed: asOnDisk, adopted } = await membersOnDisk(folder, run, running);
    const failed = await withoutRetried(folder, asOnDisk, log);
    failed.push(...(await failWhatCannotStart(folder, run, failed)));
    const waiting = readyMembers(run.members, done).filter(({ name }) => ![...running.keys(), ...adopted, ...stopped, ...failed].includes(name));
    if (idle && adopted.length === 0 && (stopping || waiting.length === 0)) {
      if (done.length + failed.length === run.members.length) return done.length > 0 ? 'done' : 'failed';
      return stopping || stopped.size > 0 ? 'stopped' : 'failed';
    }
    const free = stopping ? 0 : Math.max(0, run.workers - running.size - adopted.length);
    for (const { name } of waiting.slice(0, free)) {
      const env = await places.give(name, [...running.keys(), ...adopted]);
      if (env === null) break;
      await start(name, env);
    }
    await Promise.race([wait(TICK_MS), ...running.values()]);
  }
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

/** Which members are done or have failed, and which are in the hands of a trainer that outlived its supervisor. */
async function membersOnDisk(folder: string, run: Run, running: ReadonlyMap<string, unknown>): Promise<{ done: string[]; failed: string[]; adopted: string[] }> {
  const [done, failed, adopted]: string[][] = [[], [], []];
  for (const { name } of run.members) {
    if (running.has(name)) continue;
    const { status } = (await isTraining(folder, name)) ? { status: 'training' } : await readState(folder, name);
    if (status === 'training') adopted.push(name);
    else if (status === 'done') done.push(name);
    else if (status === 'failed') failed.push(name);
  }
  return { done, failed, adopted };
}

/** A trainer that was killed as its very last act leaves what nobody needs any more. */
async function removeLeftResumes(folder: string, run: Run): Promise<void> {
  for (const { name } of run.members) {
    if ((await readState(folder, name)).status === 'done') await rm(runFiles.resume(folder, name), { force: true });
  }
}
