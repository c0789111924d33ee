/** `.keras` files: our outputs are Keras' own. Models of keras.applications where Python has Keras; small ones from fixtures everywhere. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '../../core/wasm-backend.ts';
import { differenceToKeras, kerasReference, KERAS_FIXTURES, logitsOfImages } from '../../reference/keras-models.ts';
import { pythonReference, runPython } from '../../reference/python.ts';
import { readCheckpoint } from '../../../src/run/trainer/checkpoint/read-checkpoint.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const TOLERANCE = 1e-4;

for (const name of ['tiny', 'stock', 'nested']) {
  test(`the fixture ${name}.keras gives what Keras gave`, async () => {
    const reference = await kerasReference(KERAS_FIXTURES, name);
    assert.ok(Math.max(...reference.logits.map(Math.abs)) > 0.05, 'the logits are too small to compare');
    assert.ok((await differenceToKeras(reference)) < TOLERANCE);
    assert.match(reference.checkpoint.fingerprint, /^[0-9a-f]{64}$/);
  });
}

test('the tiny model becomes kinds of ours; nothing but a reshape is left to TensorFlow.js', async () => {
  const { network, tensors, normalization } = await readCheckpoint(path.join(KERAS_FIXTURES, 'tiny.keras'));
  const kinds = network!.layers.map(({ kind }) => kind);
  assert.deepEqual(kinds, [
    'rescale', 'rescale', 'zero-pad', 'zero-pad', 'conv', 'batch-norm', 'activation', 'conv', 'batch-norm', 'activation', 'global-average-pool', 'keras', 'conv', 'relu', 'conv', 'activation',
    'multiply', 'conv', 'drop-path', 'add', 'add', 'max-pool', 'average-pool', 'concatenate', 'max-pool', 'flatten', 'dropout', 'dense', 'activation', 'layer-norm', 'dense',
  ]);
  assert.deepEqual([network!.name, network!.head, network!.classes, network!.inputShape], ['tiny', 'head', 4, [15, 12, 3]]);
  const norm = network!.layers.find(({ kind }) => kind === 'batch-norm')!;
  assert.ok(norm.kind === 'batch-norm' && Math.abs(norm.momentum - 0.1) < 1e-12, "Keras' momentum 0.9 is our 0.1");
  assert.deepEqual(normalization, { mean: [0], std: [1 / 255] });
  assert.ok(tensors.every(({ dtype }) => dtype === 'F32'));
});

test('another size of images and other classes: padding follows, the head is left out', async () => {
  const { network, tensors } = await readCheckpoint(path.join(KERAS_FIXTURES, 'nested.keras'), { inputShape: [9, 11, 3], classes: 7 });
  assert.deepEqual([network!.inputShape, network!.classes], [[9, 11, 3], 7]);
  assert.ok(!tensors.some(({ name }) => name.startsWith(network!.head)));
  const strided = network!.layers.find((layer) => layer.kind === 'conv' && layer.stride === 2);
  assert.ok(strided?.kind === 'conv' && strided.padding === 1, 'of an odd size as many zeros go before as after');
  const head = network!.layers.at(-1)!;
  assert.ok(head.kind === 'dense' && head.outputs === 7);
});

test('layers that TensorFlow.js computes leave no tensors behind', async () => {
  const { checkpoint, images } = await kerasReference(KERAS_FIXTURES, 'stock');
  const logits = async () => await logitsOfImages(checkpoint.network, checkpoint.tensors, images);
  const first = await logits();
  const before = tf.memory().numTensors;
  assert.deepEqual(await logits(), first);
  assert.equal(tf.memory().numTensors, before);
});

test('MobileNetV2, ResNet50 and EfficientNetB0 of keras.applications, with random weights and statistics', async (t) => {
  const python = await pythonReference();
  const names = ['MobileNetV2', 'ResNet50', 'EfficientNetB0'];
  const folder = python === null ? KERAS_FIXTURES : temporaryFolder(t);
  if (python !== null) await runPython(python, 'keras_models.py', [folder, ...names]);
  for (const name of python === null ? ['tiny'] : names) {
    const reference = await kerasReference(folder, name);
    const difference = await differenceToKeras(reference);
    t.diagnostic(`${name}: worst difference ${difference.toExponential(1)}, largest logit ${Math.max(...reference.logits.map(Math.abs)).toFixed(2)}`);
    assert.ok(difference < TOLERANCE, `${name}: ${difference}`);
  }
});
