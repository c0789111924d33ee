import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { PlanInput } from '../../src/protocol/plan.ts';
import type { State } from '../../src/protocol/run.ts';
import { readRun, readState, runFiles } from '../../src/run/folder.ts';
import { holdLock } from '../../src/run/lock.ts';
import { HOST, TRAINING_PRIORITY } from '../../src/run/processes.ts';
import { requestStop } from '../../src/run/requests.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { startSupervisor } from '../../src/run/tasks.ts';
import { othersShare } from '../../src/run/trainer/other-load.ts';
import { replaceJson } from '../../src/run/write.ts';
import { createRun, kill, runToEnd, snapshotDigests, tinyPlanFile, untilGone, untilOver, untilStep, untilView } from './real-run.ts';

const TWO: Partial<PlanInput> = { model: { network: 'resnet-8' }, method: { kind: 'local-de', members: 2 }, training: { epochs: 12, batchSize: 16, optimizer: { learningRate: 0.05 } } };

const one = { workers: 1 };
const pids = async (folder: string, ...members: string[]): Promise<(number | null)[]> => await Promise.all(members.map(async (name) => (await readState(folder, name)).pid));

/** A run whose only trainer is in the middle of its second member, and the digests of one that nobody disturbed. */
async function inTheSecond(t: TestContext): Promise<{ folder: string; digests: Record<string, string> }> {
  const plan = tinyPlanFile(t, TWO);
  const undisturbed = await createRun(plan, one);
  await runToEnd(undisturbed);
  const folder = await createRun(plan, one);
  await startSupervisor(folder);
  await untilStep(folder, 'member-2', 3);
  const [first, second] = await pids(folder, 'member-1', 'member-2');
  assert.equal(second, first, 'one process trains both');
  assert.ok(getPriority(second!) >= TRAINING_PRIORITY, 'the editor goes first');
  return { folder, digests: await snapshotDigests(undisturbed) };
}

test('a trainer that is killed in the middle of its second member is started again, and the weights are the same', async (t) => {
  const { folder, digests } = await inTheSecond(t);
  const [before] = await pids(folder, 'member-2');
  kill(before);
  await untilGone(before ?? 0);
  const view = await untilOver(folder);
  assert.equal(view.status, 'done', JSON.stringify(view.error));
  assert.notEqual(view.members[1].state.pid, before);
  assert.equal(view.members[0].state.pid, before, 'the first member was not trained again');
  assert.deepEqual(await snapshotDigests(folder), digests);
  assert.match(readFileSync(runFiles.log(folder, 'member-2'), 'utf8'), /^goes on in process \d+, whose own last words would be in the log of member-1\nmember-2 on wasm/);
});

test('a stop in the middle of the second member saves it, and a resume goes on with it', async (t) => {
  const { folder, digests } = await inTheSecond(t);
  await requestStop(folder);
  const stopped = await untilOver(folder);
  assert.deepEqual([stopped.status, ...stopped.members.map(({ state }) => state.status)], ['stopped', 'done', 'stopped']);
  await resumeRun(folder);
  assert.equal((await untilOver(folder)).status, 'done');
  assert.deepEqual(await snapshotDigests(folder), digests);
});

test('a member that fails ends its trainer, and another goes on with the next', async (t) => {
  const folder = await createRun(tinyPlanFile(t, { method: { kind: 'local-de', members: 3 } }), one);
  const run = await readRun(folder);
  await replaceJson(runFiles.run(folder), { ...run, members: run.members.map((member) => (member.name === 'member-2' ? { ...member, learningRate: 1e9 } : member)) });
  await startSupervisor(folder);
  const view = await untilOver(folder);
  assert.deepEqual(view.members.map(({ state }) => state.status), ['done', 'failed', 'done']);
  assert.equal(view.members[1].state.error?.code, 'diverged');
  const [first, second, third] = await pids(folder, 'member-1', 'member-2', 'member-3');
  assert.equal(second, first);
  assert.notEqual(third, second);
});

test('arms train, and the soup is made, while test predictions of member 1 are still missing; the soup is there when they are', async (t) => {
  const plan = tinyPlanFile(t);
  const undisturbed = await createRun(plan, { workers: 2 });
  await runToEnd(undisturbed);
  const folder = await createRun(plan, { workers: 2 });
  // Member 1 as it is between its snapshot and its test predictions, in the hands of this process.
  const lock = await holdLock(runFiles.trainer(folder, 'member-1'), 'member-1');
  const done = await readState(undisturbed, 'member-1');
  assert.ok(done.trainedAt !== null && done.trainedAt !== undefined && done.finishedAt !== null && done.trainedAt <= done.finishedAt);
  const state: State = { ...done, status: 'running', pid: process.pid, host: HOST, finishedAt: null, heartbeatAt: new Date().toISOString() };
  copyFileSync(runFiles.snapshot(undisturbed, 'member-1'), runFiles.snapshot(folder, 'member-1'));
  copyFileSync(runFiles.predictions(undisturbed, 'member-1', 'validation'), runFiles.predictions(folder, 'member-1', 'validation'));
  await replaceJson(runFiles.state(folder, 'member-1'), state);
  await startSupervisor(folder);
  const { members } = await untilView(folder, (view) => view.members.slice(1).every((arm) => arm.state.status === 'done'), 'the end of the arms');
  assert.equal(members[1].state.pid, members[2].state.pid, 'the trainer of member 1 has one of the two places');
  const soup = runFiles.predictions(folder, 'soup-uniform-1', 'test');
  for (const deadline = Date.now() + 60_000; !existsSync(soup); await wait(30)) assert.ok(Date.now() < deadline, 'the soup did not begin');
  assert.equal(existsSync(runFiles.snapshot(folder, 'soup-uniform-1')), false, 'it is no soup of the run before all its parents are done');
  copyFileSync(runFiles.predictions(undisturbed, 'member-1', 'test'), runFiles.predictions(folder, 'member-1', 'test'));
  await replaceJson(runFiles.state(folder, 'member-1'), { ...done, pid: process.pid });
  await lock.release();
  const view = await untilOver(folder);
  assert.equal(view.status, 'done', JSON.stringify(view.error));
  assert.deepEqual(await snapshotDigests(folder), await snapshotDigests(undisturbed));
});

test('what others used of the machine is what neither this trainer nor its like used', () => {
  const start = { atMs: 0, busyMs: 0, ownMs: 0 };
  assert.equal(othersShare(start, { atMs: 1000, busyMs: 1900, ownMs: 950 }, 2, 2), 0);
  assert.equal(othersShare(start, { atMs: 1000, busyMs: 2000, ownMs: 500 }, 2, 2), 0.5);
  assert.equal(othersShare(start, { atMs: 1000, busyMs: 900, ownMs: 1000 }, 2, 1), 0);
});
