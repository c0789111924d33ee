/** The tasks that look at a plan before a run is made of it, in a trainer of their own. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { epochMs, runMs } from '../../src/protocol/plan-check.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { parse } from '../../src/protocol/parse.ts';
import { PlanSchema } from '../../src/protocol/plan.ts';
import { runTask } from '../../src/run/tasks.ts';
import { tinyPlan } from '../fixtures/tiny-plan.ts';
import { tinyPlanFile } from './real-run.ts';

test('check-plan finds nothing wrong with a good plan, and says what it is made of', async (t) => {
  const plan = tinyPlanFile(t);
  const { findings, facts } = await runTask('check-plan', [plan, '{}']);
  assert.deepEqual(findings, []);
  assert.ok(facts);
  assert.deepEqual(facts.images, { train: 96, validation: 48, test: 90 });
  assert.deepEqual([facts.classes, facts.stepsPerEpoch, facts.network.name, facts.device.backend], [3, 6, 'mlp', 'wasm']);
  // Float32 weights and a header.
  assert.ok(facts.snapshotBytes >= 4 * facts.network.parameters && facts.network.parameters > 0, JSON.stringify(facts));
  assert.ok(facts.runBytes > 3 * facts.snapshotBytes);
});

test('check-plan names the field of everything that is wrong', async (t) => {
  const pathsOf = async (overrides: Parameters<typeof tinyPlanFile>[1]): Promise<string[]> => {
    const { findings } = await runTask('check-plan', [tinyPlanFile(t, overrides), '{}']);
    return findings.map(({ severity, code, path: keys }) => `${severity} ${code} ${keys.join('.')}`);
  };
  const { data } = tinyPlan();
  assert.ok(data.kind === 'idx');
  assert.deepEqual(await pathsOf({ data: { ...data, train: { ...data.train, images: 'data/gone.idx' } } }), ['error data-missing data.train.images']);
  assert.deepEqual(await pathsOf({ memberSeeds: [1, 1, 1], method: { kind: 'local-de', members: 3 } }), ['error clones memberSeeds']);
  assert.deepEqual(await pathsOf({ model: { network: 'mlp', checkpoint: 'gone.safetensors' } }), ['error file-missing model.checkpoint']);
  // 96 images: five batches of 19, and one image.
  assert.deepEqual(await pathsOf({ model: { network: 'resnet-8' }, training: { epochs: 4, batchSize: 19, optimizer: { learningRate: 0.05 } } }), ['error data-invalid training.batchSize']);
});

test('check-plan has the figures of a disk that K members have no room on', async (t) => {
  process.env.STARSSE_KEEP_FREE_MB = '1e12';
  t.after(() => delete process.env.STARSSE_KEEP_FREE_MB);
  const { findings } = await runTask('check-plan', [tinyPlanFile(t), '{}']);
  assert.deepEqual(findings.map(({ severity, code, path: keys }) => [severity, code, keys]), [['error', 'disk', []]]);
  assert.match(findings[0].message, /^The run \(3 snapshots of 1 MB, what resuming needs, predictions\) needs \d\.\d MB/);
});

test('estimate times steps of the plan, adds them up to the whole run, and leaves nothing behind', async (t) => {
  const plan = tinyPlanFile(t);
  const before = readdirSync(path.dirname(plan), { recursive: true });
  const { facts, cost, timing, steps, epochMs: epoch, totalMs } = await runTask('estimate', [plan, '{}']);
  // Four epochs, then two cycles of two that train one after another or side by side.
  assert.deepEqual(cost, { members: 3, epochs: 8, shortest: 6, passes: { soup: 1, ensemble: 3 } });
  assert.ok(steps >= 3 && timing.stepMs.alone > 0 && timing.imageMs > 0 && timing.startMs > 0, JSON.stringify(timing));
  assert.deepEqual([timing.stepsPerEpoch, timing.workers, timing.evaluated], [6, facts.workers, { epoch: 48, end: 138 }]);
  assert.equal(epoch, epochMs(timing, 'alone'));
  assert.equal(totalMs, runMs(membersOf(parse(PlanSchema, tinyPlan(), 'plan')), timing));
  assert.deepEqual(readdirSync(path.dirname(plan), { recursive: true }), before);
});

test('estimate refuses what a run would refuse', async (t) => {
  const plan = tinyPlanFile(t, { model: { network: 'mlp', checkpoint: 'gone.safetensors' } });
  await assert.rejects(runTask('estimate', [plan, '{}']), { code: 'file-missing' });
});
