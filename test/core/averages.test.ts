import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { disposeState, startState, stateToData } from '../../src/core/state.ts';
import { trainMember, type Progress } from '../../src/core/train.ts';
import { BEGINNING } from '../../src/protocol/position.ts';
import type { Member } from '../../src/protocol/run.ts';
import { floatsOf, type TensorData } from '../../src/protocol/tensor.ts';
import { toyData } from './toy-data.ts';
import { jobOf, planOf, train } from './training-job.ts';

const data = { train: toyData(22, 1), validation: toyData(12, 2) };
const network = builtinNetwork('mlp', data.train.shape, 3);
const start = initialWeights(network, 0);
const plan = planOf({ kind: 'fine-tuning', swa: { start: 0.5, learningRate: 0.03 }, ema: { decay: 0.8 }, linearProbe: { epochs: 1, learningRate: 0.1 } }, { epochs: 4 });
const [member] = membersOf(plan);
const job = (changes: Partial<Member> = {}) => jobOf({ ...member, ...changes }, network, plan.training, data);
const NAME = 'fc1.weight';
const valuesOf = (tensors: readonly TensorData[], name: string) => floatsOf(tensors.find((tensor) => tensor.name === name)!);

/** The weights after every step, and the state at the end. */
async function followed(): Promise<{ steps: Float32Array[]; end: TensorData[] }> {
  const steps: Float32Array[] = [];
  const state = startState(network, member, start, 'start');
  const onStep = async ({ state: now }: Progress) => void steps.push(valuesOf(await stateToData(network, now()), NAME));
  const outcome = await trainMember(job(), { state, position: BEGINNING }, { onStep, shouldStop: () => false });
  const end = await stateToData(network, outcome.state);
  disposeState(outcome.state);
  return { steps, end };
}

test('SWA is the mean of the weights after each epoch from its start on; EMA moves every step from the first weights on', async () => {
  const { steps, end } = await followed();
  assert.equal(steps.length, 15); // a probe and four epochs of three steps
  const swa = valuesOf(end, `swa/${NAME}`);
  for (const [index, value] of swa.entries()) {
    const mean = (steps[11][index] + steps[14][index]) / 2; // of epochs 2 and 3, counted without the probe
    assert.ok(Math.abs(value - mean) < 1e-6);
  }
  const first = valuesOf(start, NAME); // the probe does not change this layer
  const ema = Float64Array.from(first);
  for (const weights of steps.slice(3)) for (const [index, value] of weights.entries()) ema[index] = 0.8 * ema[index] + 0.2 * value;
  for (const [index, value] of valuesOf(end, `ema/${NAME}`).entries()) assert.ok(Math.abs(value - ema[index]) < 1e-6);
  const weightNames = start.map(({ name }) => name);
  assert.deepEqual(end.filter(({ name }) => /^(swa|ema)\//.test(name)).map(({ name }) => name).sort(), weightNames.flatMap((name) => [`ema/${name}`, `swa/${name}`]).sort());
});

test('stopped before, in and after the averages and resumed from files, they are the same bytes, and nothing leaks', async () => {
  const held = tf.memory().numTensors;
  const whole = (await train(job(), start)).data;
  for (const stops of [[2], [3], [4, 11], [12], [13, 14]]) assert.deepEqual((await train(job(), start, stops)).data, whole, `stopped at ${stops.join()}`);
  assert.equal(tf.memory().numTensors, held);
});

test('averages do not touch the training itself', async () => {
  const plain = (await train(job({ swa: null, ema: null }), start)).data;
  const averaged = (await train(job({ swa: { startEpoch: 1, learningRate: null } }), start)).data;
  assert.deepEqual(averaged.filter(({ name }) => !/^(swa|ema)\//.test(name)), plain);
});

test('a saved state without its averages is refused by name', async () => {
  const state = startState(network, { ...member, headSeed: null, resetOptimizer: false }, (await train(job(), start, [])).data, 'start');
  const held = tf.memory().numTensors;
  const position = { ...BEGINNING, step: 13 };
  await assert.rejects(trainMember(job(), { state, position }, { onStep: () => undefined, shouldStop: () => false }), { code: 'mismatch', message: /averages of member-1 do not fit its training: swa\/fc1\.weight is missing/ });
  assert.equal(tf.memory().numTensors, held - 8);
});
