import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import type { PlanInput } from '../../src/protocol/plan.ts';
import type { RunView } from '../../src/protocol/run.ts';
import { runFiles } from '../../src/run/folder.ts';
import { lockHolder } from '../../src/run/lock.ts';
import { requestStop } from '../../src/run/requests.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { applyResumes, RowReader } from '../../src/run/rows.ts';
import { startSupervisor } from '../../src/run/tasks.ts';
import { viewRun } from '../../src/run/view.ts';
import { BACKENDS, createRun, kill, runToEnd, snapshotDigests, tinyPlanFile, untilGone, untilOver, untilStep, untilView } from './real-run.ts';

/** Batch norm, momentum, decay, crops and flips: everything that a resumed training could lose. Long enough to be stopped in. */
const planFor = (backend: (typeof BACKENDS)[number]): Partial<PlanInput> => ({
  model: { network: 'resnet-8' },
  method: { kind: 'starsse', members: 2, cycle: { epochRatio: backend === 'tensorflow' ? 1 : 0.5 } },
  training: { epochs: backend === 'tensorflow' ? 30 : 10, batchSize: 16, optimizer: { learningRate: 0.05, weightDecay: 1e-4 }, augmentation: { cropPadding: 1, flip: true } },
});

const atStep = async (folder: string, member: number, step: number): Promise<RunView> => {
  await untilStep(folder, `member-${member + 1}`, step);
  return await viewRun(folder);
};

async function stepsOf(folder: string, member: string): Promise<number[]> {
  return applyResumes((await new RowReader(runFiles.rows(folder, member)).read()).rows).filter(({ kind }) => kind === 'step').map(({ step }) => step);
}

for (const backend of BACKENDS) {
  test(`stopped and resumed, twice, equals uninterrupted, bit for bit (${backend})`, async (t) => {
    const plan = tinyPlanFile(t, planFor(backend));
    const uninterrupted = await createRun(plan, { backend });
    await runToEnd(uninterrupted);
    const folder = await createRun(plan, { backend });
    await startSupervisor(folder);
    for (const [member, status] of [[0, 'queued'], [1, 'stopped']] as const) {
      await atStep(folder, member, 5);
      await requestStop(folder);
      const view = await untilOver(folder);
      assert.equal(view.status, 'stopped');
      assert.equal(view.members[1].state.status, status);
      assert.ok(!existsSync(runFiles.supervisor(folder)), 'nobody works on it any more');
      await resumeRun(folder);
    }
    assert.equal((await untilOver(folder)).status, 'done');
    assert.deepEqual(await snapshotDigests(folder), await snapshotDigests(uninterrupted));
    assert.deepEqual(await stepsOf(folder, 'member-1'), await stepsOf(uninterrupted, 'member-1'), 'every step has one row');
  });

  test(`a trainer killed at any moment is started again, and the weights are the same (${backend})`, async (t) => {
    const plan = tinyPlanFile(t, planFor(backend));
    const uninterrupted = await createRun(plan, { backend });
    await runToEnd(uninterrupted);
    const folder = await createRun(plan, { backend });
    await startSupervisor(folder);
    for (const [member, step] of [[0, 1], [0, 25], [1, 1]] as const) {
      const { members } = await atStep(folder, member, step);
      assert.equal(members[member].state.status, 'running');
      kill(members[member].state.pid);
      await untilGone(members[member].state.pid ?? 0);
      await untilView(folder, ({ members: now }) => now[member].state.pid !== members[member].state.pid, 'a new trainer');
    }
    const view = await untilOver(folder);
    assert.equal(view.status, 'done', JSON.stringify(view.error));
    assert.deepEqual(await snapshotDigests(folder), await snapshotDigests(uninterrupted));
    assert.deepEqual(await stepsOf(folder, 'member-1'), await stepsOf(uninterrupted, 'member-1'));
  });
}

test('supervisor and trainer killed together: interrupted, resumable, the same weights', async (t) => {
  const plan = tinyPlanFile(t, planFor(BACKENDS[0]));
  const uninterrupted = await createRun(plan);
  await runToEnd(uninterrupted);
  const folder = await createRun(plan);
  for (const step of [3, 30]) {
    await (step === 3 ? startSupervisor(folder) : resumeRun(folder));
    const { members } = await atStep(folder, 0, step);
    kill((await lockHolder(runFiles.supervisor(folder)))?.pid);
    kill(members[0].state.pid);
    const view = await untilView(folder, ({ status }) => status === 'interrupted', 'the interruption');
    assert.equal(view.members[0].state.status, 'interrupted');
  }
  await resumeRun(folder);
  assert.equal((await untilOver(folder)).status, 'done');
  assert.deepEqual(await snapshotDigests(folder), await snapshotDigests(uninterrupted));
});
