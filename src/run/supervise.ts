/**
 * A run from where it is to its end: trainers for members whose start is ready, `workers` at a time, then soup, ensemble
 * and table. Holds the run's lock meanwhile. Everything it knows it reads from the folder, so another supervisor can go on.
 */
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { StarsseError } from '../protocol/errors.ts';
import { readyMembers } from '../protocol/members.ts';
import type { Run } from '../protocol/run.ts';
import { readRun, readState, runFiles } from './folder.ts';
import { withLock } from './lock.ts';
import { isTraining, recordCrash, startTrainer, type TrainerEnd } from './member-process.ts';
import { stopRequested } from './requests.ts';
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
  const outcome = await trainMembers(folder, run, lost, log);
  if (outcome !== 'done') return outcome;
  const stop = new AbortController();
  const ticks = setInterval(() => {
    void stopRequested(folder).then((stopping) => {
      if (stopping) stop.abort();
    });
  }, TICK_MS);
  try {
    log('all members are done: soup, ensemble and table');
    await runTask('table', [folder], { signal: AbortSignal.any([stop.signal, lost]), nodePath: process.execPath });
    return 'done';
  } catch (error) {
    if (stop.signal.aborted) return 'stopped';
    throw error;
  } finally {
    clearInterval(ticks);
  }
}

/** Trains every member that can be trained. */
async function trainMembers(folder: string, run: Run, lost: AbortSignal, log: (line: string) => void): Promise<Outcome> {
  const running = new Map<string, Promise<void>>();
  const ends = new Map<string, TrainerEnd>();
  const crashes = new Map<string, number>();

  const start = async (member: string): Promise<void> => {
    const trainer = await startTrainer(folder, member);
    log(`${member}: process ${trainer.pid} started`);
    const ended = trainer.ended.catch((error: unknown) => ({ end: 'crashed' as const, how: String(error) }));
    running.set(member, ended.then(async ({ end, how }) => {
      log(`${member}: ${end} (${how})`);
      const verdict = end === 'crashed' ? await afterCrash(member, how) : end;
      if (verdict !== 'again') ends.set(member, verdict);
      running.delete(member);
    }));
  };
  const afterCrash = async (member: string, how: string): Promise<'again' | 'failed'> => {
    const count = (crashes.get(member) ?? 0) + 1;
    crashes.set(member, count);
    if (count <= RESTARTS || (await isTraining(folder, member))) return 'again';
    await recordCrash(folder, member, how);
    return 'failed';
  };

  for (;;) {
    if (lost.aborted) throw StarsseError.from(lost.reason);
    const stopping = await stopRequested(folder);
    // Before the disk is read: whoever ended before has left everything there.
    const idle = running.size === 0;
    const { done, adopted } = await membersOnDisk(folder, run, running);
    const waiting = readyMembers(run.members, done).filter(({ name }) => !running.has(name) && !adopted.includes(name) && !ends.has(name));
    if (idle && adopted.length === 0 && (stopping || waiting.length === 0)) {
      if (done.length === run.members.length) return 'done';
      return stopping || [...ends.values()].includes('stopped') ? 'stopped' : 'failed';
    }
    const free = stopping ? 0 : Math.max(0, run.workers - running.size - adopted.length);
    for (const { name } of waiting.slice(0, free)) await start(name);
    await Promise.race([wait(TICK_MS), ...running.values()]);
  }
}

/** Which members are done, and which are in the hands of a trainer that outlived its supervisor. */
async function membersOnDisk(folder: string, run: Run, running: ReadonlyMap<string, unknown>): Promise<{ done: string[]; adopted: string[] }> {
  const done: string[] = [];
  const adopted: string[] = [];
  for (const { name } of run.members) {
    if (running.has(name)) continue;
    if (await isTraining(folder, name)) adopted.push(name);
    else if ((await readState(folder, name)).status === 'done') done.push(name);
  }
  return { done, adopted };
}

/** A trainer that was killed as its very last act leaves what nobody needs any more. */
async function removeLeftResumes(folder: string, run: Run): Promise<void> {
  for (const { name } of run.members) {
    if ((await readState(folder, name)).status === 'done') await rm(runFiles.resume(folder, name), { force: true });
  }
}
