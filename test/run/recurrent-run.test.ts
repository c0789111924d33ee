/** A run of a network that only TensorFlow.js' own layers compute, by real processes, from its file to its export. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import '../core/wasm-backend.ts';
import { readSafetensors } from '../../src/run/safetensors-file.ts';
import { readModel } from '../../src/run/trainer/run-network.ts';
import { runTask } from '../../src/run/tasks.ts';
import { floatsOf, floatTensor } from '../../src/protocol/tensor.ts';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { logitsOfImages } from '../reference/keras-models.ts';
import { worstDifference } from '../reference/logits.ts';
import { loadModel, saveModel } from './checkpoint/layers-model.ts';
import { createRun, runToEnd, tinyPlanFile } from './real-run.ts';

const seeded = (seed: number) => initializers.glorotUniform({ seed });

test('images as sequences of rows: StarSSE on a bidirectional LSTM, and its soup as a layers model', async (t) => {
  const folder = path.dirname(tinyPlanFile(t));
  mkdirSync(path.join(folder, 'model'));
  const lstm = layers.bidirectional({ layer: layers.lstm({ units: 6, kernelInitializer: seeded(1), recurrentInitializer: seeded(2) }) as never, mergeMode: 'concat' });
  await saveModel(sequential({ layers: [layers.reshape({ inputShape: [8, 8, 1], targetShape: [8, 8] }), lstm, layers.dense({ units: 10, activation: 'softmax', kernelInitializer: seeded(3) })] }), path.join(folder, 'model'));
  const plan = writeTinyPlan(folder, { model: { checkpoint: 'model/model.json' }, method: { kind: 'starsse', members: 2 }, training: { epochs: 6, batchSize: 16, optimizer: { learningRate: 0.3 } } });
  const run = await createRun(plan);
  const { status, results } = await runToEnd(run);
  assert.equal(status, 'done');
  assert.ok(results!.rows.every(({ accuracy }) => accuracy > 0.6), JSON.stringify(results!.rows.map(({ name, accuracy }) => [name, accuracy])));
  const { network } = await readModel(run);
  assert.ok(network.layers.some((layer) => layer.kind === 'keras' && layer.className === 'Bidirectional') && network.classes === 3);

  const out = path.join(folder, 'out');
  // In one basin or not: here it is about the file.
  const soup = (await runTask('soup', [run, '{"insist":true}'])).added!;
  await runTask('export', [run, JSON.stringify({ name: soup, format: 'tfjs', out })]);
  const { tensors } = await readSafetensors(path.join(run, 'snapshots', `${soup}.safetensors`));
  const images = floatTensor('x', [2, 8, 8, 1], Float32Array.from({ length: 128 }, (_, index) => Math.sin(index)));
  const theirs = (await loadModel(out)).predict(tf.tensor(floatsOf(images), images.shape)) as tf.Tensor;
  assert.ok(worstDifference((await theirs.data()) as Float32Array, await logitsOfImages(network, tensors, images)) < 1e-5);
});
