/** Batch norm folded into convolutions: the same logits, fewer layers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { foldedOf } from '../../src/core/fold.ts';
import { forward } from '../../src/core/forward.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { parametersOf } from '../../src/core/network.ts';
import { integer, randomKey, uniform } from '../../src/core/random.ts';
import { disposeTensors, weightsFrom, type Weights } from '../../src/core/weights.ts';
import type { Layer, NetworkSpec } from '../../src/protocol/network.ts';

/** Statistics, scales and offsets that are no longer those of a new network. */
function usedWeights(network: NetworkSpec): Weights {
  const key = randomKey(3, 'task');
  const fresh = weightsFrom(network, initialWeights(network, 1), 'test');
  return new Map(
    Array.from(fresh, ([name, tensor], place) => {
      if (tensor.rank > 1) return [name, tensor];
      const values = Float32Array.from({ length: tensor.size }, (_, index) => (name.endsWith('running_var') ? 0.1 : -0.5) + uniform(key, 1000 * place + index));
      tensor.dispose();
      return [name, tf.tensor1d(values)];
    }),
  );
}

function assertSame(network: NetworkSpec, side: number): void {
  const held = tf.memory().numTensors;
  const weights = usedWeights(network);
  const key = randomKey(5, 'task');
  const shape: [number, number, number, number] = [2, side, side, network.inputShape[2]];
  const images = tf.tensor4d(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => integer(key, index, 100) / 50 - 1), shape);
  const { network: evaluated, fold } = foldedOf(network);
  const folded = fold(weights);
  assert.deepEqual([...folded.keys()], parametersOf(evaluated).map(({ name }) => name));
  const [plain, fewer] = [forward(network, weights, images, { training: false }).logits, forward(evaluated, folded, images, { training: false }).logits];
  const [expected, found] = [plain.dataSync<'float32'>(), fewer.dataSync<'float32'>()];
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  for (const [index, value] of found.entries()) assert.ok(Math.abs(value - expected[index]) < 1e-5 * scale, `${index}: ${value}, not ${expected[index]}`);
  tf.dispose([plain, fewer, images]);
  for (const each of [weights, folded]) disposeTensors(each);
  assert.equal(tf.memory().numTensors, held);
}

for (const [name, side] of [['resnet-8', 8], ['mobilenet-v2', 32]] as [BuiltinName, number][]) {
  test(`${name}: no batch norm is left, and the logits are the same to 1e-5 of their size`, () => {
    const network = builtinNetwork(name, [side, side, 3], 5);
    assert.ok(!foldedOf(network).network.layers.some(({ kind }) => kind === 'batch-norm'));
    assertSame(network, side);
  });
}

test('a convolution with a bias takes its batch norm in; one that others take too, or a batch norm of something else, stays', () => {
  const conv = (name: string, input: string, bias: boolean, groups = 1): Layer => ({ kind: 'conv', name, inputs: [input], outputs: 4, kernel: 3, stride: 1, padding: 1, bias, groups });
  const norm = (name: string, input: string): Layer => ({ kind: 'batch-norm', name, inputs: [input], epsilon: 1e-3, momentum: 0.1 });
  const layers: Layer[] = [
    conv('a', 'images', true), norm('a-norm', 'a'),
    conv('b', 'a-norm', false, 4), norm('b-norm', 'b'),
    conv('c', 'b-norm', false, 2), norm('c-norm', 'c'), // c is taken by the sum too
    { kind: 'add', name: 'sum', inputs: ['c', 'c-norm'] }, norm('sum-norm', 'sum'),
    { kind: 'global-average-pool', name: 'pool', inputs: ['sum-norm'], keepDims: false }, { kind: 'dense', name: 'fc', inputs: ['pool'], outputs: 3, bias: true },
  ];
  const network: NetworkSpec = { name: 'by-hand', inputShape: [6, 6, 2], classes: 3, layers, head: 'fc' };
  assert.deepEqual(foldedOf(network).network.layers.map(({ name }) => name), ['a', 'b', 'c', 'c-norm', 'sum', 'sum-norm', 'pool', 'fc']);
  assertSame(network, 6);
});

test('a network without batch norm keeps its layers', () => {
  const network = builtinNetwork('mlp', [4, 4, 1], 3);
  assert.deepEqual(foldedOf(network).network, network);
});
