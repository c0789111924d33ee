/** Figures of tensors against values worked out by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterShape, firstFilters, HISTOGRAM_BINS } from '../../../src/protocol/checkpoint.ts';
import { Difference } from '../../../src/run/trainer/tensors/difference.ts';
import { filterImages } from '../../../src/run/trainer/tensors/filters.ts';
import { numbersOf } from '../../../src/run/trainer/tensors/numbers.ts';
import { Statistics } from '../../../src/run/trainer/tensors/statistics.ts';

test('statistics of a tensor in uneven pieces: extremes, mean, deviation, norm, zeros, and what is no number', () => {
  const pieces = [[2, -4, 0], [NaN, 4, Infinity, -0], [-Infinity, NaN], [6, 4]];
  const statistics = new Statistics();
  for (const piece of pieces) statistics.add(Float32Array.from(piece));
  for (const piece of pieces) statistics.bin(Float32Array.from(piece));
  const { histogram, ...figures } = statistics.result('w');
  // Finite: 2 -4 0 4 0 6 4: sum 12, squares 88; variance 88 / 7 - (12 / 7)^2
  assert.deepEqual(figures, { name: 'w', count: 11, min: -4, max: 6, mean: figures.mean, deviation: figures.deviation, norm: Math.sqrt(88), zeros: 2, nan: 2, infinite: 2 });
  assert.ok(Math.abs(figures.mean! - 12 / 7) < 1e-15);
  assert.ok(Math.abs(figures.deviation! - Math.sqrt(88 / 7 - (12 / 7) ** 2)) < 1e-15);
  const at = (value: number): number => Math.min(HISTOGRAM_BINS - 1, Math.floor(((value + 4) / 10) * HISTOGRAM_BINS));
  const expected = new Array<number>(HISTOGRAM_BINS).fill(0);
  for (const value of [2, -4, 0, 4, 0, 6, 4]) expected[at(value)] += 1;
  assert.deepEqual(histogram, expected);
});

test('the deviation of numbers far from zero keeps its digits', () => {
  const statistics = new Statistics();
  statistics.add(Float64Array.of(1e9 + 1, 1e9 + 3));
  statistics.add(Float64Array.of(1e9 + 1, 1e9 + 3));
  assert.equal(statistics.result('w').deviation, 1);
});

test('a tensor of one value, of none, and of none that is finite', () => {
  const one = new Statistics();
  one.add(Float32Array.of(3, 3));
  one.bin(Float32Array.of(3, 3));
  assert.deepEqual(one.result('w').histogram.slice(0, 2), [2, 0]);
  const none = new Statistics().result('w');
  assert.deepEqual([none.count, none.min, none.mean, none.deviation, none.norm, none.histogram], [0, null, null, null, null, []]);
  const nan = new Statistics();
  nan.add(Float32Array.of(NaN));
  assert.deepEqual([nan.result('w').nan, nan.result('w').infinite, nan.result('w').norm], [1, 0, null]);
});

test('bytes become numbers by type', () => {
  const of = (dtype: string, ...bytes: number[]): number[] => [...numbersOf(dtype, Uint8Array.from(bytes), 'w')];
  assert.deepEqual(of('F16', 0x00, 0x3c, 0x01, 0x00, 0x00, 0xfc, 0x55, 0x35), [1, 2 ** -24, -Infinity, 0.333251953125]);
  assert.deepEqual(of('BF16', 0x80, 0x3f, 0x49, 0xc0), [1, -3.140625]);
  assert.deepEqual(of('F64', 0, 0, 0, 0, 0, 0, 0xf8, 0x3f), [1.5]);
  assert.deepEqual(of('I8', 0xff, 0x7f), [-1, 127]);
  assert.deepEqual(of('I16', 0xfe, 0xff), [-2]);
  assert.deepEqual(of('U32', 0xff, 0xff, 0xff, 0xff), [4294967295]);
  assert.deepEqual(of('I64', 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), [-1]);
  assert.deepEqual(of('BOOL', 0, 1), [0, 1]);
  // OCP: S.1111.110 is 448, S.0000.001 is 2^-9; S.11110.11 is 57344, S.00000.01 is 2^-16.
  assert.deepEqual(of('F8_E4M3', 0x7e, 0x01, 0xb8, 0x7f), [448, 2 ** -9, -1, NaN]);
  assert.deepEqual(of('F8_E5M2', 0x7b, 0x01, 0xbc, 0xfc), [57344, 2 ** -16, -1, -Infinity]);
  assert.throws(() => of('F4', 1), { code: 'file-invalid', message: 'w is of the type F4, whose numbers are not read' });
});

test('how far two tensors are apart', () => {
  const difference = new Difference();
  difference.add(Float32Array.of(3, 0), Float32Array.of(3, 4));
  difference.add(Float32Array.of(4), Float32Array.of(1));
  assert.deepEqual(difference.result('w'), { name: 'w', count: 3, distance: 5, largest: 4, normA: 5, normB: Math.sqrt(26), dot: 13 });
  const broken = new Difference();
  broken.add(Float32Array.of(1), Float32Array.of(NaN));
  assert.deepEqual(broken.result('w'), { name: 'w', count: 1, distance: null, largest: null, normA: 1, normB: null, dot: null });
});

test('filters are images of their own least and greatest number, whichever layout they are stored in', () => {
  // Two filters of 2 x 2, one channel.
  const torch = filterImages({ name: 'w', dtype: 'F32', shape: [2, 1, 2, 2], sizeBytes: 32, start: 0 }, Float32Array.of(0, 1, 2, 4, 5, 5, 5, 5), 'torch');
  assert.deepEqual([...Buffer.from(torch.pixels, 'base64')], [0, 64, 128, 255, 128, 128, 128, 128]);
  assert.deepEqual([torch.low, torch.high, torch.shown], [[0, 5], [4, 5], 2]);
  const tensorflow = filterImages({ name: 'w', dtype: 'F32', shape: [2, 2, 1, 2], sizeBytes: 32, start: 0 }, Float32Array.of(0, 5, 1, 5, 2, 5, 4, 5), 'tensorflow');
  assert.equal(tensorflow.pixels, torch.pixels);
  // Three channels: a pixel's red, green and blue lie beside each other.
  const rgb = filterImages({ name: 'w', dtype: 'F32', shape: [1, 3, 2, 2], sizeBytes: 48, start: 0 }, Float32Array.of(0, 0, 0, 0, 10, 10, 10, 10, 20, 20, 20, 20), 'torch');
  assert.deepEqual([...Buffer.from(rgb.pixels, 'base64')].slice(0, 6), [0, 128, 255, 0, 128, 255]);
  assert.throws(() => filterImages({ name: 'w', dtype: 'F32', shape: [8, 16, 3, 3], sizeBytes: 0, start: 0 }, new Float32Array(0), 'torch'), { code: 'usage' });
});

test('which filters look at the image', () => {
  const item = (name: string, ...shape: number[]) => ({ name, dtype: 'F32', shape, sizeBytes: 0, start: 0 });
  const tensors = [item('features.10.weight', 32, 1, 3, 3), item('features.2.weight', 32, 1, 3, 3), item('fc.weight', 10, 32)];
  assert.equal(firstFilters(tensors, 'torch')?.name, 'features.2.weight');
  assert.equal(firstFilters([...tensors, item('z.weight', 32, 3, 3, 3)], 'torch')?.name, 'z.weight');
  assert.equal(firstFilters([item('conv2d/kernel', 3, 3, 3, 8)], 'tensorflow')?.name, 'conv2d/kernel');
  assert.equal(firstFilters([item('fc.weight', 10, 32)], 'torch'), null);
  assert.equal(filterShape([64, 64, 1, 1], 'torch'), null);
});
