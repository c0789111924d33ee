import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../cpu-backend.ts';
import * as tf from '@tensorflow/tfjs-core';
import { barrierOf } from '../../../src/core/basin/barrier.ts';
import { hostWeights } from '../../../src/core/basin/host-weights.ts';
import { curvesOf, lineBetween, pointOfLine } from '../../../src/core/basin/line.ts';
import { measuredOf, measureOf, passesOfPoint } from '../../../src/core/basin/measure.ts';
import { builtinNetwork, type BuiltinName } from '../../../src/core/builtin.ts';
import { initialWeights } from '../../../src/core/initialise.ts';
import { eagerRunner } from '../../../src/core/runner.ts';
import { verdictOf, type Curve, type Line } from '../../../src/protocol/basin.ts';
import { toyData } from '../toy-data.ts';

const data = toyData(12, 5);

async function line(name: BuiltinName, seedA: number, seedB: number): Promise<Curve> {
  const network = builtinNetwork(name, data.shape, 3);
  const runner = eagerRunner(network, { mean: [0], std: [0.2] });
  const measure = measureOf({ runner, network, statistics: null, sets: { validation: data }, batchSize: 12 });
  const [a, b] = [seedA, seedB].map((seed) => hostWeights(network, initialWeights(network, seed)));
  try {
    return (await lineBetween(measure, a, b)).validation!;
  } finally {
    runner.close();
  }
}

test('barriers of a curve, by hand', () => {
  assert.deepEqual(barrierOf([1, 4, 3]), { barrier: 2, frankleBarrier: 2 });
  assert.deepEqual(barrierOf([0, 0, 4]), { barrier: 0, frankleBarrier: 2 });
  assert.deepEqual(barrierOf([2, 2]), { barrier: 0, frankleBarrier: 0 });
  assert.deepEqual(barrierOf([2, NaN, 2]), { barrier: Infinity, frankleBarrier: Infinity });
});

test('X8: no barrier between a network and itself', async () => {
  const { loss, lossBarrier, frankleLossBarrier, errorBarrier, frankleErrorBarrier } = await line('mlp', 1, 1);
  assert.equal(loss.length, 11);
  assert.deepEqual([lossBarrier, frankleLossBarrier, errorBarrier, frankleErrorBarrier], [0, 0, 0, 0]);
});

test('X8: the barrier is the same both ways', async () => {
  const [there, back] = [await line('mlp', 1, 2), await line('mlp', 2, 1)];
  assert.deepEqual([...back.loss].reverse(), there.loss);
  assert.deepEqual([...back.error].reverse(), there.error);
  assert.deepEqual([back.lossBarrier, back.errorBarrier, back.frankleLossBarrier], [there.lossBarrier, there.errorBarrier, there.frankleLossBarrier]);
  assert.ok(there.loss[5] !== there.loss[0]);
});

test('X8: logistic regression has no loss barrier, for its loss is convex', async () => {
  for (const [a, b] of [[1, 2], [3, 4], [5, 6]]) assert.equal((await line('linear', a, b)).lossBarrier, 0);
});

test('the ends of a line are its networks, and measuring leaves no tensor behind', async () => {
  const network = builtinNetwork('mlp', data.shape, 3);
  const [a, b] = [1, 2].map((seed) => hostWeights(network, initialWeights(network, seed)));
  assert.deepEqual(pointOfLine(a, b, 0, 7), a);
  assert.deepEqual(pointOfLine(a, b, 6, 7), b);
  assert.deepEqual(pointOfLine(a, b, 2, 7), pointOfLine(b, a, 4, 7));
  const before = tf.memory().numTensors;
  await line('mlp', 1, 2);
  assert.equal(tf.memory().numTensors, before);
});

test('measuring: loss and error, a loss that is no number, and how many images a point takes', async () => {
  const labels = Int32Array.of(0, 1);
  const { loss, error } = measuredOf({ logits: Float32Array.of(1, 0, 1, 0), labels, classes: 2 });
  assert.equal(error, 0.5);
  assert.ok(Math.abs(loss! - (Math.log(1 + Math.E) - 0.5)) < 1e-9);
  assert.equal(measuredOf({ logits: Float32Array.of(NaN, 0, 1, 0), labels, classes: 2 }).loss, null);
  const withNorms = builtinNetwork('resnet-8', [4, 4, 1], 3);
  assert.equal(passesOfPoint({ network: withNorms, statistics: data, sets: { train: data, test: data } }), 36);
  assert.equal(passesOfPoint({ network: withNorms, statistics: null, sets: { test: data } }), 12);
  assert.equal(passesOfPoint({ network: builtinNetwork('mlp', data.shape, 3), statistics: data, sets: { test: data } }), 12);
  const network = builtinNetwork('mlp', data.shape, 3);
  let batches = 0;
  const runner = eagerRunner(network, { mean: [0], std: [0.2] });
  await measureOf({ runner, network, statistics: data, sets: { train: data, test: data }, batchSize: 5, onBatch: () => void (batches += 1) })(hostWeights(network, initialWeights(network, 1)));
  runner.close();
  assert.equal(batches, 6);
});

const curve = (lossBarrier: number | null, errorBarrier: number): Curve => ({ loss: [], error: [], lossBarrier, errorBarrier, frankleLossBarrier: 0, frankleErrorBarrier: 0 });
const cases: [string, Line['sets'], ReturnType<typeof verdictOf>][] = [
  ['flat', { train: curve(0.1, 0.02), test: curve(0, 0) }, 'inside'],
  ['a loss above the threshold', { train: curve(0.11, 0), test: curve(0, 0) }, 'border'],
  ['an error above the threshold on one set', { train: curve(0, 0), test: curve(0, 0.04) }, 'border'],
  ['an error above twice the threshold', { train: curve(0, 0), test: curve(0, 0.041) }, 'outside'],
  ['a loss that is infinite', { train: curve(null, 0) }, 'outside'],
];
for (const [what, sets, wanted] of cases) test(`verdict: ${what} is ${wanted}`, () => assert.equal(verdictOf({ sets }), wanted));

test('the threshold can be changed', () => {
  const sets = { test: curve(0.3, 0.05) };
  assert.equal(verdictOf({ sets }), 'outside');
  assert.equal(verdictOf({ sets }, { error: 0.05, loss: 0.3 }), 'inside');
});

test('curves of the sets that were measured', () => {
  const sets = curvesOf([{ test: { loss: 1, error: 0 } }, { test: { loss: null, error: 0.5 } }, { test: { loss: 1, error: 0 } }]);
  assert.deepEqual(sets, { test: { loss: [1, null, 1], error: [0, 0.5, 0], lossBarrier: null, errorBarrier: 0.5, frankleLossBarrier: null, frankleErrorBarrier: 0.5 } });
});
