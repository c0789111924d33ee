import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights, newHead, withNewHead } from '../../src/core/initialise.ts';
import { disposeTensors, weightsFrom, weightsToData } from '../../src/core/weights.ts';
import { floatsOf, floatTensor, type TensorData } from '../../src/protocol/tensor.ts';

const counting = (length: number) => Float32Array.from({ length }, (_, index) => index);
const named = (tensors: readonly TensorData[], name: string) => tensors.find((tensor) => tensor.name === name)!;

test('conv weights turn from OIHW to HWIO, dense weights from [out, in] to [in, out], and back', async () => {
  const network = builtinNetwork('small-cnn', [4, 4, 2], 3);
  const tensors = initialWeights(network, 0).map(({ name, shape }) => floatTensor(name, shape, counting(shape.reduce((a, b) => a * b))));
  const weights = weightsFrom(network, tensors, 'test');
  const conv = weights.get('conv1.weight')!;
  assert.deepEqual(conv.shape, [3, 3, 2, 16]);
  // [out 5, in 1, row 2, column 0] of the file is number ((5 * 2 + 1) * 3 + 2) * 3 + 0.
  assert.equal((conv.arraySync() as number[][][][])[2][0][1][5], 105);
  const back = await weightsToData(network, weights);
  assert.deepEqual(back.map(({ name, shape }) => [name, shape]), tensors.map(({ name, shape }) => [name, shape]));
  for (const tensor of back) assert.deepEqual(floatsOf(tensor), floatsOf(named(tensors, tensor.name)), tensor.name);
  disposeTensors(weights);
});

test('a dense layer after flatten reads channels first from files and last in memory', () => {
  const network = builtinNetwork('linear', [2, 3, 4], 2);
  const fc = floatTensor('fc.weight', [2, 24], counting(48));
  const weights = weightsFrom(network, [fc, floatTensor('fc.bias', [2], counting(2))], 'test');
  const memory = weights.get('fc.weight')!.arraySync() as number[][];
  for (const [row, column, channel] of [[0, 0, 0], [1, 2, 3], [0, 2, 1]]) {
    const inMemory = (row * 3 + column) * 4 + channel;
    const inFile = (channel * 2 + row) * 3 + column;
    assert.deepEqual(memory[inMemory], [inFile, 24 + inFile]);
  }
  disposeTensors(weights);
});

test('every tensor that does not fit is named, and nothing is allocated', () => {
  const network = builtinNetwork('mlp', [2, 2, 1], 3);
  const before = tf.memory().numTensors;
  const tensors: TensorData[] = [
    floatTensor('fc1.weight', [128, 5], new Float32Array(640)),
    { ...floatTensor('fc1.bias', [128], new Float32Array(128)), dtype: 'I32' },
    floatTensor('fc2.weight', [3, 128], new Float32Array(384)),
    floatTensor('fc3.weight', [1], new Float32Array(1)),
  ];
  assert.throws(() => weightsFrom(network, tensors, 'a.safetensors'), {
    code: 'mismatch',
    message: 'a.safetensors does not fit the network mlp: fc1.weight is [128, 5], not [128, 4]; fc1.bias is I32, not F32; fc2.bias is missing; fc3.weight is not part of it',
  });
  assert.equal(tf.memory().numTensors, before);
});

test("PyTorch's count of batches and optimizer slots are passed over", () => {
  const network = builtinNetwork('resnet-8', [8, 8, 1], 3);
  const beside: TensorData[] = [{ name: 'bn1.num_batches_tracked', dtype: 'I64', shape: [], data: new Uint8Array(8) }, floatTensor('velocity/fc.bias', [3], new Float32Array(3))];
  disposeTensors(weightsFrom(network, [...initialWeights(network, 0), ...beside], 'test'));
});

test('a new head replaces the old one of whatever size, and depends on its seed only', () => {
  const pretext = builtinNetwork('resnet-8', [8, 8, 1], 4);
  const target = builtinNetwork('resnet-8', [8, 8, 1], 10);
  const checkpoint = initialWeights(pretext, 1);
  assert.throws(() => weightsFrom(target, checkpoint, 'checkpoint'), { code: 'mismatch', message: /fc\.weight is \[4, 64\], not \[10, 64\]; fc\.bias is \[4\], not \[10\]$/ });
  const tensors = withNewHead(checkpoint, target, 5);
  disposeTensors(weightsFrom(target, tensors, 'checkpoint'));
  assert.deepEqual(named(tensors, 'conv1.weight'), named(checkpoint, 'conv1.weight'));
  assert.deepEqual(newHead(target, 5).map(({ data }) => data), ['fc.weight', 'fc.bias'].map((name) => named(tensors, name).data));
  assert.notDeepEqual(newHead(target, 6), newHead(target, 5));
  const values = floatsOf(named(tensors, 'fc.weight'));
  assert.ok(values.every((value) => Math.abs(value) <= 1 / 8) && values.some((value) => Math.abs(value) > 0.11));
  // Without a checkpoint the head of a seed is the same head.
  assert.deepEqual(named(initialWeights(target, 5), 'fc.weight'), named(tensors, 'fc.weight'));
});

test('initial weights have the variance of He et al., batch norm starts as identity', () => {
  const tensors = initialWeights(builtinNetwork('resnet-8', [8, 8, 1], 10), 2);
  const values = floatsOf(named(tensors, 'layer3.0.conv2.weight'));
  const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
  assert.ok(Math.abs(variance / (2 / 576) - 1) < 0.03, `${variance}`);
  for (const [name, expected] of [['bn1.weight', 1], ['bn1.bias', 0], ['bn1.running_mean', 0], ['bn1.running_var', 1]] as const) {
    assert.ok(floatsOf(named(tensors, name)).every((value) => value === expected), name);
  }
  assert.notDeepEqual(named(tensors, 'layer1.0.conv1.weight').data, named(tensors, 'layer1.0.conv2.weight').data);
});
