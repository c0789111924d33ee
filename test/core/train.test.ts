import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { disposeState, startState } from '../../src/core/state.ts';
import { trainStep } from '../../src/core/step.ts';
import { checkBatches, trainMember, type Progress } from '../../src/core/train.ts';
import { parse } from '../../src/protocol/parse.ts';
import { BEGINNING } from '../../src/protocol/position.ts';
import { RowSchema } from '../../src/protocol/rows.ts';
import type { Member } from '../../src/protocol/run.ts';
import { toyData } from './toy-data.ts';
import { jobOf, planOf, steppingWith, train, weightsOnly, withoutTimes } from './training-job.ts';

const data = { train: toyData(22, 1), validation: toyData(12, 2) };
const plan = planOf({ kind: 'starsse', members: 2 });
const [first, second] = membersOf(plan);
const networkOf = (name: BuiltinName) => builtinNetwork(name, data.train.shape, 3);
const job = (member: Member, name: BuiltinName = 'mlp') => jobOf(member, networkOf(name), plan.training, data);

test('training lowers the loss; rows are complete and in order; nothing leaks', async () => {
  const held = tf.memory().numTensors;
  const { rows } = await train(job({ ...first, epochs: 8, learningRate: 0.02 }), initialWeights(networkOf('mlp'), 0));
  assert.equal(tf.memory().numTensors, held);
  const kinds = rows.map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(0, 4), ['step', 'step', 'step', 'epoch']);
  assert.equal(rows.length, 8 * 4);
  for (const row of rows) assert.deepEqual(parse(RowSchema, row, 'row'), row);
  const epochs = rows.filter((row) => row.kind === 'epoch');
  assert.ok(epochs[7].trainLoss < 0.6 * epochs[0].trainLoss, `${epochs[0].trainLoss} -> ${epochs[7].trainLoss}`);
  assert.ok(epochs[7].validationAccuracy > 0.6, `${epochs[7].validationAccuracy}`);
  const steps = rows.filter((row) => row.kind === 'step');
  assert.deepEqual(steps.map(({ step }) => step), Array.from({ length: 24 }, (_, index) => index + 1));
  assert.ok(Math.abs(epochs[0].trainLoss - (steps[0].loss + steps[1].loss + steps[2].loss) / 3) < 1e-12);
  assert.equal(steps[0].learningRate, 0.02);
  assert.ok(steps.every(({ wallMs }, index) => index === 0 || wallMs >= steps[index - 1].wallMs));
});

test('stopped at any step and resumed from files, the weights, slots and losses are the same bytes', async () => {
  for (const name of ['mlp', 'small-cnn'] as const) {
    const whole = await train(job({ ...first, epochs: 2 }, name), initialWeights(networkOf(name), 0));
    const parts = await train(job({ ...first, epochs: 2 }, name), initialWeights(networkOf(name), 0), [1, 3, 5]);
    assert.deepEqual(parts.data, whole.data);
    assert.deepEqual(withoutTimes(parts.rows), withoutTimes(whole.rows));
  }
});

test('an optimizer that is not reset goes on from the slots of its start, and without slots it is refused', async () => {
  const start = (await train(job(first), initialWeights(networkOf('mlp'), 0))).data;
  const reset = await train(job(second), weightsOnly(start));
  const kept = await train(job({ ...second, resetOptimizer: false }), start);
  assert.notDeepEqual(weightsOnly(kept.data), weightsOnly(reset.data));
  await assert.rejects(train(job({ ...second, resetOptimizer: false }), weightsOnly(start)), { code: 'mismatch', message: /start has no optimizer slots, with which member-2 would go on/ });
});

test('slots of another optimizer are refused by name, and everything is freed', async () => {
  const adamw = planOf({ kind: 'starsse' }, { optimizer: { kind: 'adamw', learningRate: 1e-3 } }).training;
  const start = (await train(job({ ...first, epochs: 1 }), initialWeights(networkOf('mlp'), 0))).data;
  const held = tf.memory().numTensors;
  await assert.rejects(train({ ...job({ ...second, resetOptimizer: false }), training: adamw }, start), { code: 'mismatch', message: /member-2 do not fit its training: moment1\/fc1\.weight is missing/ });
  assert.equal(tf.memory().numTensors, held);
});

test('a batch of one image is refused with batch norm that learns, and allowed without', async () => {
  const odd = { train: toyData(9, 1), validation: data.validation };
  const start = { state: startState(networkOf('resnet-8'), first, null, 'start'), position: BEGINNING };
  const refused = jobOf(first, networkOf('resnet-8'), plan.training, odd);
  await assert.rejects(trainMember(refused, start, { onStep: () => undefined, shouldStop: () => false }), { code: 'data-invalid', message: /9 training images in batches of 8 leave a batch of one image/ });
  const { rows } = await train(jobOf({ ...first, epochs: 1 }, networkOf('mlp'), plan.training, odd), initialWeights(networkOf('mlp'), 0));
  assert.equal(rows.length, 3);
  assert.throws(() => checkBatches(networkOf('resnet-8'), 24, { batchSize: 8, accumulate: 5 }), { code: 'data-invalid', message: /batches of 8, cut in 5 parts, leave a batch of one/ });
  checkBatches(networkOf('resnet-8'), 24, { batchSize: 8, accumulate: 4 });
  checkBatches(networkOf('resnet-8'), 9, { batchSize: 8, freeze: ['bn1', 'layer*.bn*', 'layer*.downsample.1'] });
});

test('training waits for onStep, and a back end may bring its own step', async () => {
  const events: string[] = [];
  const own = { ...job({ ...first, epochs: 1 }), stepper: steppingWith((...args) => (events.push('step'), trainStep(...args))) };
  const state = startState(own.network, first, null, 'start');
  const onStep = async ({ position }: Progress) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    events.push(`saved ${position.step}`);
  };
  disposeState((await trainMember(own, { state, position: BEGINNING }, { onStep, shouldStop: () => false })).state);
  assert.deepEqual(events, ['step', 'saved 1', 'step', 'saved 2', 'step', 'saved 3']);
});

test('the next batch is asked for before the current step runs, and waiting is measured', async () => {
  const events: string[] = [];
  const base = job({ ...first, epochs: 1 });
  const slow = {
    ...base,
    input: {
      ...base.input,
      batch: async (epoch: number, positions: Uint32Array) => {
        events.push('asked');
        await new Promise((resolve) => setTimeout(resolve, 30));
        return await base.input.batch(epoch, positions);
      },
    },
    stepper: steppingWith((...args) => (events.push('step'), trainStep(...args))),
  };
  const { rows } = await train(slow, initialWeights(base.network, 0));
  assert.deepEqual(events, ['asked', 'asked', 'step', 'asked', 'step', 'step']);
  const steps = rows.filter((row) => row.kind === 'step');
  assert.ok(steps[0].waitMs! >= 25 && steps[0].wallMs >= 25);
  const [epoch] = rows.filter((row) => row.kind === 'epoch');
  assert.ok(epoch.waitShare! > 0.2 && epoch.waitShare! <= 1);
});

test('an input that fails ends the training with its error, and everything is freed', async () => {
  const base = job(first);
  let asked = 0;
  const failing = { ...base, input: { ...base.input, batch: async (epoch: number, positions: Uint32Array) => (asked++ === 2 ? Promise.reject(new Error('the disk is gone')) : await base.input.batch(epoch, positions)) } };
  const held = tf.memory().numTensors;
  await assert.rejects(train(failing, initialWeights(base.network, 0)), /the disk is gone/);
  assert.equal(tf.memory().numTensors, held);
});
