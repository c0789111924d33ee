import assert from 'node:assert/strict';
import { test } from 'node:test';
import './cpu-backend.ts';
import { augmentationKey, placementOf } from '../../src/core/augment.ts';
import { epochOrder, makeBatch, normalizedValues, stepsPerEpoch } from '../../src/core/batches.ts';
import { checkDataset, splitDataset, subset, type Dataset } from '../../src/core/data.ts';

const labels = Int32Array.from({ length: 1000 }, (_, index) => (index % 10 < 7 ? 0 : index % 10 < 9 ? 1 : 2)); // 700, 200, 100
const countsOf = (positions: Uint32Array) => [0, 1, 2].map((label) => positions.reduce((sum, position) => sum + (labels[position] === label ? 1 : 0), 0));

test('a split is stratified, complete and without overlap', () => {
  const { train, validation, unused } = splitDataset(labels, { train: 100, validation: 50, seed: 1 });
  assert.deepEqual(countsOf(train), [70, 20, 10]);
  assert.deepEqual(countsOf(validation), [35, 10, 5]);
  const all = [...train, ...validation, ...unused];
  assert.equal(all.length, 1000);
  assert.equal(new Set(all).size, 1000);
  assert.deepEqual([...train].sort((a, b) => a - b), [...train]);
});

test('a split depends on its seed, and its training part not on how much validation is asked for', () => {
  const split = splitDataset(labels, { train: 100, validation: 50, seed: 1 });
  assert.deepEqual(splitDataset(labels, { train: 100, validation: 50, seed: 1 }), split);
  assert.notDeepEqual(splitDataset(labels, { train: 100, validation: 50, seed: 2 }).train, split.train);
  assert.deepEqual(splitDataset(labels, { train: 100, validation: 300, seed: 1 }).train, split.train);
});

test('odd sizes are shared out to within one image a class, and everything can be used', () => {
  const { train, validation } = splitDataset(labels, { train: 101, validation: 13, seed: 0 });
  assert.equal(train.length, 101);
  assert.equal(validation.length, 13);
  countsOf(train).forEach((count, label) => assert.ok(Math.abs(count - [70.7, 20.2, 10.1][label]) < 1, `${count}`));
  const whole = splitDataset(labels, { train: 999, validation: 1, seed: 0 });
  assert.deepEqual([whole.train.length, whole.validation.length, whole.unused.length], [999, 1, 0]);
});

test('too few images, in all or of a class, are refused', () => {
  assert.throws(() => splitDataset(labels, { train: 900, validation: 101, seed: 0 }), { code: 'data-invalid', message: /900 training and 101 validation images of 1000/ });
  const rare = Int32Array.from({ length: 1000 }, (_, index) => (index === 0 ? 1 : 0));
  assert.throws(() => splitDataset(rare, { train: 100, validation: 0, seed: 0 }), { code: 'data-invalid', message: /leave none of class 1, which has 1 of 1000/ });
});

const pixels: Dataset = { images: Uint8Array.from({ length: 24 }, (_, index) => index), labels: Int32Array.of(1, 0), shape: [2, 3, 2], classes: 2 };

test('labels and sizes of a dataset are checked', () => {
  checkDataset(pixels, 'data');
  assert.throws(() => checkDataset({ ...pixels, classes: 1 }, 'train.idx'), { code: 'data-invalid', message: /train\.idx: image 0 has label 1/ });
  assert.throws(() => checkDataset({ ...pixels, images: new Uint8Array(23) }, 'train.idx'), { code: 'data-invalid', message: /23 pixels for 2 labels of images 2 x 3 x 2/ });
});

test('a subset holds the chosen images in the given order', () => {
  const chosen = subset(pixels, Uint32Array.of(1, 0, 1));
  assert.deepEqual([...chosen.labels], [0, 1, 0]);
  assert.deepEqual([...chosen.images.subarray(0, 14)], [...pixels.images.subarray(12), 0, 1]);
});

test('pixels are normalised by channel: (x / 255 - mean) / std', () => {
  const values = normalizedValues({ mean: [0.5, 0], std: [0.5, 2] }, 2);
  const batch = makeBatch(pixels, Uint32Array.of(1), values);
  const expected = [...pixels.images.subarray(12)].map((pixel, index) => Math.fround(index % 2 === 0 ? (pixel / 255 - 0.5) / 0.5 : pixel / 255 / 2));
  assert.deepEqual([...batch.images.dataSync()], expected);
  assert.deepEqual(batch.images.shape, [1, 2, 3, 2]);
  assert.deepEqual([...batch.labels.dataSync()], [0]);
  assert.throws(() => normalizedValues({ mean: [0, 0, 0], std: [1] }, 2), { code: 'data-invalid', message: /data\.normalization\.mean: 3 values for images of 2 channels/ });
});

test('shifts fill with black, mirroring comes after the shift, by hand', () => {
  const image: Dataset = { images: Uint8Array.of(1, 2, 3, 4, 5, 6), labels: Int32Array.of(0), shape: [2, 3, 1], classes: 2 };
  const values = normalizedValues({ mean: [0], std: [1 / 255] }, 1);
  const laid = (placement: { top: number; left: number; mirrored: boolean }) => [...makeBatch(image, Uint32Array.of(0), values, () => placement).images.dataSync()].map(Math.round);
  assert.deepEqual(laid({ top: 0, left: 0, mirrored: false }), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(laid({ top: 1, left: -1, mirrored: false }), [0, 4, 5, 0, 0, 0]);
  assert.deepEqual(laid({ top: 0, left: 0, mirrored: true }), [3, 2, 1, 6, 5, 4]);
  assert.deepEqual(laid({ top: 1, left: -1, mirrored: true }), [5, 4, 0, 0, 0, 0]);
});

test('augmentation is a function of seed, epoch and image, and uses every shift and both mirrors', () => {
  const augmentation = { cropPadding: 2, flip: true };
  const of = (seed: number, epoch: number) => Array.from({ length: 500 }, (_, image) => placementOf(augmentation, augmentationKey(seed, epoch), image));
  assert.deepEqual(of(1, 0), of(1, 0));
  assert.notDeepEqual(of(1, 0), of(2, 0));
  assert.notDeepEqual(of(1, 0), of(1, 1));
  const shifts = new Set(of(1, 0).map(({ top, left }) => `${top},${left}`));
  assert.equal(shifts.size, 25);
  const mirrored = of(1, 0).filter((placement) => placement.mirrored).length;
  assert.ok(mirrored > 200 && mirrored < 300, `${mirrored}`);
  assert.deepEqual(placementOf({ cropPadding: 0, flip: false }, augmentationKey(1, 0), 3), { top: 0, left: 0, mirrored: false });
});

test('an epoch shows every image once, in another order each epoch; the last short batch counts', () => {
  assert.deepEqual([...epochOrder(1, 0, 100)].sort((a, b) => a - b), Array.from({ length: 100 }, (_, index) => index));
  assert.notDeepEqual(epochOrder(1, 0, 100), epochOrder(1, 1, 100));
  assert.equal(stepsPerEpoch(100, 32), 4);
  assert.equal(stepsPerEpoch(96, 32), 3);
});
