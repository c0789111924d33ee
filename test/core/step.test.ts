import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { normal, randomKey } from '../../src/core/random.ts';
import { startState, stateToData } from '../../src/core/state.ts';
import { crossEntropy, disposeState, trainStep, type Batch, type TrainState } from '../../src/core/step.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';

const noise = new Map<string, tf.Tensor>();

function batchOf(network: NetworkSpec, images: number): Batch {
  const shape: [number, number, number, number] = [images, ...network.inputShape];
  const key = randomKey(3, 'task');
  return {
    images: tf.tensor4d(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => normal(key, index)), shape),
    labels: tf.tensor1d(Array.from({ length: images }, (_, index) => index % network.classes), 'int32'),
  };
}
function freshState(network: NetworkSpec): TrainState {
  return startState(network, { name: 'member-1', headSeed: 1, resetOptimizer: true }, initialWeights(network, 1), 'test');
}

for (const [name, shape] of [['mlp', [3, 3, 1]], ['small-cnn', [4, 4, 1]], ['resnet-8', [4, 4, 1]]] as [BuiltinName, [number, number, number]][]) {
  test(`a step of ${name} leaves its inputs alone, makes a whole new state and leaks nothing`, async () => {
    const network = builtinNetwork(name, shape, 3);
    const state = freshState(network);
    const before = await stateToData(network, state);
    const batch = batchOf(network, 3);
    const rate = tf.scalar(0.1);
    const held = tf.memory().numTensors;
    const result = trainStep({ network, optimizer: { momentum: 0.9, weightDecay: 0.01 } }, state, batch, rate, noise);
    assert.deepEqual([...result.state.weights.keys()].sort(), [...state.weights.keys()].sort());
    assert.deepEqual([...result.state.slots.keys()], [...state.slots.keys()]);
    assert.equal(tf.memory().numTensors - held, state.weights.size + state.slots.size + 2);
    assert.deepEqual(await stateToData(network, state), before);
    disposeState(state);
    for (const tensor of (await stateToData(network, result.state)).values()) assert.equal(tensor.data.some((byte) => byte !== 0), true, tensor.name);
    disposeState(result.state);
    tf.dispose([result.loss, result.correct, batch.images, batch.labels, rate]);
    assert.equal(tf.memory().numTensors, held - state.weights.size - state.slots.size - 3);
  });
}

test('X12: with fresh slots the first update is -lr (g + wd w), the second carries momentum', () => {
  const network = builtinNetwork('linear', [1, 1, 2], 2);
  const state = freshState(network);
  const batch = batchOf(network, 4);
  const [momentum, weightDecay, learningRate] = [0.9, 0.3, 0.25];
  const program = { network, optimizer: { momentum, weightDecay } };
  const rate = tf.scalar(learningRate);
  /** By hand: the gradient of softmax regression is x^T (p - one-hot) / batch. */
  const gradient = (at: TrainState): number[] => {
    const x = tf.reshape(batch.images, [4, 2]) as tf.Tensor2D;
    const logits = tf.add(tf.matMul(x, at.weights.get('fc.weight') as tf.Tensor2D), at.weights.get('fc.bias')!);
    const error = tf.div(tf.sub(tf.softmax(logits as tf.Tensor2D), tf.oneHot(batch.labels, 2)), 4);
    return [...tf.matMul(x, error as tf.Tensor2D, true, false).dataSync()];
  };
  const weight = (at: TrainState) => [...at.weights.get('fc.weight')!.dataSync()];
  const first = trainStep(program, state, batch, rate, noise).state;
  const velocity = gradient(state).map((g, index) => g + weightDecay * weight(state)[index]);
  weight(first).forEach((value, index) => assert.ok(Math.abs(value - (weight(state)[index] - learningRate * velocity[index])) < 1e-6));
  const second = trainStep(program, first, batch, rate, noise).state;
  weight(second).forEach((value, index) => {
    const moved = momentum * velocity[index] + gradient(first)[index] + weightDecay * weight(first)[index];
    assert.ok(Math.abs(value - (weight(first)[index] - learningRate * moved)) < 1e-6);
  });
});

test('loss and correct are those of the batch before the update', () => {
  const network = builtinNetwork('linear', [1, 1, 2], 2);
  const state = freshState(network);
  state.weights.get('fc.weight')!.dataSync().set([1, 0, 0, 1]); // memory of the cpu back end
  state.weights.get('fc.bias')!.dataSync().set([0, 0]);
  const batch = { images: tf.tensor4d([2, 0, 0, 1, 3, 0], [3, 1, 1, 2]), labels: tf.tensor1d([0, 1, 1], 'int32') };
  const { loss, correct } = trainStep({ network, optimizer: { momentum: 0, weightDecay: 0 } }, state, batch, tf.scalar(1), noise);
  const expected = (Math.log(1 + Math.exp(-2)) + Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.exp(3))) / 3;
  assert.ok(Math.abs(loss.dataSync()[0] - expected) < 1e-6);
  assert.equal(correct.dataSync()[0], 2);
});

test('cross-entropy of huge logits is finite', () => {
  const loss = crossEntropy(tf.tensor2d([[1e4, 0], [0, 1e4]]), tf.tensor1d([0, 0], 'int32'));
  assert.equal(loss.dataSync()[0], 5000);
});

test('a batch norm that sees one number a channel is refused, and nothing is left of the step', () => {
  const network = builtinNetwork('resnet-8', [4, 4, 1], 3);
  const [state, batch, rate] = [freshState(network), batchOf(network, 1), tf.scalar(1)];
  const held = tf.memory().numTensors;
  assert.throws(() => trainStep({ network, optimizer: { momentum: 0, weightDecay: 0 } }, state, batch, rate, noise), {
    code: 'data-invalid',
    message: /layer3\.0\.bn1: one number a channel/,
  });
  assert.equal(tf.memory().numTensors, held);
});
