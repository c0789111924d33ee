/** Checkpoints of transformers are made to fit: names, buffers, tables of positions for other image sizes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { fitWeights } from '../../src/core/fit-weights.ts';
import { resampled } from '../../src/core/fit-weights/bicubic.ts';
import { resampledTable } from '../../src/core/fit-weights/relative-table.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { floatsOf, floatTensor, type TensorData } from '../../src/protocol/tensor.ts';
import { formulaTensor } from '../reference/formula.ts';
import { worstDifference } from '../reference/logits.ts';
import { TRANSFORMER_FIXTURE } from '../reference/transformers.ts';

const OPTIONS = { headSeed: null, what: 'test' };

for (const { grid, table } of TRANSFORMER_FIXTURE.positions) {
  test(`a table of 7 x 7 positions becomes ${grid.join(' x ')} as timm resamples it`, () => {
    const values = floatsOf(formulaTensor('pos_embed', [1, 50, 3]));
    const actual = [...values.subarray(0, 3), ...resampled(values.subarray(3), [7, 7, 3], grid)];
    assert.ok(worstDifference(actual, table) < 1e-6);
  });
}

for (const { window, table } of TRANSFORMER_FIXTURE.relative) {
  test(`a table of relative positions in windows of 7 becomes one of ${window} as timm resamples it`, () => {
    const actual = resampledTable(floatsOf(formulaTensor('relative_position_bias_table', [169, 3])), 3, 13, 2 * window - 1);
    assert.ok(worstDifference(actual, table) < 1e-5);
  });
}

test('a checkpoint of another image size fits, and so does a snapshot of our own', () => {
  const [small, large] = [16, 32].map((side) => builtinNetwork('vit-mini', [side, side, 3], 10));
  const start = initialWeights(small, 1);
  const fitted = fitWeights(large, start, OPTIONS);
  assert.deepEqual(fitted.find(({ name }) => name === 'pos_embed')?.shape, [1, 65, 64]);
  // The class token has no place in the grid: its row stays.
  const rows = [start, fitted].map((tensors) => [...floatsOf(tensors.find(({ name }) => name === 'pos_embed')!).subarray(0, 64)]);
  assert.deepEqual(rows[1], rows[0]);
  assert.deepEqual(fitWeights(small, start, OPTIONS), start);
});

test('a table that was not made for a square is told, not guessed', () => {
  const network = builtinNetwork('vit-mini', [16, 16, 3], 10);
  const tensors = initialWeights(network, 1).map((tensor) => (tensor.name === 'pos_embed' ? floatTensor('pos_embed', [1, 14, 64], new Float32Array(14 * 64)) : tensor));
  assert.throws(() => fitWeights(network, tensors, OPTIONS), /pos_embed is \[1, 14, 64\], not \[1, 17, 64\]/);
});

test('names of torchvision and of the authors are those of the same Swin', () => {
  const network = builtinNetwork('swin-tiny', [224, 224, 3], 1000);
  const { shapes } = TRANSFORMER_FIXTURE.logits['torchvision:swin_t'];
  const buffers: TensorData[] = ['features.1.0.attn.relative_position_index', 'features.3.1.attn.relative_position_index'].map((name) => ({ name, dtype: 'I64', shape: [2], data: new Uint8Array(16) }));
  const zeros = Object.entries(shapes).map(([name, shape]) => floatTensor(name, shape, new Float32Array(shape.reduce((a, b) => a * b))));
  const names = Object.keys(TRANSFORMER_FIXTURE.logits['timm:swin_tiny_patch4_window7_224'].shapes).sort();
  assert.deepEqual(fitWeights(network, [...zeros, ...buffers], OPTIONS).map(({ name }) => name).sort(), names);

  const ours = fitWeights(network, zeros, OPTIONS);
  const authors = ours.map((tensor) => ({ ...tensor, name: tensor.name.replace(/^layers\.(\d)\.downsample/, (_, stage: string) => `layers.${Number(stage) - 1}.downsample`).replace('head.fc.', 'head.') }));
  authors.push({ name: 'layers.0.blocks.1.attn_mask', dtype: 'F32', shape: [1], data: new Uint8Array(4) });
  assert.ok(authors.some(({ name }) => name === 'layers.0.downsample.norm.weight'));
  assert.deepEqual(fitWeights(network, authors, OPTIONS).map(({ name }) => name).sort(), names);
});

test('what does not fit is listed: a missing, a foreign and a misshapen tensor, and other classes', () => {
  const network = builtinNetwork('vit-mini', [16, 16, 3], 10);
  const start = initialWeights(network, 1);
  const wrong = start.filter(({ name }) => name !== 'blocks.2.attn.proj.bias').map((tensor) => (tensor.name === 'cls_token' ? floatTensor('cls_token', [1, 1, 32], new Float32Array(32)) : tensor));
  wrong.push(floatTensor('blocks.9.norm1.weight', [64], new Float32Array(64)));
  assert.throws(() => fitWeights(network, wrong, OPTIONS), (error: Error) => {
    assert.match(error.message, /missing \(1\): blocks\.2\.attn\.proj\.bias/);
    assert.match(error.message, /cls_token is \[1, 1, 32\], not \[1, 1, 64\]/);
    assert.match(error.message, /left over \(1\): blocks\.9\.norm1\.weight/);
    return true;
  });
  assert.throws(() => fitWeights(builtinNetwork('vit-mini', [16, 16, 3], 7), start, OPTIONS), /it is of 10 classes, not 7/);
  const replaced = fitWeights(builtinNetwork('vit-mini', [16, 16, 3], 7), start, { headSeed: 3, what: 'test' });
  assert.deepEqual(replaced.find(({ name }) => name === 'head.weight')?.shape, [7, 64]);
});
