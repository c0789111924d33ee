/**
 * `train <run> <member>`: the work of one trainer. After its member it goes on with others that wait and take as many threads, so
 * that the back end, the data and the graphs of the network are there already. Each is its own as long as the trainer holds its
 * lock, which is taken before the one of the member before is given back. A trainer in which a member failed ends.
 */
import { appendFileSync } from 'node:fs';
import { format } from 'node:util';
import { scalar } from '@tensorflow/tfjs-core';
import { StarsseError } from '../../protocol/errors.ts';
import { canBeStartedFrom, readyMembers } from '../../protocol/members.ts';
import type { Member, Run } from '../../protocol/run.ts';
import { threadsOf } from '../../protocol/shares.ts';
import { readRun, readState, runFiles } from '../folder.ts';
import { holdLock, lockHolder, type HeldLock } from '../lock.ts';
import { isLive } from '../processes.ts';
import { getReady, isReady } from './get-ready.ts';
import { trainInRun, type Bench, type ShouldStop } from './train-member.ts';

/** Ids of tensors are 32-bit: a trainer that has made half of them takes no further member. */
const MOST_TENSORS = 2 ** 30;

interface Claim {
  member: string;
  lock: HeldLock;
}

/**
 * @returns `stopped` when it was told to in the middle of a member
 * @throws StarsseError run-busy while another trainer has the member and no other waits; what went wrong with a member
 */
export async function work(folder: string, first: string, shouldStop: ShouldStop): Promise<'done' | 'stopped'> {
  const run = await readRun(folder);
  const bench: Bench = { folder, threads: threadsOf(run, first) };
  // Without a supervisor nobody will train what it starts from: the member itself says so.
  const early = !(await isReady(folder, memberOf(run, first))) && (await lockHolder(runFiles.supervisor(folder))) !== null;
  if (early && !(await getReady(bench, run, memberOf(run, first), shouldStop))) return 'done';
  let claim: Claim | null = await firstClaim(bench, run, first, early);
  while (claim !== null) {
    const { member, lock }: Claim = claim;
    if (member !== first) speakIn(runFiles.log(folder, member), `goes on in process ${process.pid}, whose own last words would be in the log of ${first}`);
    try {
      // Its rate may have been lowered since the run was made.
      const now = await readRun(folder);
      if ((await trainInRun(bench, now, memberOf(now, member), shouldStop)) === 'stopped') return 'stopped';
      // What a card has room for is counted by trainers' own members.
      claim = shouldStop() || isWorn() || run.cards !== undefined ? null : await claimNext(bench);
    } finally {
      await lock.release();
    }
  }
  return 'done';
}

function isWorn(): boolean {
  const newest = scalar(0);
  try {
    return newest.id > MOST_TENSORS;
  } finally {
    newest.dispose();
  }
}

/**
 * Its first member, or another that waits when a trainer which came to its end a moment ago has gone on with it; null when that is done already.
 * @param early it was started before its member could be trained: others may well have that by now
 */
async function firstClaim(bench: Bench, run: Run, first: string, early: boolean): Promise<Claim | null> {
  try {
    const claim = await claimed(bench.folder, run, first);
    if ((await readState(bench.folder, first)).status !== 'done') return claim;
    await claim.lock.release();
  } catch (error) {
    if (StarsseError.from(error).code !== 'run-busy') throw error;
    const other = await claimNext(bench);
    if (other === null && !early) throw error;
    return other;
  }
  return await claimNext(bench);
}

/** A member that waits for a trainer of so many threads, or null. */
async function claimNext({ folder, threads }: Bench): Promise<Claim | null> {
  const run = await readRun(folder);
  const states = await Promise.all(run.members.map(async ({ name }) => ({ name, state: await readState(folder, name) })));
  const starts = states.filter(({ state }) => canBeStartedFrom(state)).map(({ name }) => name);
  const done = states.filter(({ state }) => state.status === 'done').map(({ name }) => name);
  for (const { name } of readyMembers(run.members, done, starts)) {
    if (threadsOf(run, name) !== threads || !(await isWaiting(folder, name))) continue;
    const claim = await claimed(folder, run, name).catch((error: unknown) => {
      if (StarsseError.from(error).code === 'run-busy') return null;
      throw error;
    });
    if (claim === null) continue;
    // Another may have had it between our look and our lock.
    if (await isWaiting(folder, name, 'mine')) return claim;
    await claim.lock.release();
  }
  return null;
}

/** Was it never begun, or did its trainer die? One that was stopped waits for whoever stopped it. */
async function isWaiting(folder: string, name: string, lock: 'free' | 'mine' = 'free'): Promise<boolean> {
  if (lock === 'free' && (await lockHolder(runFiles.trainer(folder, name))) !== null) return false;
  const state = await readState(folder, name);
  return state.status === 'queued' || (state.status === 'running' && !isLive(state));
}

async function claimed(folder: string, { id }: Run, member: string): Promise<Claim> {
  const lock = await holdLock(runFiles.trainer(folder, member), `${member} of ${id}`);
  lock.lost.addEventListener('abort', () => {
    console.error(`another trainer has ${member} now`);
    process.exit(1);
  });
  return { member, lock };
}

/** @throws StarsseError usage */
function memberOf({ id, members }: Run, name: string): Member {
  const member = members.find((each) => each.name === name);
  if (member === undefined) throw new StarsseError('usage', `The run ${id} has no ${name}`, { hint: `It has ${members.map((each) => each.name).join(', ')}.` });
  return member;
}

/** From now on the words of this process go to that file. */
function speakIn(file: string, greeting: string): void {
  const write = (...words: unknown[]): void => appendFileSync(file, `${format(...words)}\n`);
  console.log = console.info = console.warn = console.error = write;
  write(greeting);
}
