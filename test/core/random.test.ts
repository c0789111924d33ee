import assert from 'node:assert/strict';
import { test } from 'node:test';
import { integer, normal, permutation, randomKey, threefry, uniform, type Key } from '../../src/core/random.ts';

test('Threefry-2x32-20 gives the known answers of its authors (Random123, kat_vectors)', () => {
  const known: [number, number, number, number, string][] = [
    [0, 0, 0, 0, '6b200159 99ba4efe'],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, '1cb996fc bb002be7'],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 'c4923a9c 483df7a0'],
  ];
  for (const [key0, key1, counter0, counter1, expected] of known) {
    const out = new Uint32Array(2);
    threefry([key0, key1], counter0, counter1, out);
    assert.equal([...out].map((word) => word.toString(16).padStart(8, '0')).join(' '), expected);
  }
});

test('the same place gives the same number, in any order; another seed, stream or place gives another', () => {
  const key = randomKey(3, 'order', 5);
  const forwards = [0, 1, 2, 3].map((index) => uniform(key, index));
  const backwards = [3, 2, 1, 0].map((index) => uniform(randomKey(3, 'order', 5), index)).reverse();
  assert.deepEqual(forwards, backwards);
  const others: Key[] = [randomKey(4, 'order', 5), randomKey(3, 'head', 5), randomKey(3, 'order', 6), randomKey(3, 'order'), randomKey(3, 'order', 5, 0), randomKey(3, 'order', 0, 5)];
  assert.equal(new Set([key, ...others].map((each) => uniform(each, 0))).size, 7);
});

test('uniform numbers fill [0, 1) evenly and neighbours do not depend on each other', () => {
  const key = randomKey(1, 'weights');
  const count = 100_000;
  const bins = new Array<number>(100).fill(0);
  let product = 0;
  for (let index = 0; index < count; index++) {
    const value = uniform(key, index);
    assert.ok(value >= 0 && value < 1);
    bins[Math.floor(value * 100)]++;
    product += (value - 0.5) * (uniform(key, index + 1) - 0.5);
  }
  // Chi-squared with 99 degrees of freedom: mean 99, standard deviation 14. The draw is fixed, so this cannot flicker.
  const chiSquared = bins.reduce((sum, found) => sum + (found - 1000) ** 2 / 1000, 0);
  assert.ok(chiSquared > 99 - 4 * 14 && chiSquared < 99 + 4 * 14, `chi-squared ${chiSquared}`);
  assert.ok(Math.abs((12 * product) / count) < 4 / Math.sqrt(count), `correlation ${(12 * product) / count}`);
});

test('normal numbers have mean 0, variance 1 and the tails of a normal distribution', () => {
  const values = Array.from({ length: 50_000 }, (_, index) => normal(randomKey(2, 'weights'), index));
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((a, b) => a + b * b, 0) / values.length;
  assert.ok(Math.abs(mean) < 0.02 && Math.abs(variance - 1) < 0.03, `${mean}, ${variance}`);
  const outside = values.filter((value) => Math.abs(value) > 1.96).length / values.length;
  assert.ok(Math.abs(outside - 0.05) < 0.004, `${outside}`);
});

test('integers stay within their bound and take every value', () => {
  const seen = new Set(Array.from({ length: 200 }, (_, index) => integer(randomKey(0, 'folds'), index, 5)));
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4]);
});

test('a permutation holds every number once, and all orders of three are equally likely', () => {
  assert.deepEqual([...permutation(randomKey(9, 'order', 1), 1000)].sort((a, b) => a - b), Array.from({ length: 1000 }, (_, index) => index));
  const found = new Map<string, number>();
  for (let epoch = 0; epoch < 6000; epoch++) {
    const order = permutation(randomKey(9, 'order', epoch), 3).join('');
    found.set(order, (found.get(order) ?? 0) + 1);
  }
  assert.equal(found.size, 6);
  for (const times of found.values()) assert.ok(Math.abs(times - 1000) < 4 * Math.sqrt(833), `${times}`);
});
