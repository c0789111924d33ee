import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { drawNoise } from '../../src/core/noise.ts';
import { randomKey } from '../../src/core/random.ts';
import { IMAGES, type NetworkSpec } from '../../src/protocol/network.ts';
import { toyData } from './toy-data.ts';
import { jobOf, planOf, train } from './training-job.ts';

/** A residual branch that whole images skip, and dropout before the head. */
const network: NetworkSpec = {
  name: 'dropping', inputShape: [4, 4, 1], classes: 3, head: 'fc',
  layers: [
    { kind: 'flatten', name: 'flatten', inputs: [IMAGES] },
    { kind: 'dense', name: 'blocks.0', inputs: ['flatten'], outputs: 16, bias: true },
    { kind: 'drop-path', name: 'path', inputs: ['blocks.0'], rate: 0.5 },
    { kind: 'add', name: 'sum', inputs: ['flatten', 'path'] },
    { kind: 'dropout', name: 'dropout', inputs: ['sum'], rate: 0.25 },
    { kind: 'dense', name: 'fc', inputs: ['dropout'], outputs: 3, bias: true },
  ],
};
const key = (step: number) => randomKey(3, 'noise', step);

test('masks are 0 or 1 / (1 - rate) in the right shares, one number an image for drop-path', () => {
  const masks = drawNoise(network, 2000, key(0));
  assert.deepEqual([...masks].map(([layer, { shape }]) => [layer, shape]), [['path', [2000, 1]], ['dropout', [2000, 16]]]);
  for (const [layer, rate] of [['path', 0.5], ['dropout', 0.25]] as const) {
    const values = masks.get(layer)!.dataSync();
    const kept = values.filter((value) => value !== 0);
    assert.ok(kept.every((value) => value === Math.fround(1 / (1 - rate))));
    assert.ok(Math.abs(kept.length / values.length - (1 - rate)) < 0.04);
  }
});

test('masks are a function of the key; a frozen layer drops nothing and leaves the masks of others', () => {
  const numbers = (step: number, frozen?: Set<string>) => Object.fromEntries(Array.from(drawNoise(network, 4, key(step), frozen), ([layer, mask]) => [layer, [...mask.dataSync()]]));
  assert.deepEqual(numbers(1), numbers(1));
  assert.notDeepEqual(numbers(1), numbers(2));
  assert.deepEqual(numbers(1, new Set(['path'])), { dropout: numbers(1).dropout });
});

test('with dropout and drop-path a training that was stopped and resumed gives the same bytes', async () => {
  const data = { train: toyData(22, 1), validation: toyData(12, 2) };
  const plan = planOf({ kind: 'fine-tuning' }, { epochs: 2, optimizer: { kind: 'adamw', learningRate: 0.01 }, accumulate: 2, augmentation: { cropPadding: 1, mixup: 0.4 } });
  const [member] = membersOf(plan);
  const job = jobOf(member, network, plan.training, data);
  const held = tf.memory().numTensors;
  const whole = await train(job, initialWeights(network, 0));
  assert.deepEqual((await train(job, initialWeights(network, 0), [1, 2, 5])).data, whole.data);
  assert.equal(tf.memory().numTensors, held);
  const otherwise = await train({ ...job, network: { ...network, layers: network.layers.map((layer) => (layer.kind === 'dropout' ? { ...layer, rate: 0 } : layer)) } }, initialWeights(network, 0));
  assert.notDeepEqual(otherwise.data, whole.data);
  assert.equal(builtinNetwork('mlp', [4, 4, 1], 3, { dropout: 0.5 }).layers.filter(({ kind }) => kind === 'dropout').length, 1);
});
