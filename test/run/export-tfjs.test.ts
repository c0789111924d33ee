/** Networks as TensorFlow.js layers models: `loadLayersModel` of what was written gives what our network gives, and reading it back too. */
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '../core/wasm-backend.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { modelFile, parametersOf, product } from '../../src/core/network.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import { floatsOf, floatTensor, type TensorData } from '../../src/protocol/tensor.ts';
import { readCheckpoint } from '../../src/run/trainer/checkpoint/read-checkpoint.ts';
import { tfjsFiles } from '../../src/run/trainer/export/tfjs-files.ts';
import { kerasReference, KERAS_FIXTURES, logitsOfImages } from '../reference/keras-models.ts';
import { worstDifference } from '../reference/logits.ts';
import { loadModel } from './checkpoint/layers-model.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Numbers without an order, of the size that keeps what goes through the network in bounds; variances around 1. */
function weightsOf(network: NetworkSpec): TensorData[] {
  return parametersOf(network).map(({ name, diskShape, fanIn }, place) => {
    const [middle, width] = name.endsWith('running_var') ? [1, 0.3] : diskShape.length > 1 ? [0, 2 / Math.sqrt(Math.max(fanIn, 1))] : [0.5, 0.4];
    return floatTensor(name, diskShape, Float32Array.from({ length: product(diskShape) }, (_, index) => middle + width * Math.sin(37.7 * index + index ** 2 + place)));
  });
}

function write(t: TestContext, network: NetworkSpec, tensors: TensorData[]): string {
  const folder = temporaryFolder(t);
  const model = modelFile(network, Array.from({ length: network.classes }, (_, index) => `class ${index}`), { mean: [0.5], std: [0.5] });
  for (const { name, content } of tfjsFiles(model, tensors, { run: 'r', name: 'member-1' })) writeFileSync(path.join(folder, name), content);
  return folder;
}

async function compare(t: TestContext, network: NetworkSpec, tensors: TensorData[], images?: TensorData): Promise<void> {
  const shape = [2, ...network.inputShape];
  const x = images ?? floatTensor('x', shape, Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => Math.sin(index * 0.37)));
  const ours = await logitsOfImages(network, tensors, x);
  const folder = write(t, network, tensors);
  const theirs = (await loadModel(folder)).predict(tf.tensor(floatsOf(x), x.shape)) as tf.Tensor;
  const size = Math.max(1, ...ours.map(Math.abs));
  assert.ok(Math.max(...ours) - Math.min(...ours) > 1e-3, 'the outputs are all alike');
  const difference = worstDifference((await theirs.data()) as Float32Array, ours) / size;
  assert.ok(difference < 1e-5, `loaded by TensorFlow.js: ${difference}`);
  const back = await readCheckpoint(path.join(folder, 'model.json'));
  const differenceBack = worstDifference(await logitsOfImages(back.network!, back.tensors, x), ours) / size;
  assert.ok(differenceBack < 1e-5, `read back: ${differenceBack}`);
}

const NETWORKS: [BuiltinName, [number, number, number]][] = [
  ['linear', [5, 4, 2]], ['mlp', [6, 6, 1]], ['small-cnn', [9, 8, 3]], ['resnet-8', [11, 11, 3]], ['resnet-20', [16, 16, 3]], ['resnet-18', [40, 33, 3]], ['mobilenet-v2', [35, 32, 3]],
];
for (const [name, shape] of NETWORKS) {
  test(`${name} as a layers model`, async (t) => {
    const network = builtinNetwork(name, shape, 4, { dropout: 0.1 });
    await compare(t, network, weightsOf(network));
  });
}

for (const name of ['stock', 'nested']) {
  test(`${name}.keras as a layers model`, async (t) => {
    const { checkpoint, images } = await kerasReference(KERAS_FIXTURES, name);
    await compare(t, checkpoint.network, checkpoint.tensors, images);
  });
}

test('tiny.keras has a convolution of groups, which TensorFlow.js lacks; so say the error and the one of a transformer', async (t) => {
  const { checkpoint } = await kerasReference(KERAS_FIXTURES, 'tiny');
  assert.throws(() => write(t, checkpoint.network, checkpoint.tensors), /The network tiny has layers that a TensorFlow\.js layers model cannot have: conv \(conv2d_2\)/);
  const vit = builtinNetwork('vit-mini', [16, 16, 3], 4);
  assert.throws(
    () => write(t, vit, weightsOf(vit)),
    (error: Error & { code?: string; hint?: string }) => /class-token \(.*\); position \(.*\); attention \(.*, and \d+ more\)/.test(error.message) && error.code === 'usage' && error.hint === 'Export it as safetensors.',
  );
});

test('padded pooling goes with numbers that are never negative only', (t) => {
  const network: NetworkSpec = {
    name: 'pool', inputShape: [5, 5, 1], classes: 2, head: 'fc',
    layers: [{ kind: 'max-pool', name: 'pool', inputs: ['images'], size: 3, stride: 2, padding: 1 }, { kind: 'flatten', name: 'flat', inputs: ['pool'] }, { kind: 'dense', name: 'fc', inputs: ['flat'], outputs: 2, bias: true }],
  };
  assert.throws(() => write(t, network, weightsOf(network)), /cannot have: max-pool \(pool\)/);
});

test('weights lie in shards of 4 MB, and the file says what the network is', (t) => {
  const network = builtinNetwork('mobilenet-v2', [32, 32, 3], 4);
  const folder = write(t, network, weightsOf(network));
  const { weightsManifest, userDefinedMetadata } = JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8')) as { weightsManifest: { paths: string[] }[]; userDefinedMetadata: unknown };
  const sizes = weightsManifest[0].paths.map((name) => statSync(path.join(folder, name)).size);
  assert.ok(sizes.length > 1 && sizes.slice(0, -1).every((size) => size === 4 * 1024 * 1024), String(sizes));
  assert.deepEqual(userDefinedMetadata, { run: 'r', name: 'member-1', classNames: ['class 0', 'class 1', 'class 2', 'class 3'], normalization: { mean: [0.5], std: [0.5] }, output: 'logits' });
});
