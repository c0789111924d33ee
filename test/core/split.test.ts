import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitDataset } from '../../src/core/split.ts';

const labels = Int32Array.from({ length: 1000 }, (_, index) => (index % 10 < 7 ? 0 : index % 10 < 9 ? 1 : 2)); // 700, 200, 100
const countsOf = (positions: Uint32Array) => [0, 1, 2].map((label) => positions.reduce((sum, position) => sum + (labels[position] === label ? 1 : 0), 0));
const split = (sizes: { train?: number | null; validation?: number; test?: number | null; seed?: number }, without?: Set<number>) =>
  splitDataset(labels, { train: 100, validation: 50, test: null, seed: 1, ...sizes }, without);

test('a split is stratified, complete and without overlap', () => {
  const { train, validation, test: held, unused } = split({ test: 200 });
  assert.deepEqual(countsOf(train), [70, 20, 10]);
  assert.deepEqual(countsOf(validation), [35, 10, 5]);
  assert.deepEqual(countsOf(held), [140, 40, 20]);
  const all = [...train, ...validation, ...held, ...unused];
  assert.equal(all.length, 1000);
  assert.equal(new Set(all).size, 1000);
  for (const part of [train, validation, held, unused]) assert.deepEqual([...part].sort((a, b) => a - b), [...part]);
});

test('a split depends on its seed; training not on how much validation is asked for, test on neither', () => {
  const first = split({});
  assert.equal(first.test.length, 0);
  assert.deepEqual(split({}), first);
  assert.notDeepEqual(split({ seed: 2 }).train, first.train);
  assert.deepEqual(split({ validation: 300 }).train, first.train);
  assert.deepEqual(split({ test: 200 }).train, first.train);
  assert.deepEqual(split({ train: 500, validation: 300, test: 200 }).test, split({ test: 200 }).test);
});

test('the split of a seed stays what it was: runs depend on it', () => {
  const { train, validation } = split({ train: 10, validation: 5, seed: 7 });
  assert.deepEqual([[...train], [...validation]], [[58, 94, 155, 579, 585, 600, 621, 745, 812, 968], [230, 395, 480, 607, 921]]);
});

test('odd sizes are shared out to within one example a class, and everything can be used', () => {
  const { train, validation } = split({ train: 101, validation: 13, seed: 0 });
  assert.equal(train.length, 101);
  assert.equal(validation.length, 13);
  countsOf(train).forEach((count, label) => assert.ok(Math.abs(count - [70.7, 20.2, 10.1][label]) < 1, `${count}`));
  const whole = split({ train: 999, validation: 1 });
  assert.deepEqual([whole.train.length, whole.validation.length, whole.unused.length], [999, 1, 0]);
  assert.equal(split({ train: null, validation: 1 }).train.length, 999);
});

test('shares are of what there is, rounded down, and fit together', () => {
  const { train, validation, test: held, unused } = split({ train: 0.7, validation: 0.2, test: 0.1 });
  assert.deepEqual([train.length, validation.length, held.length, unused.length], [700, 200, 100, 0]);
  const odd = splitDataset(labels.subarray(0, 7), { train: 0.5, validation: 0.5, test: null, seed: 0 });
  assert.deepEqual([odd.train.length, odd.validation.length, odd.unused.length], [3, 3, 1]);
  assert.equal(splitDataset(labels.subarray(0, 100), { train: null, validation: 0.29, test: null, seed: 0 }).validation.length, 29);
});

test('examples that are left out are in no part', () => {
  const without = new Set([0, 1, 2, 500]);
  const { train, validation, unused } = split({ train: null, validation: 96 }, without);
  assert.equal(train.length, 900);
  for (const position of without) assert.ok(!train.includes(position) && !validation.includes(position) && unused.includes(position));
});

test('too few examples, in all or of a class, are refused', () => {
  const refusal = (message: RegExp) => ({ code: 'data-invalid', message });
  assert.throws(() => split({ train: 900, validation: 101 }), refusal(/data\.split: 900 training, 101 validation examples of 1000 cannot be had/));
  assert.throws(() => split({ train: null, validation: 900, test: 100 }), refusal(/all other training, 900 validation and 100 test examples of 1000 cannot be had/));
  assert.throws(() => split({ validation: 0.0001 }), refusal(/100 training, 0 validation examples of 1000; validation gets none/));
  assert.throws(() => split({ test: 0.0001 }), refusal(/0 test examples of 1000; test gets none/));
  const rare = Int32Array.from({ length: 1000 }, (_, index) => (index === 0 ? 1 : 0));
  assert.throws(() => splitDataset(rare, { train: 100, validation: 1, test: null, seed: 0 }), refusal(/leave none of class 1, which has 1 of 1000/));
});
