/** Networks from Keras learn: every gradient, also through layers that TensorFlow.js computes, and a training that stops and goes on. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '../wasm-backend.ts';
import { networkFromKeras } from '../../../src/core/keras/network-from-keras.ts';
import { readTopology } from '../../../src/core/keras/topology.ts';
import { membersOf } from '../../../src/protocol/methods.ts';
import { readCheckpoint } from '../../../src/run/trainer/checkpoint/read-checkpoint.ts';
import { KERAS_FIXTURES } from '../../reference/keras-models.ts';
import { checkGradients } from '../finite-differences.ts';
import { toyData } from '../toy-data.ts';
import { jobOf, planOf, train } from '../training-job.ts';

for (const name of ['tiny', 'nested', 'stock']) {
  test(`gradients of ${name}.keras are those of finite differences`, async () => {
    const { network } = await readCheckpoint(path.join(KERAS_FIXTURES, `${name}.keras`));
    checkGradients(network!, 3);
  });
}

test('a network with layers of TensorFlow.js trains, and a resumed training is the uninterrupted one bit by bit', async () => {
  const data = { train: toyData(24, 1), validation: toyData(6, 2) };
  // Rows of the images as a sequence.
  const topology = { class_name: 'Sequential', config: { name: 'rows', layers: [
    { class_name: 'InputLayer', config: { name: 'in', batch_input_shape: [null, 4, 4] } },
    { class_name: 'Bidirectional', config: { name: 'both', layer: { class_name: 'LSTM', config: { units: 3 } } } },
    { class_name: 'Dropout', config: { name: 'drop', rate: 0.2 } },
    { class_name: 'Dense', config: { name: 'head', units: 3 } },
  ] } };
  const weights = { of: (_: unknown, __: unknown, shapes: readonly number[][]) => shapes.map((shape, place) => ({ shape: [...shape], values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => 0.4 * Math.sin(index * 1.7 + place)) })) };
  const { network, tensors } = networkFromKeras(readTopology(topology, 'rows'), weights, { inputShape: data.train.shape }, 'rows');
  assert.ok(network.layers.some((layer) => layer.kind === 'keras' && layer.className === 'Bidirectional'));
  const plan = planOf({ kind: 'fine-tuning', head: 'kept' });
  const [member] = membersOf(plan);
  const job = () => jobOf(member, network, plan.training, data);
  const before = tf.memory().numTensors;
  const whole = await train(job(), tensors);
  const after = tf.memory().numTensors;
  const inParts = await train(job(), tensors, [1, 4]);
  assert.deepEqual(inParts.data, whole.data);
  assert.deepEqual([tf.memory().numTensors, after], [before, before]);
  const losses = whole.rows.flatMap((row) => (row.kind === 'step' ? [row.loss] : []));
  assert.ok(losses.at(-1)! < losses[0], `the loss went from ${losses[0]} to ${losses.at(-1)}`);
});
