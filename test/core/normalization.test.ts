import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalizedFeatures, resolveNormalization } from '../../src/core/normalization.ts';

const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const HALF = { mean: [0.5], std: [0.5] };
const NONE = { mean: [0], std: [1] };

test('auto is the checkpoint, then the family of the network, then none', () => {
  const own = { mean: [0.1], std: [0.2] };
  assert.deepEqual(resolveNormalization('auto', 'resnet-50', own, 3), own);
  for (const network of ['resnet-18', 'resnet-50', 'mobilenet-v2', 'swin-tiny']) assert.deepEqual(resolveNormalization('auto', network, null, 3), IMAGENET, network);
  for (const network of ['vit-tiny', 'vit-small']) assert.deepEqual(resolveNormalization('auto', network, null, 3), HALF, network);
  for (const network of ['resnet-8', 'resnet-20', 'vit-mini', 'small-cnn', 'mlp', 'linear', null]) assert.deepEqual(resolveNormalization('auto', network, null, 3), NONE, `${network}`);
});

test('what the plan says by name or in numbers wins over the checkpoint', () => {
  const own = { mean: [0.1], std: [0.2] };
  assert.deepEqual(resolveNormalization('imagenet', 'vit-tiny', own, 3), IMAGENET);
  assert.deepEqual(resolveNormalization('half', 'resnet-18', own, 3), HALF);
  assert.deepEqual(resolveNormalization('none', 'resnet-18', own, 3), NONE);
  assert.deepEqual(resolveNormalization({ mean: [1], std: [2] }, 'resnet-18', own, 3), { mean: [1], std: [2] });
});

test('grey images take the mean over the colours of a named one; numbers that do not fit are refused', () => {
  const { mean, std } = resolveNormalization('imagenet', null, null, 1);
  assert.ok(Math.abs(mean[0] - 0.449) < 1e-12 && Math.abs(std[0] - 0.226) < 1e-12);
  assert.throws(() => resolveNormalization({ mean: [0, 0, 0], std: [1] }, null, null, 1), { code: 'data-invalid', message: /data\.normalization\.mean: 3 values for images of 1 channels/ });
  assert.throws(() => resolveNormalization({ mean: [0], std: [1, 1] }, null, null, 3), { code: 'data-invalid', message: /data\.normalization\.std: 2 values/ });
});

test('features are normalised by channel, not scaled first', () => {
  assert.deepEqual([...normalizedFeatures(Float32Array.of(3, 30, 1, 10), { mean: [1, 10], std: [2] }, 2)], [1, 10, 0, 0]);
});
