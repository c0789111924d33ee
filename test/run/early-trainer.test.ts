/** Trainers of arms get ready while what they start from is still being trained. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { readState, runFiles } from '../../src/run/folder.ts';
import { isAlive } from '../../src/run/processes.ts';
import { requestStop } from '../../src/run/requests.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { startSupervisor } from '../../src/run/tasks.ts';
import { createRun, kill, runToEnd, snapshotDigests, tinyPlanFile, untilGone, untilOver } from './real-run.ts';

/** Member 1 takes some heartbeats, its arms an epoch each. */
function starPlan(t: TestContext): string {
  return tinyPlanFile(t, { method: { kind: 'starsse', members: 3, cycle: { epochRatio: 0.003 } }, training: { epochs: 400, batchSize: 16, optimizer: { learningRate: 0.05 } } });
}

/** When trainers were started and their processes, by the member that each began with. */
function started(folder: string): Record<string, { at: number; pid: number }> {
  const lines = readFileSync(runFiles.supervisorLog(folder), 'utf8').matchAll(/^(\S+) (member-\d): process (\d+) started$/gm);
  return Object.fromEntries([...lines].map(([, at, name, pid]) => [name, { at: Date.parse(at), pid: Number(pid) }]));
}

/** Until an arm has a trainer, which waits. @returns its process */
async function untilEarly(folder: string): Promise<number> {
  await startSupervisor(folder);
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await wait(20)) {
    const arm = started(folder)['member-2'];
    if (arm === undefined) continue;
    assert.equal((await readState(folder, 'member-1')).trainedAt ?? null, null);
    return arm.pid;
  }
  return assert.fail('no arm had a trainer');
}

test('an arm has its trainer before member 1 is trained, and the weights are those of a run without', async (t) => {
  const plan = starPlan(t);
  const [serial, parallel] = [await createRun(plan, { workers: 1 }), await createRun(plan, { workers: 2 })];
  await runToEnd(serial);
  assert.deepEqual(Object.keys(started(serial)), ['member-1']);
  const pid = await untilEarly(parallel);
  assert.equal((await untilOver(parallel)).status, 'done');
  assert.deepEqual(Object.keys(started(parallel)), ['member-1', 'member-2'], 'the trainer of member 1 goes on with an arm as well');
  const [first, ...arms] = await Promise.all(['member-1', 'member-2', 'member-3'].map(async (name) => (await readState(parallel, name)).pid));
  assert.deepEqual(new Set(arms), new Set([first, pid]));
  assert.deepEqual(await snapshotDigests(parallel), await snapshotDigests(serial));
});

test('a trainer that waits ends with a stop, and when what it waits for fails', async (t) => {
  const folder = await createRun(starPlan(t), { workers: 2 });
  const pid = await untilEarly(folder);
  await requestStop(folder);
  const stopped = await untilOver(folder);
  assert.deepEqual([stopped.status, ...stopped.members.map(({ state }) => state.status)], ['stopped', 'stopped', 'queued', 'queued']);
  await untilGone(pid);
  await resumeRun(folder);
  let killed = 0;
  let last: number | null = null;
  for (const deadline = Date.now() + 60_000; (await readState(folder, 'member-1')).status !== 'failed'; await wait(20)) {
    assert.ok(Date.now() < deadline, `member 1 lives after ${killed} kills`);
    const { status, pid: trainer } = await readState(folder, 'member-1');
    if (status !== 'running' || trainer === null || trainer === last || !isAlive(trainer) || (killed === 0 && Date.now() < started(folder)['member-2'].at)) continue;
    kill(trainer);
    last = trainer;
    killed += 1;
  }
  const { status, members } = await untilOver(folder);
  assert.deepEqual([status, killed, ...members.map(({ state }) => state.error?.code)], ['failed', 3, 'process-died', 'start-failed', 'start-failed']);
});
