import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { plainBatches } from '../../src/core/batches.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { predict } from '../../src/core/evaluate.ts';
import { forward } from '../../src/core/forward.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { normalised } from '../../src/core/pixels.ts';
import { reestimateStatistics } from '../../src/core/reestimate.ts';
import { disposeTensors, weightsFrom, weightsToData, type Weights } from '../../src/core/weights.ts';
import { floatsOf } from '../../src/protocol/tensor.ts';
import { toyData } from './toy-data.ts';
import { withRunner } from './with-runner.ts';

const network = builtinNetwork('resnet-8', [4, 4, 1], 3);
const data = toyData(10, 3);
const normalization = { mean: [0.3], std: [0.2] };
const settings = { batchSize: 4 }; // batches of 4, 4 and 2
const batches = [Uint32Array.of(0, 1, 2, 3), Uint32Array.of(4, 5, 6, 7), Uint32Array.of(8, 9)];
const load = () => weightsFrom(network, initialWeights(network, 1), 'test');
const reestimated = async (weights: Weights, order?: Uint32Array[]) =>
  await withRunner(network, weights, normalization, async (runner) => await reestimateStatistics(runner, network, weights, data, settings, order === undefined ? {} : { batches: order }));
const bytesOf = async (weights: Weights) => {
  const tensors = await weightsToData(network, weights);
  disposeTensors(weights);
  return tensors;
};

test('X11: re-estimation does not depend on the order of batches, and a second pass changes nothing', async () => {
  const held = tf.memory().numTensors;
  const weights = load();
  const once = await reestimated(weights);
  const reversed = await bytesOf(await reestimated(weights, [...batches].reverse()));
  const twice = await bytesOf(await reestimated(once));
  const result = await bytesOf(once);
  assert.deepEqual(reversed, result);
  assert.deepEqual(twice, result);
  const start = await bytesOf(weights);
  for (const [index, tensor] of result.entries()) {
    const statistic = /running_/.test(tensor.name);
    if (statistic) assert.notDeepEqual(tensor.data, start[index].data, tensor.name);
    else assert.deepEqual(tensor.data, start[index].data, tensor.name);
  }
  assert.equal(tf.memory().numTensors, held);
});

test('the statistics are the image-weighted means of what the batches show, variances unbiased', async () => {
  const weights = load();
  const result = await bytesOf(await reestimated(weights));
  // The stem sees 16 positions an image; its convolution does not depend on statistics.
  let [mean, variance] = [0, 0];
  for await (const { positions, images } of plainBatches(data, batches, normalization, [4, 4])) {
    const [stem] = forward(network, weights, normalised(images, normalization), { training: true, noise: null }).statistics;
    const numbers = positions.length * 16;
    mean += stem.mean.dataSync()[5] * (positions.length / 10);
    variance += stem.variance.dataSync()[5] * (numbers / (numbers - 1)) * (positions.length / 10);
  }
  const of = (name: string) => floatsOf(result.find((tensor) => tensor.name === name)!)[5];
  assert.ok(Math.abs(of('bn1.running_mean') - mean) < 1e-6 && Math.abs(of('bn1.running_var') - variance) < 1e-6);
});

test('predictions do not depend on the size of batches, report progress and leak nothing', async () => {
  const weights = load();
  const held = tf.memory().numTensors;
  const fractions: number[] = [];
  const four = await withRunner(network, weights, normalization, async (runner) => await predict(runner, data, settings, (fraction) => fractions.push(fraction)));
  assert.equal(tf.memory().numTensors, held);
  assert.deepEqual(fractions, [0.4, 0.8, 1]);
  assert.deepEqual(four.labels, data.labels);
  const three = await withRunner(network, weights, normalization, async (runner) => await predict(runner, data, { batchSize: 3 }));
  for (const [index, logit] of four.logits.entries()) assert.ok(Math.abs(logit - three.logits[index]) < 1e-5);
  disposeTensors(weights);
});
