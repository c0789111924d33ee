import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanInput } from '../../src/protocol/plan.ts';
import { runFiles } from '../../src/run/folder.ts';
import { requestStop } from '../../src/run/requests.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { applyResumes, RowReader } from '../../src/run/rows.ts';
import { startSupervisor } from '../../src/run/tasks.ts';
import { viewRun } from '../../src/run/view.ts';
import { createRun, kill, runToEnd, snapshotDigests, tinyPlanFile, untilGone, untilOver, untilStep } from './real-run.ts';

/** Everything random and everything that is remembered between steps. */
const TRAINING: PlanInput['training'] = {
  epochs: 8,
  batchSize: 16,
  accumulate: 2,
  optimizer: { kind: 'adamw', learningRate: 0.002, weightDecay: 0.05 },
  scheduleBy: 'step',
  warmup: { epochs: 2, startLearningRate: 1e-5 },
  clipNorm: 1,
  labelSmoothing: 0.1,
  augmentation: { cropPadding: 1, flip: true, erasing: {}, mixup: 0.8, cutmix: 1 },
};
const METHOD: PlanInput['method'] = { kind: 'fine-tuning', linearProbe: { epochs: 2, learningRate: 0.01 }, swa: { start: 0.5, learningRate: 0.001 }, ema: { decay: 0.95 } };

const MODELS: PlanInput['model'][] = [
  { network: 'resnet-8', dropout: 0.3 },
  { network: 'vit-mini', dropout: 0.3, dropPath: 0.2 },
];

for (const model of MODELS) {
  test(`stopped in the probe, killed in the averages, stopped again: ${model.network} with dropout, mixup, AdamW, SWA and EMA ends in the same bytes`, async (t) => {
    const plan = tinyPlanFile(t, { model, method: METHOD, training: TRAINING });
    const uninterrupted = await createRun(plan);
    await runToEnd(uninterrupted);
    const folder = await createRun(plan);
    await startSupervisor(folder);
    await untilStep(folder, 'member-1', 8);
    await requestStop(folder);
    assert.equal((await untilOver(folder)).status, 'stopped');
    await resumeRun(folder);
    await untilStep(folder, 'member-1', 40);
    const pid = (await untilRunning(folder)).pid ?? 0;
    kill(pid);
    await untilGone(pid);
    await untilStep(folder, 'member-1', 46);
    await requestStop(folder);
    if ((await untilOver(folder)).status === 'stopped') await resumeRun(folder);
    const view = await untilOver(folder);
    assert.equal(view.status, 'done', JSON.stringify(view.error));
    const digests = await snapshotDigests(folder);
    assert.deepEqual(Object.keys(digests), ['member-1', 'soup-ema-1', 'soup-swa-1']);
    assert.equal(new Set(Object.values(digests)).size, 3);
    assert.deepEqual(digests, await snapshotDigests(uninterrupted));
    assert.deepEqual(await losses(folder), await losses(uninterrupted));
  });
}

async function untilRunning(folder: string): Promise<{ pid: number | null }> {
  const [{ state }] = (await viewRun(folder)).members;
  assert.equal(state.status, 'running');
  return state;
}

/** [step, loss, learning rate] of every step that counts. */
async function losses(folder: string): Promise<number[][]> {
  const { rows } = await new RowReader(runFiles.rows(folder, 'member-1')).read();
  return applyResumes(rows).filter((row) => row.kind === 'step').map(({ step, loss, learningRate }) => [step, loss, learningRate]);
}
