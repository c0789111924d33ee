import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { forward } from '../../src/core/forward.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { normal, randomKey, uniform } from '../../src/core/random.ts';
import { updatedStatistics } from '../../src/core/statistics.ts';
import { disposeTensors, weightsFrom } from '../../src/core/weights.ts';
import { IMAGES, type NetworkSpec } from '../../src/protocol/network.ts';
import { floatsOf, floatTensor, type TensorData } from '../../src/protocol/tensor.ts';
import { planes, referenceForward, type Planes } from './reference.ts';

/** Random weights; batch-norm statistics are far from 0 and 1, variances positive. */
function scatteredWeights(network: NetworkSpec): TensorData[] {
  return initialWeights(network, 4).map((tensor, place) => {
    const key = randomKey(4, 'task', place);
    const positive = tensor.name.endsWith('.running_var');
    return floatTensor(tensor.name, tensor.shape, floatsOf(tensor).map((value, index) => value + (positive ? uniform(key, index) : 0.2 * normal(key, index))));
  });
}
function randomPlanes(shape: Planes['shape']): Planes {
  const key = randomKey(6, 'task');
  let drawn = 0;
  return planes(shape, () => normal(key, drawn++));
}
function toImages(x: Planes): tf.Tensor4D {
  return tf.tidy(() => tf.transpose(tf.tensor4d(Float32Array.from(x.values), x.shape), [0, 2, 3, 1]) as tf.Tensor4D);
}
function close(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  assert.equal(actual.length, expected.length, what);
  for (let index = 0; index < actual.length; index++) {
    assert.ok(Math.abs(actual[index] - expected[index]) < 1e-4 * (1 + Math.abs(expected[index])), `${what} ${index}: ${actual[index]}, expected ${expected[index]}`);
  }
}

const cases: [BuiltinName, [number, number, number]][] = [
  ['linear', [3, 4, 2]],
  ['mlp', [3, 3, 1]],
  ['small-cnn', [6, 5, 2]],
  ['resnet-8', [7, 8, 1]], // 7 -> 4 -> 2 by 'same' padding, 8 -> 4 -> 2 by explicit padding
];
for (const [name, shape] of cases) {
  test(`${name} computes what PyTorch's definitions say, training and not, and frees everything`, () => {
    const network = builtinNetwork(name, shape, 3);
    const tensors = scatteredWeights(network);
    const x = randomPlanes([3, shape[2], shape[0], shape[1]]);
    const before = tf.memory().numTensors;
    const weights = weightsFrom(network, tensors, 'test');
    const images = toImages(x);
    for (const training of [false, true]) {
      const expected = referenceForward(network, tensors, x, training);
      const held = tf.memory().numTensors;
      const { logits, statistics } = forward(network, weights, images, training ? { training, noise: null } : { training });
      assert.equal(tf.memory().numTensors - held, 1 + 2 * statistics.length);
      close(logits.dataSync(), expected.logits, 'logit');
      const updated = updatedStatistics(network, weights, statistics);
      assert.deepEqual(updated.map(([each]) => each), [...expected.statistics.keys()]);
      for (const [statistic, tensor] of updated) close(tensor.dataSync(), expected.statistics.get(statistic)!, statistic);
      tf.dispose([logits, ...updated.map(([, tensor]) => tensor), ...statistics.flatMap(({ mean, variance }) => [mean, variance])]);
      assert.equal(tf.memory().numTensors, held);
    }
    disposeTensors(weights);
    images.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}

test('a strided convolution pads both sides alike, by hand', () => {
  const network: NetworkSpec = {
    name: 'one-conv', inputShape: [4, 4, 1], classes: 4, head: 'fc',
    layers: [
      { kind: 'conv', name: 'conv', inputs: [IMAGES], outputs: 1, kernel: 3, stride: 2, padding: 1, bias: false, groups: 1 },
      { kind: 'flatten', name: 'flatten', inputs: ['conv'] },
      { kind: 'dense', name: 'fc', inputs: ['flatten'], outputs: 4, bias: false },
    ],
  };
  const identity = Float32Array.from({ length: 16 }, (_, index) => (index % 5 === 0 ? 1 : 0));
  const tensors = [floatTensor('conv.weight', [1, 1, 3, 3], new Float32Array(9).fill(1)), floatTensor('fc.weight', [4, 4], identity)];
  const weights = weightsFrom(network, tensors, 'test');
  const images = tf.tensor4d(Array.from({ length: 16 }, (_, index) => index), [1, 4, 4, 1]);
  // Windows start at row and column -1 and 1: sums of {0,1,4,5}, {1,2,3,5,6,7}, {4,5,8,9,12,13} and the nine from 5 on.
  assert.deepEqual([...forward(network, weights, images, { training: false }).logits.dataSync()], [10, 24, 51, 90]);
});

test('batch norm of a batch and PyTorch’s running statistics, by hand', () => {
  const network: NetworkSpec = {
    name: 'one-norm', inputShape: [1, 1, 1], classes: 1, head: 'fc',
    layers: [
      { kind: 'batch-norm', name: 'bn', inputs: [IMAGES], epsilon: 1e-5, momentum: 0.1 },
      { kind: 'flatten', name: 'flatten', inputs: ['bn'] },
      { kind: 'dense', name: 'fc', inputs: ['flatten'], outputs: 1, bias: false },
    ],
  };
  const one = (name: string, value: number) => floatTensor(name, [1], Float32Array.of(value));
  const tensors = [one('bn.weight', 2), one('bn.bias', 1), one('bn.running_mean', 10), one('bn.running_var', 4), floatTensor('fc.weight', [1, 1], Float32Array.of(1))];
  const weights = weightsFrom(network, tensors, 'test');
  const images = tf.tensor4d([1, 2, 3, 6], [4, 1, 1, 1]); // mean 3, biased variance 3.5, unbiased 14/3
  const { logits, statistics } = forward(network, weights, images, { training: true, noise: null });
  close(logits.dataSync(), [1, 2, 3, 6].map((value) => ((value - 3) / Math.sqrt(3.5 + 1e-5)) * 2 + 1), 'output');
  const updated = new Map(updatedStatistics(network, weights, statistics));
  close(updated.get('bn.running_mean')!.dataSync(), [9.3], 'running mean');
  close(updated.get('bn.running_var')!.dataSync(), [0.9 * 4 + (0.1 * 14) / 3], 'running variance');
  close(forward(network, weights, images, { training: false }).logits.dataSync(), [1, 2, 3, 6].map((value) => value - 10 + 1), 'output in evaluation');
});

test('an output that nobody takes is freed too', () => {
  const plain = builtinNetwork('linear', [2, 2, 1], 3);
  const network: NetworkSpec = { ...plain, layers: [{ kind: 'relu', name: 'unused', inputs: [IMAGES] }, ...plain.layers] };
  const weights = weightsFrom(network, initialWeights(network, 1), 'test');
  const images = tf.zeros([2, 2, 2, 1]) as tf.Tensor4D;
  const before = tf.memory().numTensors;
  forward(network, weights, images, { training: false }).logits.dispose();
  assert.equal(tf.memory().numTensors, before);
});
