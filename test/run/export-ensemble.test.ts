/** An ensemble as one layers model and as a folder for Python: they predict what the members' mean is. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '../core/wasm-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { ensemble, type EnsembleRule } from '../../src/core/ensemble.ts';
import { joinedNetwork, type Part } from '../../src/core/ensembles/joined-network.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { probabilities } from '../../src/core/metrics.ts';
import { modelFile } from '../../src/core/network.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import { floatTensor } from '../../src/protocol/tensor.ts';
import { tfjsFiles } from '../../src/run/trainer/export/tfjs-files.ts';
import { logitsOfImages } from '../reference/keras-models.ts';
import { worstDifference } from '../reference/logits.ts';
import { loadModel } from './checkpoint/layers-model.ts';
import { starsse } from './starsse.ts';
import { temporaryFolder } from './temporary-folder.ts';

const GOLDEN = path.resolve('test/fixtures/run-format-1');
const SHAPE: [number, number, number] = [9, 9, 2];
const images = floatTensor('x', [3, ...SHAPE], Float32Array.from({ length: 3 * 162 }, (_, index) => Math.sin(index * 0.37)));

function part(name: string, network: NetworkSpec, seed: number, weight: number): Part {
  return { name, network, tensors: initialWeights(network, seed), weight };
}

async function meanOf(parts: readonly Part[], rule: EnsembleRule): Promise<Float64Array> {
  const members = await Promise.all(parts.map(async ({ network, tensors }) => ({ logits: Float32Array.from(await logitsOfImages(network, [...tensors], images)), labels: Int32Array.of(0, 1, 2), classes: 4 })));
  const made = ensemble(members, rule, parts.map(({ weight }) => weight));
  return rule === 'logit-mean' ? Float64Array.from(made.logits) : probabilities(made);
}

for (const rule of ['probability-mean', 'logit-mean'] as const) {
  test(`${rule}: networks of two kinds in one layers model, loaded by TensorFlow.js`, async (t) => {
    const parts = [part('member-1', builtinNetwork('resnet-8', SHAPE, 4), 1, 0.5), part('20260101-000000-abcd/member-1', builtinNetwork('small-cnn', SHAPE, 4), 2, 0.3), part('member-2', builtinNetwork('resnet-8', SHAPE, 4), 3, 0.2)];
    const expected = await meanOf(parts, rule);
    const { network, tensors } = joinedNetwork(parts, rule, 'ensemble-1');
    assert.ok(worstDifference(Float32Array.from(await logitsOfImages(network, tensors, images)), [...expected]) < 1e-5, 'as a network of ours');
    const folder = temporaryFolder(t);
    const model = modelFile(network, ['a', 'b', 'c', 'd'], { mean: [0.5], std: [0.5] });
    for (const { name, content } of tfjsFiles(model, tensors, { output: 'probabilities' })) writeFileSync(path.join(folder, name), content);
    const theirs = (await loadModel(folder)).predict(tf.tensor(Array.from(new Float32Array(images.data.buffer, images.data.byteOffset)), images.shape)) as tf.Tensor;
    assert.ok(worstDifference((await theirs.data()) as Float32Array, [...expected]) < 1e-5, 'loaded by TensorFlow.js');
  });
}

test('networks that see other images make no model', () => {
  const [one, other] = [part('member-1', builtinNetwork('linear', [4, 4, 1], 3), 1, 0.5), part('member-2', builtinNetwork('linear', [5, 4, 1], 3), 1, 0.5)];
  assert.throws(() => joinedNetwork([one, other], 'logit-mean', 'e'), { code: 'mismatch', message: 'member-2 sees images of 5 x 4 x 1 and knows 3 classes, member-1 4 x 4 x 1 and 3' });
  assert.throws(() => joinedNetwork([], 'logit-mean', 'e'), { code: 'usage' });
});

async function exported(t: TestContext, run: string, format: string): Promise<string> {
  const out = path.join(temporaryFolder(t), format);
  const { code, stderr } = await starsse(['export', run, 'ensemble-1', '--format', format, '--out', out, '--json']);
  assert.deepEqual([code, stderr], [0, '']);
  return out;
}

test('starsse export of an ensemble: one model, or a folder for Python without a pickle', async (t) => {
  const tfjs = await exported(t, GOLDEN, 'tfjs');
  const { userDefinedMetadata } = JSON.parse(readFileSync(path.join(tfjs, 'model.json'), 'utf8')) as { userDefinedMetadata: unknown };
  assert.deepEqual(userDefinedMetadata, { output: 'probabilities', run: '20261124-164120-rexl', name: 'ensemble-1', classNames: ['horizontal', 'vertical', 'diagonal'], normalization: { mean: [0.25], std: [0.25] } });
  assert.match(readFileSync(path.join(tfjs, 'README.md'), 'utf8'), /ensemble-1, the mean of the probabilities of member-1, member-2, member-3\. Each is a network linear/);
  const folder = await exported(t, GOLDEN, 'safetensors');
  const card = readFileSync(path.join(folder, 'README.md'), 'utf8');
  assert.match(card, /sum\(weight \* model\(images\)\.softmax\(1\) for weight, model in members\)/);
  const { members, mean } = JSON.parse(readFileSync(path.join(folder, 'ensemble.json'), 'utf8')) as { mean: string; members: { file: string; weight: number }[] };
  assert.equal(mean, 'probability');
  assert.deepEqual(members.map(({ file, weight }) => [file, weight]), [1, 2, 3].map((number) => [`member-${number}.safetensors`, 1 / 3]));
  for (const { file } of members) assert.ok(readFileSync(path.join(folder, file)).length > 0);
});

test('a member whose snapshot is torn is named, and nothing is left half made', async (t) => {
  const run = path.join(temporaryFolder(t), 'run');
  cpSync(GOLDEN, run, { recursive: true });
  const file = path.join(run, 'snapshots', 'member-2.safetensors');
  writeFileSync(file, readFileSync(file).subarray(0, 100));
  const out = path.join(temporaryFolder(t), 'out');
  mkdirSync(out);
  const { code, stderr } = await starsse(['export', run, 'ensemble-1', '--format', 'tfjs', '--out', out]);
  assert.equal(code, 2);
  assert.match(stderr, /member-2\.safetensors/);
});
