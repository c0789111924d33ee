import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { PlanInput } from '../../src/protocol/plan.ts';
import { runFiles } from '../../src/run/folder.ts';
import { lockHolder } from '../../src/run/lock.ts';
import { programFile, programFlags } from '../../src/run/node-program.ts';
import { requestStop } from '../../src/run/requests.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { exitOf, startSupervisor } from '../../src/run/tasks.ts';
import { viewRun } from '../../src/run/view.ts';
import { createRun, kill, runToEnd, snapshotDigests, tinyPlanFile, untilGone, untilOver, untilStep } from './real-run.ts';

const LONG: Partial<PlanInput> = {
  model: { network: 'resnet-8' },
  method: { kind: 'local-de', members: 1 },
  training: { epochs: 80, batchSize: 16, optimizer: { learningRate: 0.05 } },
};

const program = async (name: 'supervisor' | 'trainer', args: string[]): Promise<{ end: string; stderr: string }> => {
  const child = spawn(process.execPath, [...programFlags(), programFile(name), ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += String(text)));
  return { end: await exitOf(child, name), stderr };
};

test('a second supervisor, and a second trainer of a member, are refused and change nothing', async (t) => {
  const folder = await createRun(tinyPlanFile(t, LONG));
  await startSupervisor(folder);
  await assert.rejects(startSupervisor(folder), { code: 'run-busy' });
  await assert.rejects(resumeRun(folder), { code: 'run-busy' });
  await untilStep(folder, 'member-1', 2);
  const [supervisor, trainer] = await Promise.all([program('supervisor', [folder]), program('trainer', ['train', folder, 'member-1'])]);
  assert.equal(supervisor.end, 'exit code 1');
  assert.match(supervisor.stderr, /run-busy: The run .* is in the hands of process \d+ on /);
  assert.equal(trainer.end, 'exit code 1');
  assert.match(trainer.stderr, /run-busy: member-1 of .* is in the hands of process \d+ on /);
  const view = await untilOver(folder);
  assert.equal(view.status, 'done');
  assert.equal(readFileSync(runFiles.supervisorLog(folder), 'utf8').match(/member-1: process/g)?.length, 1);
});

test('a trainer that outlives its supervisor goes on and is adopted by the next one, not started twice', async (t) => {
  const plan = tinyPlanFile(t, LONG);
  const undisturbed = await createRun(plan);
  await runToEnd(undisturbed);
  const folder = await createRun(plan);
  await startSupervisor(folder);
  await untilStep(folder, 'member-1', 2);
  const before = await viewRun(folder);
  const supervisor = (await lockHolder(runFiles.supervisor(folder)))?.pid;
  kill(supervisor);
  await untilStep(folder, 'member-1', 8);
  // On a busy machine a killed process takes its time to die, and six steps are soon done.
  await untilGone(supervisor ?? 0);
  const later = await viewRun(folder);
  assert.equal(later.status, 'running');
  assert.equal(later.members[0].state.pid, before.members[0].state.pid);
  await resumeRun(folder);
  const view = await untilOver(folder);
  assert.equal(view.status, 'done', JSON.stringify(view.error));
  assert.equal(view.members[0].state.pid, before.members[0].state.pid, 'the same trainer to its end');
  assert.deepEqual(await snapshotDigests(folder), await snapshotDigests(undisturbed));
});

test('a stop request reaches a trainer without a supervisor', async (t) => {
  const folder = await createRun(tinyPlanFile(t, LONG));
  await startSupervisor(folder);
  await untilStep(folder, 'member-1', 2);
  kill((await lockHolder(runFiles.supervisor(folder)))?.pid);
  await requestStop(folder);
  assert.equal((await untilOver(folder)).status, 'stopped');
});

test('SIGTERM to a supervisor stops the run and saves', async (t) => {
  const folder = await createRun(tinyPlanFile(t, LONG));
  await startSupervisor(folder);
  await untilStep(folder, 'member-1', 2);
  process.kill((await lockHolder(runFiles.supervisor(folder)))?.pid ?? 0, 'SIGTERM');
  const view = await untilOver(folder);
  assert.deepEqual([view.status, view.members[0].state.status], ['stopped', 'stopped']);
});
