import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { normal, randomKey } from '../../src/core/random.ts';
import { freshSlots, stepRates } from '../../src/core/optimizer.ts';
import { programOf, type OptimizerSettings, type Program } from '../../src/core/program.ts';
import { disposeState, freshState, stateToData, type TrainState } from '../../src/core/state.ts';
import { crossEntropy, trainStep, type Batch, type StepState } from '../../src/core/step.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';

const sgd = (momentum: number, weightDecay: number): OptimizerSettings => ({ kind: 'sgd', momentum, nesterov: false, weightDecay });
const inputs = (learningRate: number) => ({ ...stepRates(sgd(0, 0), learningRate, 0), noise: new Map<string, tf.Tensor>() });
const targetsOf = (labels: number[], classes: number) => tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), classes, 1, 0, 'float32') as tf.Tensor2D);
const asState = (state: StepState): TrainState => freshState(state.weights, state.slots);

function batchOf(network: NetworkSpec, images: number): Batch {
  const shape: [number, number, number, number] = [images, ...network.inputShape];
  const key = randomKey(3, 'task');
  return {
    images: tf.tensor4d(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => normal(key, index)), shape),
    targets: targetsOf(Array.from({ length: images }, (_, index) => index % network.classes), network.classes),
  };
}
function startOf(program: Program): TrainState {
  return freshState(weightsFrom(program.network, initialWeights(program.network, 1), 'test'), freshSlots(program));
}

for (const [name, shape] of [['mlp', [3, 3, 1]], ['small-cnn', [4, 4, 1]], ['resnet-8', [4, 4, 1]]] as [BuiltinName, [number, number, number]][]) {
  test(`a step of ${name} leaves its inputs alone, makes a whole new state and leaks nothing`, async () => {
    const network = builtinNetwork(name, shape, 3);
    const program = programOf(network, { optimizer: sgd(0.9, 0.01) });
    const state = startOf(program);
    const before = await stateToData(network, state);
    const batch = batchOf(network, 3);
    const given = inputs(0.1);
    const held = tf.memory().numTensors;
    const result = trainStep(program, state, batch, given);
    assert.deepEqual([...result.state.weights.keys()].sort(), [...state.weights.keys()].sort());
    assert.deepEqual([...result.state.slots.keys()], [...state.slots.keys()]);
    assert.equal(tf.memory().numTensors - held, state.weights.size + state.slots.size + 2);
    assert.deepEqual(await stateToData(network, state), before);
    disposeState(state);
    for (const tensor of (await stateToData(network, asState(result.state))).values()) assert.equal(tensor.data.some((byte) => byte !== 0), true, tensor.name);
    disposeState(result.state);
    tf.dispose([result.loss, result.correct, batch.images, batch.targets, given.learningRate]);
    assert.equal(tf.memory().numTensors, held - state.weights.size - state.slots.size - 3);
  });
}

test('X12: with fresh slots the first update is -lr (g + wd w), the second carries momentum', () => {
  const network = builtinNetwork('linear', [1, 1, 2], 2);
  const [momentum, weightDecay, learningRate] = [0.9, 0.3, 0.25];
  const program = programOf(network, { optimizer: sgd(momentum, weightDecay) });
  const state = startOf(program);
  const batch = batchOf(network, 4);
  /** By hand: the gradient of softmax regression is x^T (p - one-hot) / batch. */
  const gradient = (at: StepState): number[] => {
    const x = tf.reshape(batch.images, [4, 2]) as tf.Tensor2D;
    const logits = tf.add(tf.matMul(x, at.weights.get('fc.weight') as tf.Tensor2D), at.weights.get('fc.bias')!);
    const error = tf.div(tf.sub(tf.softmax(logits as tf.Tensor2D), batch.targets), 4);
    return [...tf.matMul(x, error as tf.Tensor2D, true, false).dataSync()];
  };
  const weight = (at: StepState) => [...at.weights.get('fc.weight')!.dataSync()];
  const first = trainStep(program, state, batch, inputs(learningRate)).state;
  const velocity = gradient(state).map((g, index) => g + weightDecay * weight(state)[index]);
  weight(first).forEach((value, index) => assert.ok(Math.abs(value - (weight(state)[index] - learningRate * velocity[index])) < 1e-6));
  const second = trainStep(program, first, batch, inputs(learningRate)).state;
  weight(second).forEach((value, index) => {
    const moved = momentum * velocity[index] + gradient(first)[index] + weightDecay * weight(first)[index];
    assert.ok(Math.abs(value - (weight(first)[index] - learningRate * moved)) < 1e-6);
  });
});

test('loss and correct are those of the batch before the update', () => {
  const network = builtinNetwork('linear', [1, 1, 2], 2);
  const program = programOf(network, { optimizer: sgd(0, 0) });
  const state = startOf(program);
  state.weights.get('fc.weight')!.dataSync().set([1, 0, 0, 1]); // memory of the cpu back end
  state.weights.get('fc.bias')!.dataSync().set([0, 0]);
  const batch = { images: tf.tensor4d([2, 0, 0, 1, 3, 0], [3, 1, 1, 2]), targets: targetsOf([0, 1, 1], 2) };
  const { loss, correct } = trainStep(program, state, batch, inputs(1));
  const expected = (Math.log(1 + Math.exp(-2)) + Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.exp(3))) / 3;
  assert.ok(Math.abs(loss.dataSync()[0] - expected) < 1e-6);
  assert.equal(correct.dataSync()[0], 2);
});

test('cross-entropy of huge logits is finite', () => {
  const loss = crossEntropy(tf.tensor2d([[1e4, 0], [0, 1e4]]), targetsOf([0, 0], 2));
  assert.equal(loss.dataSync()[0], 5000);
});

test('soft targets: loss and gradient are those of the mixture, and the likeliest class counts', () => {
  const [logits, targets] = [tf.tensor2d([[1, 0, -1]]), tf.tensor2d([[0.2, 0.7, 0.1]])];
  const shift = Math.log(Math.exp(1) + 1 + Math.exp(-1));
  assert.ok(Math.abs(crossEntropy(logits, targets).dataSync()[0] - (shift - 0.2 + 0.1)) < 1e-6);
  const gradient = tf.grad((x: tf.Tensor) => crossEntropy(x as tf.Tensor2D, targets))(logits).dataSync();
  [1, 0, -1].forEach((logit, place) => assert.ok(Math.abs(gradient[place] - (Math.exp(logit - shift) - [0.2, 0.7, 0.1][place])) < 1e-6));
});

test('a batch norm that sees one number a channel is refused, and nothing is left of the step', () => {
  const network = builtinNetwork('resnet-8', [4, 4, 1], 3);
  const program = programOf(network, { optimizer: sgd(0, 0) });
  const [state, batch, given] = [startOf(program), batchOf(network, 1), inputs(1)];
  const held = tf.memory().numTensors;
  assert.throws(() => trainStep(program, state, batch, given), {
    code: 'data-invalid',
    message: /layer3\.0\.bn1: one number a channel/,
  });
  assert.equal(tf.memory().numTensors, held);
});
