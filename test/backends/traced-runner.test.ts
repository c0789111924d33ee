/** Networks run forward as one call a batch give what the same gives op by op. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../../src/backends/choose.ts';
import { runnerOf } from '../../src/backends/runner.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { forward } from '../../src/core/forward.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { normalised, type Pixels } from '../../src/core/pixels.ts';
import { reestimateStatistics } from '../../src/core/reestimate.ts';
import type { Runner } from '../../src/core/runner.ts';
import type { BatchStatistics } from '../../src/core/statistics.ts';
import { disposeTensors, weightsFrom, weightsToData, type Weights } from '../../src/core/weights.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import { smallSwin } from '../core/small-swin.ts';
import { toyData } from '../core/toy-data.ts';
import { randomValues } from './against-cpu.ts';
import { somePixels } from './some-pixels.ts';

const normalization = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.25, 0.3] };
const complaints: string[] = [];
const runnerFor = (network: NetworkSpec, own = normalization): Runner => runnerOf({ backend: 'tensorflow' }, (line) => complaints.push(line))(network, own);

before(async () => {
  await startBackend('tensorflow', { threads: 1 });
});

/** Largest difference, relative to the largest number where that is above 1. */
async function difference(a: tf.Tensor, b: tf.Tensor): Promise<number> {
  assert.deepEqual(a.shape, b.shape);
  const [one, other] = [await a.data<'float32'>(), await b.data<'float32'>()];
  const scale = one.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  return one.reduce((largest, value, index) => Math.max(largest, Number.isNaN(value - other[index]) ? Infinity : Math.abs(value - other[index])), 0) / scale;
}

async function assertLogits(runner: Runner, network: NetworkSpec, weights: Weights, pixels: Pixels): Promise<void> {
  const logits = runner.logits(pixels);
  const expected = tf.tidy(() => forward(network, weights, normalised(pixels, normalization), { training: false }).logits);
  const worst = await difference(expected, logits);
  assert.ok(worst < 1e-5, `${network.name}, ${pixels.shape}: logits differ by ${worst}`);
  tf.dispose([logits, expected]);
}

async function assertStatistics(runner: Runner, network: NetworkSpec, weights: Weights, pixels: Pixels): Promise<void> {
  const images = normalised(pixels, normalization);
  const { logits, statistics: expected } = forward(network, weights, images, { training: true, noise: null });
  const statistics = runner.statistics(pixels);
  const layers = (all: BatchStatistics[]) => all.map(({ layer, count }) => [layer, count]);
  assert.deepEqual(layers(statistics), layers(expected));
  for (const [index, { layer, mean, variance }] of expected.entries()) {
    for (const [theirs, ours] of [[mean, statistics[index].mean], [variance, statistics[index].variance]]) {
      const worst = await difference(theirs, ours);
      assert.ok(worst < 1e-5, `${layer}: ${worst}`);
    }
  }
  tf.dispose([images, logits, ...[...expected, ...statistics].flatMap(({ mean, variance }) => [mean, variance])]);
}

const named = (name: BuiltinName, side: number): NetworkSpec => builtinNetwork(name, [side, side, 3], 5);
const CASES = [named('resnet-8', 8), named('mobilenet-v2', 32), named('small-cnn', 8), named('mlp', 8), named('vit-mini', 8), smallSwin([16, 16, 3], [{ channels: 6, blocks: 2, heads: 2 }])];
for (const network of CASES) {
  const { name, inputShape: [side] } = network;
  test(`${name}: logits and statistics of bytes and of floats, of batches of two sizes and of weights that change`, async () => {
    const held = tf.memory().numTensors;
    const runner = runnerFor(network);
    for (const seed of [1, 2]) {
      const weights = weightsFrom(network, initialWeights(network, seed), name);
      runner.load(weights);
      for (const size of [4, 3, 5, 1]) await assertLogits(runner, network, weights, somePixels([size, side, side, 3]));
      await assertStatistics(runner, network, weights, somePixels([4, side, side, 3]));
      if (seed === 2) await assertLogits(runner, network, weights, { shape: [4, side, side, 3], data: randomValues([4, side, side, 3], 1).values as Float32Array });
      disposeTensors(weights);
    }
    runner.close();
    assert.deepEqual(complaints, []);
    assert.equal(tf.memory().numTensors, held);
  });
}

test('X11 in graphs: re-estimation does not depend on the order of batches, and a second pass changes nothing', async () => {
  const held = tf.memory().numTensors;
  const network = builtinNetwork('resnet-8', [8, 8, 1], 3);
  const data = toyData(10, 3, { side: 8 });
  const batches = [Uint32Array.of(0, 1, 2, 3), Uint32Array.of(4, 5, 6, 7), Uint32Array.of(8, 9)];
  const runner = runnerFor(network, { mean: [0.3], std: [0.2] });
  const start = weightsFrom(network, initialWeights(network, 1), 'test');
  const pass = async (weights: Weights, order: Uint32Array[]) => await reestimateStatistics(runner, network, weights, data, { batchSize: 4 }, { batches: order });
  const passes: Weights[] = [await pass(start, batches), await pass(start, batches.toReversed())];
  passes.push(await pass(passes[0], batches));
  const [once, ...others] = await Promise.all(passes.map(async (weights) => await weightsToData(network, weights)));
  for (const other of others) assert.deepEqual(other, once);
  assert.notDeepEqual(once, await weightsToData(network, start));
  for (const weights of [start, ...passes]) disposeTensors(weights);
  runner.close();
  assert.equal(tf.memory().numTensors, held);
});

test('what cannot be recorded runs op by op, says why once, and leaves nothing behind', async () => {
  const held = tf.memory().numTensors;
  const network = builtinNetwork('resnet-8', [8, 8, 3], 5);
  const runner = runnerFor(network);
  const weights = weightsFrom(network, initialWeights(network, 1), 'test');
  runner.load(weights);
  const backend = tf.backend() as unknown as { binding: object };
  const { binding } = backend;
  backend.binding = Object.create(binding, { loadSavedModel: { value: () => assert.fail('no graphs today') } }) as object;
  try {
    for (let time = 0; time < 2; time++) await assertLogits(runner, network, weights, somePixels([2, 8, 8, 3]));
    await assertStatistics(runner, network, weights, somePixels([2, 8, 8, 3]));
  } finally {
    backend.binding = binding;
  }
  assert.deepEqual(complaints.splice(0), ['resnet-8 runs op by op: no graphs today']);
  disposeTensors(weights);
  runner.close();
  assert.equal(tf.memory().numTensors, held);
});

test('without weights there are no logits', () => {
  const runner = runnerFor(builtinNetwork('mlp', [4, 4, 3], 3));
  assert.throws(() => runner.logits(somePixels([1, 4, 4, 3])), { code: 'internal', message: /no weights of mlp/ });
  runner.close();
});
