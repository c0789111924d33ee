/** Layers models that TensorFlow.js itself made and saved: ours gives what its `predict` gives. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model as functional, sequential, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import '../../core/wasm-backend.ts';
import { floatTensor } from '../../../src/protocol/tensor.ts';
import { readCheckpoint } from '../../../src/run/trainer/checkpoint/read-checkpoint.ts';
import { logitsOfImages } from '../../reference/keras-models.ts';
import { worstDifference } from '../../reference/logits.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { saveModel, writeModel, type ModelJson } from './layers-model.ts';

/** Every weight another number, statistics positive. */
function randomise(model: LayersModel): LayersModel {
  model.setWeights(model.getWeights().map((weight, index) => tf.sub(tf.randomUniform(weight.shape, 0.1, 0.9, 'float32', index), weight.rank > 1 ? 0.5 : 0)));
  return model;
}

async function compare(t: TestContext, model: LayersModel): Promise<number> {
  const { file } = await saveModel(model, temporaryFolder(t));
  const { network, tensors } = await readCheckpoint(file);
  const shape = [3, ...network!.inputShape];
  const images = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => Math.sin(index * 0.37));
  const inputShape = [3, ...model.inputs[0].shape.slice(1)] as number[];
  const expected = (await (model.predict(tf.tensor(images, inputShape)) as tf.Tensor).data()) as Float32Array;
  assert.ok(Math.max(...expected) - Math.min(...expected) > 1e-3, 'the outputs are all alike');
  return worstDifference(await logitsOfImages(network!, tensors, floatTensor('x', shape, images)), expected);
}

function smallModel(): LayersModel {
  return randomise(sequential({
    layers: [
      layers.conv2d({ inputShape: [9, 8, 3], filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu', name: 'first' }),
      layers.batchNormalization(),
      layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }),
      layers.flatten(),
      layers.dense({ units: 3, name: 'last' }),
    ],
  }));
}

test('a Sequential model, saved by the package', async (t) => {
  assert.ok((await compare(t, smallModel())) < 1e-5);
});

test('models inside a Functional model', async (t) => {
  const image = input({ shape: [8, 8, 3] });
  const block = sequential({ layers: [layers.conv2d({ inputShape: [8, 8, 4], filters: 4, kernelSize: 3, padding: 'same' }), layers.batchNormalization()] });
  const stem = layers.conv2d({ filters: 4, kernelSize: 1 }).apply(image) as SymbolicTensor;
  const sum = layers.add().apply([stem, block.apply(stem) as SymbolicTensor]) as SymbolicTensor;
  const pooled = layers.globalAveragePooling2d({}).apply(sum) as SymbolicTensor;
  assert.ok((await compare(t, randomise(functional({ inputs: image, outputs: layers.dense({ units: 4 }).apply(pooled) as SymbolicTensor })))) < 1e-5);
});

test('features, and layers that only the package computes: their weights are found by name', async (t) => {
  const rows = sequential({
    layers: [
      layers.bidirectional({ inputShape: [6, 5], layer: layers.lstm({ units: 3, returnSequences: true, recurrentInitializer: 'zeros' }) as never, mergeMode: 'concat' }),
      layers.timeDistributed({ layer: layers.dense({ units: 4, activation: 'tanh' }) }),
      layers.conv1d({ filters: 3, kernelSize: 2 }),
      layers.gru({ units: 4, recurrentInitializer: 'zeros' }),
      layers.dense({ units: 3 }),
    ],
  });
  assert.ok((await compare(t, randomise(rows))) < 1e-5);
  const features = sequential({ layers: [layers.dense({ inputShape: [7], units: 5, activation: 'elu' }), layers.dense({ units: 3 })] });
  assert.ok((await compare(t, randomise(features))) < 1e-5);
});

for (const [dtype, bytes, tolerance] of [['uint8', 1, 4e-3], ['uint16', 2, 2e-5], ['float16', 2, 1e-3]] as const) {
  test(`weights quantised as ${dtype}`, async (t) => {
    const folder = temporaryFolder(t);
    const { file, json, weights } = await saveModel(smallModel(), folder);
    const plain = await readCheckpoint(file);
    const values = new Float32Array(weights.buffer);
    const most = 2 ** (8 * bytes) - 1;
    const quantised = dtype === 'uint8' ? Uint8Array.from(values, (value) => Math.round(((value + 1) / 2) * most)) : dtype === 'uint16' ? Uint16Array.from(values, (value) => Math.round(((value + 1) / 2) * most)) : halves(values);
    for (const weight of json.weightsManifest[0].weights) weight.quantization = dtype === 'float16' ? { dtype } : { dtype, min: -1, scale: 2 / most };
    writeModel(folder, json, { 'weights.bin': new Uint8Array(quantised.buffer) });
    const { tensors } = await readCheckpoint(file);
    for (const [index, { name, data }] of tensors.entries()) {
      const difference = worstDifference(new Float32Array(data.slice().buffer), new Float32Array(plain.tensors[index].data.slice().buffer));
      assert.ok(difference <= tolerance, `${name}: ${difference}`);
    }
  });
}

/** Rounded to half precision: numbers from 2^-14 to 65504. */
function halves(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    if (Math.abs(value) < 2 ** -14) return 0;
    const exponent = Math.floor(Math.log2(Math.abs(value)));
    return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) + Math.min(1023, Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024));
  });
}

async function refusal(file: string): Promise<string> {
  return await readCheckpoint(file).then(() => 'no error', (error: Error) => error.message);
}

test('shards of a wrong size, missing, or outside the folder of the model', async (t) => {
  const folder = temporaryFolder(t);
  const inside = path.join(folder, 'model');
  mkdirSync(inside);
  const { json, weights } = await saveModel(smallModel(), inside);
  const withPaths = (...paths: string[]): string => writeModel(inside, { ...json, weightsManifest: [{ ...json.weightsManifest[0], paths }] }, {});
  writeFileSync(path.join(folder, 'outside.bin'), weights);
  symlinkSync(path.join(folder, 'outside.bin'), path.join(inside, 'link.bin'));
  for (const shard of ['../outside.bin', path.join(folder, 'outside.bin'), 'x/../../outside.bin', 'https://example.org/weights.bin', '', '.']) {
    assert.match(await refusal(withPaths(shard)), /the shard ".*" is not in the folder of the model/, shard);
  }
  assert.match(await refusal(withPaths('link.bin')), /is a link to .*outside\.bin, outside/);
  assert.match(await refusal(withPaths('none.bin')), /none\.bin is missing: .*model\.json needs it/);
  truncateSync(path.join(inside, 'weights.bin'), weights.length - 4);
  assert.match(await refusal(withPaths('weights.bin')), new RegExp(`its weights take ${weights.length} bytes, weights\\.bin has ${weights.length - 4}`));
});

test('manifests that claim too much, and weights of other types', async (t) => {
  const folder = temporaryFolder(t);
  const { file, json } = await saveModel(smallModel(), folder);
  const changed = (change: (weight: ModelJson['weightsManifest'][number]['weights'][number]) => void): string => {
    const copy = structuredClone(json);
    change(copy.weightsManifest[0].weights[0]);
    return writeModel(folder, copy, {});
  };
  assert.match(await refusal(changed((weight) => (weight.shape = [2 ** 50]))), /its weights take \d+ bytes/);
  assert.match(await refusal(changed((weight) => (weight.dtype = 'string'))), /are of the type string/);
  assert.match(await refusal(changed((weight) => (weight.name = 'other/kernel'))), /has no weights first\/kernel/);
  assert.match(await refusal(changed((weight) => (weight.shape = weight.shape.toReversed()))), /first\/kernel is \[4, 3, 3, 3\], not \[3, 3, 3, 4\]/);
  assert.match(await refusal(changed((weight) => (weight.quantization = { dtype: 'int4' }))), /are of the type int4/);
  assert.equal(await refusal(writeModel(folder, json, {})), 'no error', file);
});
