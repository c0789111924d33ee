/** Failed members once more, at a lower learning rate. */
import { StarsseError } from '../protocol/errors.ts';
import { failedStart } from '../protocol/members.ts';
import type { Member, Run } from '../protocol/run.ts';
import { readRun, readState, runFiles } from './folder.ts';
import { lockHolder, withLock } from './lock.ts';
import { queueAgain } from './queue.ts';
import { withdrawStop } from './requests.ts';
import { startSupervisor, type TaskOptions } from './tasks.ts';
import { replaceJson } from './write.ts';

export const LR_RATIO = 0.5;
const WAIT_MS = 10_000;

/**
 * Puts failed members back to the queue at a share of their learning rate, and those that could not be trained because of
 * them as they were; then the run goes on, by the supervisor that is at work or by a new one. What was tried is kept in
 * `retries` of the member in run.json.
 * @param names which; null = all that failed by themselves
 * @param lrRatio 0..1 without 0. With 1 a member goes on from where it saved last; below, it starts anew.
 * @returns the members that are trained at another rate, and a note about the Node that trains
 * @throws StarsseError usage when a member has not failed; run-busy while its trainer is at work
 */
export async function retryMembers(folder: string, names: string[] | null, lrRatio = LR_RATIO, options: Pick<TaskOptions, 'nodePath'> = {}): Promise<{ retried: string[]; note: string | null }> {
  if (!(lrRatio > 0 && lrRatio <= 1)) throw new StarsseError('usage', `a learning rate of ${lrRatio} times the last one is no retry`, { hint: 'Give a ratio above 0, at most 1.' });
  const run = await readRun(folder);
  const errors = await failures(folder, run);
  const retried = names ?? [...errors].filter(([, { code }]) => code !== 'start-failed').map(([name]) => name);
  refuseOthers(run, retried, errors);
  const dependents = run.members.filter((member) => errors.get(member.name)?.code === 'start-failed' && failedStart(run.members, retried, member) !== null);
  if (lrRatio < 1) await lowerRates(folder, retried, lrRatio);
  for (const name of retried) await queueAgain(folder, name, lrRatio < 1 ? 'start' : 'saved');
  for (const { name } of dependents) await queueAgain(folder, name, 'start');
  await withdrawStop(folder);
  const supervised = (await lockHolder(runFiles.supervisor(folder))) !== null;
  return { retried, note: supervised ? null : (await startSupervisor(folder, options)).note };
}

/** What the supervisor does when it finds a failed member: true when the plan of the run is to try once more, and it is in the queue again. */
export async function retryByItself(folder: string, name: string): Promise<boolean> {
  const { retry, members } = await readRun(folder);
  const tried = members.find((member) => member.name === name)?.retries.length ?? 0;
  if (tried >= retry.times || (await readState(folder, name)).error?.code !== 'diverged') return false;
  await lowerRates(folder, [name], retry.lrRatio);
  await queueAgain(folder, name, 'start');
  return true;
}

/** Rewrites run.json: every rate of these members is multiplied, and what was tried is added to their history. */
async function lowerRates(folder: string, names: string[], ratio: number): Promise<void> {
  const lower = async (): Promise<void> => {
    const run = await readRun(folder);
    const members = await Promise.all(
      run.members.map(async (member) => (names.includes(member.name) ? lowered(member, ratio, (await readState(folder, member.name)).error?.message ?? '') : member)),
    );
    await replaceJson(runFiles.run(folder), { ...run, members });
  };
  await withLock(runFiles.runLock(folder), `run.json of ${folder}`, lower, WAIT_MS);
}

function lowered(member: Member, ratio: number, reason: string): Member {
  const { learningRate, warmupLearningRate, probe, swa, retries } = member;
  return {
    ...member,
    learningRate: ratio * learningRate,
    warmupLearningRate: ratio * warmupLearningRate,
    probe: probe === null ? null : { ...probe, learningRate: ratio * probe.learningRate },
    swa: swa === null || swa.learningRate === null ? swa : { ...swa, learningRate: ratio * swa.learningRate },
    retries: [...retries, { learningRate, reason }],
  };
}

/** Errors of the members that failed, in the order of the run. */
async function failures(folder: string, run: Run): Promise<Map<string, { code: string; message: string }>> {
  const states = await Promise.all(run.members.map(async ({ name }) => ({ name, state: await readState(folder, name) })));
  return new Map(states.filter(({ state }) => state.status === 'failed').map(({ name, state }) => [name, state.error ?? { code: 'internal', message: '' }]));
}

function refuseOthers({ id, members }: Run, names: string[], errors: ReadonlyMap<string, { code: string }>): void {
  if (names.length === 0) throw new StarsseError('usage', `No member of the run ${id} has failed`, { hint: 'Go on with a stopped run by `starsse resume`.' });
  const unknown = names.filter((name) => !members.some((member) => member.name === name));
  if (unknown.length > 0) throw new StarsseError('usage', `The run ${id} has no ${unknown.join(', ')}`, { hint: `It has ${members.map(({ name }) => name).join(', ')}.` });
  const sound = names.filter((name) => !errors.has(name));
  const failed = errors.size === 0 ? 'none' : [...errors.keys()].join(', ');
  if (sound.length > 0) throw new StarsseError('usage', `not failed in the run ${id}: ${sound.join(', ')}`, { hint: `Failed are: ${failed}.` });
  const blocked = names.filter((name) => errors.get(name)?.code === 'start-failed');
  if (blocked.length > 0) {
    throw new StarsseError('usage', `${blocked.join(', ')} did not fail by itself: what it starts from did`, { hint: 'Retry the member that it starts from.' });
  }
}
