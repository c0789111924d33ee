/** What the built-in transformers are: sizes, starts, stochastic depth, and which images they take. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { forward, type Noise } from '../../src/core/forward.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { layerShapes, macs, parameterCount } from '../../src/core/network.ts';
import { drawNoise } from '../../src/core/noise.ts';
import { randomKey } from '../../src/core/random.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import { floatsOf } from '../../src/protocol/tensor.ts';
import { formulaImages, formulaTensor } from '../reference/formula.ts';

// As timm counts them; multiply-accumulates as published: 1.3, 4.6 and 4.5 thousand millions.
const SIZES: [BuiltinName, number, number][] = [['vit-tiny', 5_717_416, 1.26e9], ['vit-small', 22_050_664, 4.61e9], ['swin-tiny', 28_288_354, 4.5e9]];
for (const [name, weights, cost] of SIZES) {
  test(`${name} has ${weights} weights and costs what is published`, () => {
    const network = builtinNetwork(name, [224, 224, 3], 1000);
    assert.equal(parameterCount(network), weights);
    assert.ok(Math.abs(macs(network) / cost - 1) < 0.02, `${macs(network)}`);
  });
}

test('vit-mini takes small images of any whole number of patches, grey or not', () => {
  for (const [height, width, channels, tokens] of [[8, 8, 1, 5], [28, 28, 1, 50], [32, 32, 3, 65], [12, 20, 3, 16]]) {
    const network = builtinNetwork('vit-mini', [height, width, channels], 10);
    assert.deepEqual(layerShapes(network).get('position'), [tokens, 64]);
  }
});

test('images that are no whole number of patches are refused, with what to do', () => {
  assert.throws(() => builtinNetwork('vit-tiny', [225, 224, 3], 10), { code: 'data-invalid', message: /225 x 224 cannot be cut into patches of 16 x 16/, hint: /multiple of 16/ });
  assert.throws(() => builtinNetwork('swin-tiny', [30, 30, 3], 10), { code: 'data-invalid', hint: /multiple of 4/ });
});

test('a start from scratch is timm\'s: a deviation of 0.02 for maps and tables, 0 for biases, 1 for scales, next to nothing for the class token', () => {
  const network = builtinNetwork('vit-mini', [16, 16, 3], 10);
  for (const tensor of initialWeights(network, 4)) {
    const values = floatsOf(tensor);
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    if (/norm\d?\.weight$/.test(tensor.name)) assert.ok(values.every((value) => value === 1), tensor.name);
    else if (tensor.name.endsWith('.bias') && !tensor.name.startsWith('head')) assert.ok(values.every((value) => value === 0), tensor.name);
    else if (/(qkv|proj|fc\d)\.weight$|pos_embed/.test(tensor.name) && !tensor.name.startsWith('patch')) {
      assert.ok(Math.abs(deviation / 0.02 - 1) < 0.1, `${tensor.name}: ${deviation}`);
    } else if (tensor.name === 'cls_token') assert.ok(deviation < 2e-6);
  }
});

test('stochastic depth rises from 0 at the first block to the rate at the last, and masks whole images of both branches', () => {
  const network = builtinNetwork('vit-mini', [8, 8, 1], 3, { dropPath: 0.3, dropout: 0.2 });
  const rates = network.layers.flatMap((layer) => (layer.kind === 'drop-path' ? [[layer.name, Number(layer.rate.toFixed(6))]] : []));
  assert.deepEqual(rates, [1, 2, 3].flatMap((block) => [1, 2].map((branch) => [`blocks.${block}.drop_path${branch}`, [0, 0.1, 0.2, 0.3][block]])));
  const noise = drawNoise(network, 500, randomKey(1, 'noise', 0));
  assert.deepEqual([...noise.keys()], [...rates.map(([name]) => name), 'dropout']);
  const mask = noise.get('blocks.3.drop_path2')!;
  assert.deepEqual(mask.shape, [500, 1, 1]);
  const values = [...mask.dataSync()];
  assert.ok(values.every((value) => value === 0 || Math.abs(value - 1 / 0.7) < 1e-6));
  assert.ok(Math.abs(values.filter((value) => value === 0).length / 500 - 0.3) < 0.07);

  const swin = builtinNetwork('swin-tiny', [32, 32, 3], 3, { dropPath: 0.2 }).layers.flatMap((layer) => (layer.kind === 'drop-path' ? [layer.rate] : []));
  assert.equal(swin.length, 2 * 11); // all but the first of 12 blocks
  assert.ok(Math.abs(swin[0] - 0.2 / 11) < 1e-9 && swin[21] === 0.2);
});

test('stochastic depth of a network that has none is refused', () => {
  assert.throws(() => builtinNetwork('resnet-20', [32, 32, 3], 10, { dropPath: 0.1 }), { code: 'plan-invalid', message: /model\.dropPath is 0\.1, and the network resnet-20 has no stochastic depth/ });
});

test('an image whose branch is dropped goes on as if the branch were not there; the branch of the others grows', () => {
  const network = builtinNetwork('vit-mini', [8, 8, 3], 3, { dropPath: 0.5 });
  const plain = builtinNetwork('vit-mini', [8, 8, 3], 3);
  const tensors = initialWeights(network, 1).map(({ name, shape }) => formulaTensor(name, shape));
  const images = tf.transpose(tf.tensor4d(formulaImages(8), [2, 3, 8, 8]), [0, 2, 3, 1]);
  const run = (spec: typeof network, noise: Noise, scale: (name: string) => number): number[] => {
    const scaled = tensors.map((tensor) => ({ ...tensor, data: new Uint8Array(floatsOf(tensor).map((value) => value * scale(tensor.name)).buffer) }));
    return [...forward(spec, weightsFrom(spec, scaled, 'test'), images, { training: true, noise }).logits.dataSync()];
  };
  const ones = (name: string): [string, tf.Tensor] => [name, tf.ones([2, 1, 1])];
  const masks = network.layers.flatMap((layer) => (layer.kind === 'drop-path' ? [ones(layer.name)] : []));
  const noise = new Map([...masks, ['blocks.3.drop_path1', tf.tensor3d([0, 2], [2, 1, 1])] as [string, tf.Tensor]]);
  const actual = run(network, noise, () => 1);
  const without = run(plain, new Map(), (name) => (name.startsWith('blocks.3.attn.proj') ? 0 : 1));
  const doubled = run(plain, new Map(), (name) => (name.startsWith('blocks.3.attn.proj') ? 2 : 1));
  for (const [index, value] of actual.entries()) {
    const expected = index < 3 ? without[index] : doubled[index];
    assert.ok(Math.abs(value - expected) < 1e-5, `${index}: ${value}, not ${expected}`);
  }
});
