import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './wasm-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { allButHead, frozenLayers } from '../../src/core/freeze.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { freshSlots, stepRates } from '../../src/core/optimizer.ts';
import { programOf, type Program } from '../../src/core/program.ts';
import { disposeState } from '../../src/core/state.ts';
import { trainStep } from '../../src/core/step.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import type { TensorData } from '../../src/protocol/tensor.ts';
import { toyData } from './toy-data.ts';
import { jobOf, planOf, train, weightsOnly } from './training-job.ts';

const resnet = builtinNetwork('resnet-8', [4, 4, 1], 3);
const optimizer = { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 1e-2 } as const;

test('a pattern is the beginning of a name up to a boundary, or has * for anything', () => {
  const layers = (patterns: string[]) => [...frozenLayers(resnet, patterns)];
  assert.deepEqual(layers([]), []);
  assert.deepEqual(layers(['conv1', 'bn1']), ['conv1', 'bn1']);
  assert.ok(layers(['layer1']).every((name) => name.startsWith('layer1.')) && layers(['layer1']).length === 7);
  assert.deepEqual(layers(['layer*.bn2']), ['layer1.0.bn2', 'layer2.0.bn2', 'layer3.0.bn2']);
  assert.deepEqual(layers(['layer2.0.conv1']), ['layer2.0.conv1']);
  const ten = { ...resnet, layers: resnet.layers.map((layer) => ({ ...layer, name: layer.name.replace('layer3', 'layer10'), inputs: layer.inputs.map((input) => input.replace('layer3', 'layer10')) })) } as NetworkSpec;
  assert.ok([...frozenLayers(ten, ['layer1'])].every((name) => !name.startsWith('layer10')));
});

test('a pattern that means nothing, or everything, is refused and names the layers', () => {
  assert.throws(() => frozenLayers(resnet, ['conv1', 'layer9']), { code: 'plan-invalid', message: /no layer of resnet-8 with weights is called layer9/, hint: /conv1, bn1, layer1\.0\.conv1/ });
  assert.throws(() => frozenLayers(resnet, ['relu']), { code: 'plan-invalid' }); // it has no weights
  assert.throws(() => frozenLayers(resnet, ['*']), { code: 'plan-invalid', message: /freezes all/, hint: /fc/ });
  assert.throws(() => frozenLayers(resnet, ['conv.']), { code: 'plan-invalid' }); // a point is a point
});

/** How often each kernel runs in one training step. */
async function kernelsOf(program: Program): Promise<Map<string, number>> {
  const { network } = program;
  const state = { weights: weightsFrom(network, initialWeights(network, 1), 'test'), slots: freshSlots(program) };
  const batch = { images: tf.randomNormal<tf.Rank.R4>([4, ...network.inputShape], 0, 1, 'float32', 1), targets: tf.oneHot([0, 1, 2, 0], 3, 1, 0, 'float32') as tf.Tensor2D };
  const given = { ...stepRates(program.optimizer, 0.1, 0), noise: new Map<string, tf.Tensor>() };
  const { kernels } = await tf.profile(() => {
    const result = trainStep(program, state, batch, given);
    disposeState(result.state);
    return [result.loss, result.correct];
  });
  disposeState(state);
  const counts = new Map<string, number>();
  for (const { name } of kernels) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
const GRADIENTS = ['Conv2DBackpropFilter', 'Conv2DBackpropInput', 'BatchNormTrainingGrad', 'ReluGrad', 'BatchNormTraining'];

test('frozen layers cost no gradient, and nothing is computed below the lowest layer that learns', async () => {
  const count = async (freeze: string[], phase: 'probe' | 'main' = 'main') => {
    const counts = await kernelsOf(programOf(resnet, { optimizer, freeze }, phase));
    return GRADIENTS.map((name) => counts.get(name) ?? 0);
  };
  // 9 convolutions, of which the first needs no gradient of its images; 9 batch norms, 7 relus.
  assert.deepEqual(await count([]), [9, 8, 9, 7, 9]);
  // The stem and the first stage do not learn: 6 convolutions left, both that see the first stage's output need no gradient of it.
  assert.deepEqual(await count(['conv1', 'bn1', 'layer1']), [6, 4, 6, 4, 6]);
  // In the middle: its filters cost nothing, the gradient goes through.
  assert.deepEqual(await count(['layer2']), [6, 8, 6, 7, 6]);
  assert.deepEqual(await count([], 'probe'), [0, 0, 0, 0, 0]);
  assert.deepEqual(await count(['conv1', 'bn1', 'layer*']), [0, 0, 0, 0, 0]);
});

const data = { train: toyData(8, 1), validation: toyData(6, 2) };
const start = initialWeights(resnet, 5);
const bytes = (tensors: readonly TensorData[], name: string) => tensors.find((tensor) => tensor.name === name)!.data;

test('frozen layers keep their weights and batch-norm statistics to the last bit, the others learn', async () => {
  const plan = planOf({ kind: 'fine-tuning' }, { epochs: 1, batchSize: 4, freeze: ['conv1', 'bn1', 'layer2'] });
  const [member] = membersOf(plan);
  const { data: trained } = await train(jobOf({ ...member, headSeed: null }, resnet, plan.training, data), start);
  for (const { name } of start) {
    const frozen = /^(conv1|bn1|layer2)\./.test(name);
    assert.equal(Buffer.compare(bytes(trained, name), bytes(start, name)) === 0, frozen, name);
  }
  assert.deepEqual(trained.filter(({ name }) => name.startsWith('velocity/')).filter(({ name }) => /conv1\.weight$/.test(name)).map(({ name }) => name), ['velocity/layer1.0.conv1.weight', 'velocity/layer3.0.conv1.weight']);
});

test('a frozen batch norm goes by its running statistics: its output does not depend on the other images', async () => {
  const program = programOf(resnet, { optimizer, freeze: ['conv1', 'bn*', 'layer*'] });
  const { weights, slots } = { weights: weightsFrom(resnet, start, 'test'), slots: freshSlots(program) };
  const images = tf.randomNormal<tf.Rank.R4>([4, 4, 4, 1], 0, 1, 'float32', 2);
  const loss = (count: number) => {
    const batch = { images: tf.slice(images, 0, count), targets: tf.oneHot([0, 1, 2, 0].slice(0, count), 3, 1, 0, 'float32') as tf.Tensor2D };
    return trainStep(program, { weights, slots }, batch, { learningRate: tf.scalar(0), corrections: [], noise: new Map() }).loss.dataSync()[0];
  };
  const single = [0, 1].map((place) => {
    const batch = { images: tf.slice(images, place, 1), targets: tf.oneHot([place], 3, 1, 0, 'float32') as tf.Tensor2D };
    return trainStep(program, { weights, slots }, batch, { learningRate: tf.scalar(0), corrections: [], noise: new Map() }).loss.dataSync()[0];
  });
  assert.ok(Math.abs(loss(2) - (single[0] + single[1]) / 2) < 1e-5);
});

test('a linear probe trains the head alone, then everything from a fresh optimizer; resumed anywhere it is the same', async () => {
  const plan = planOf({ kind: 'fine-tuning', linearProbe: { epochs: 1, learningRate: 0.05 } }, { epochs: 1, batchSize: 4 });
  const [member] = membersOf(plan);
  const job = jobOf(member, resnet, plan.training, data);
  const held = tf.memory().numTensors;
  const whole = await train(job, start);
  assert.equal(tf.memory().numTensors, held);
  assert.deepEqual(whole.rows.filter((row) => row.kind === 'step').map(({ epoch, learningRate }) => [epoch, learningRate]), [[0, 0.05], [0, 0.05], [1, 0.1], [1, 0.1]]);
  for (const stop of [[1], [2], [3]]) assert.deepEqual((await train(job, start, stop)).data, whole.data);
  // The probe alone: a member without other epochs is what was reached after it.
  const probed = await train({ ...job, member: { ...member, epochs: 0 } }, start);
  for (const { name } of start) if (!name.startsWith('fc.')) assert.deepEqual(bytes(probed.data, name), bytes(start, name), name);
  assert.deepEqual(probed.data.filter(({ name }) => name.startsWith('velocity/')).map(({ name }) => name), ['velocity/fc.weight', 'velocity/fc.bias']);
  // What follows is the fine-tuning of the probed network as if it had been the checkpoint.
  const after = await train(jobOf({ ...member, probe: null, headSeed: null }, resnet, plan.training, data), weightsOnly(probed.data));
  assert.deepEqual(weightsOnly(after.data), weightsOnly(whole.data));
});

test('in a probe all but the head are frozen', () => {
  assert.equal(allButHead(resnet).size, resnet.layers.length - 1);
  assert.ok(!allButHead(resnet).has('fc'));
});

test('what is before everything that learns is not kept for a gradient: memory is that of a forward pass', async () => {
  const network = builtinNetwork('resnet-20', [16, 16, 1], 3);
  const peak = async (phase: 'probe' | 'main'): Promise<number> => {
    const program = programOf(network, { optimizer }, phase);
    const state = { weights: weightsFrom(network, initialWeights(network, 1), 'test'), slots: freshSlots(program) };
    const batch = { images: tf.zeros<tf.Rank.R4>([16, 16, 16, 1]), targets: tf.oneHot(tf.zeros([16], 'int32'), 3, 1, 0, 'float32') as tf.Tensor2D };
    const before = tf.memory().numBytes;
    const { peakBytes } = await tf.profile(() => {
      const result = trainStep(program, state, batch, { ...stepRates(optimizer, 0.1, 0), noise: new Map() });
      disposeState(result.state);
      return [result.loss, result.correct];
    });
    disposeState(state);
    return peakBytes - before;
  };
  const [probe, main] = [await peak('probe'), await peak('main')];
  assert.ok(probe < main / 8, `${probe} of ${main} bytes`);
});

test('the step is the same bytes whether or not the part before is computed apart, with several outputs of it', () => {
  const program = programOf(resnet, { optimizer, freeze: ['conv1', 'bn1', 'layer1.0.conv1', 'layer1.0.bn1'] });
  assert.ok(program.fixed.has('layer1.0.relu1') && !program.fixed.has('layer1.0.conv2'));
  const state = { weights: weightsFrom(resnet, start, 'test'), slots: freshSlots(program) };
  const batch = { images: tf.randomNormal<tf.Rank.R4>([4, 4, 4, 1], 0, 1, 'float32', 3), targets: tf.oneHot([0, 1, 2, 0], 3, 1, 0, 'float32') as tf.Tensor2D };
  const [apart, together] = [program, { ...program, fixed: new Set<string>() }].map((each) => trainStep(each, state, batch, { ...stepRates(optimizer, 0.1, 0), noise: new Map() }));
  for (const [name, tensor] of apart.state.weights) assert.deepEqual(tensor.dataSync(), together.state.weights.get(name)!.dataSync(), name);
});
