import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { PlanInput } from '../../src/protocol/plan.ts';
import { runTask, startSupervisor } from '../../src/run/tasks.ts';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { createRun, runToEnd, tinyPlanFile, untilOver } from './real-run.ts';

const TRAINING = { epochs: 1, batchSize: 16, optimizer: { learningRate: 0.05 } };

test('a network that the checkpoint describes is trained: TensorFlow.js models, one a member, with their heads or new ones', async (t) => {
  const first = tinyPlanFile(t, { model: { network: 'small-cnn' }, method: { kind: 'local-de', members: 2 }, training: TRAINING });
  const folder = path.dirname(first);
  const run = await createRun(first);
  const accuracies = (await runToEnd(run)).results?.rows.slice(0, 2).map(({ accuracy }) => accuracy);
  for (const number of [1, 2]) {
    const out = path.join(folder, `tfjs-${number}`);
    await runTask('export', [run, JSON.stringify({ name: `member-${number}`, format: 'tfjs', out })]);
  }
  const planOf = (method: PlanInput['method'], training: PlanInput['training'] = TRAINING): string =>
    writeTinyPlan(folder, { model: { checkpoint: 'tfjs-1/model.json' }, training, method }, { fileName: `${method.kind}.starsse.json` });

  const still = { ...TRAINING, optimizer: { learningRate: 1e-12 } };
  const kept = await createRun(planOf({ kind: 'global-de', otherCheckpoints: ['tfjs-2/model.json'], head: 'kept' }, still));
  const { results } = await runToEnd(kept);
  assert.deepEqual(results?.rows.slice(0, 2).map(({ accuracy }) => accuracy), accuracies, 'what was exported is what is read');
  await runToEnd(await createRun(planOf({ kind: 'starsse', members: 2 })));

  const changed = await createRun(planOf({ kind: 'fine-tuning' }));
  const model = path.join(folder, 'tfjs-1', 'model.json');
  const shard = path.join(folder, 'tfjs-1', (JSON.parse(readFileSync(model, 'utf8')) as { weightsManifest: { paths: string[] }[] }).weightsManifest[0].paths[0]);
  const bytes = readFileSync(shard);
  bytes[0] ^= 1;
  writeFileSync(shard, bytes);
  await startSupervisor(changed);
  const view = await untilOver(changed);
  assert.deepEqual([view.status, view.error?.code], ['failed', 'data-invalid']);
  assert.match(view.error?.message ?? '', /tfjs-1.model\.json is not what it was when the run was made/);

  const both = writeTinyPlan(folder, { model: { network: 'small-cnn', checkpoint: 'tfjs-2/model.json' }, training: TRAINING, method: { kind: 'fine-tuning' } });
  await assert.rejects(createRun(both), { code: 'plan-invalid', message: /model\.network is "small-cnn", and .*model\.json describes a network of its own/ });
});
