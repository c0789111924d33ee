/** Mixup, CutMix and targets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exchangeBoxes, mixKey, mixOf, mixTargets } from '../../src/core/augment/mix.ts';
import { smoothedTargets } from '../../src/core/augment/targets.ts';
import { beta, randomKey } from '../../src/core/random.ts';

const COUNT = 4000;
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const near = (value: number, expected: number, tolerance: number, what: string): void => assert.ok(Math.abs(value - expected) <= tolerance, `${what}: ${value}, expected ${expected} to within ${tolerance}`);

test('Beta(a, a) has mean 1/2 and variance 1 / (4 (2a + 1)), for small and large a', () => {
  for (const alpha of [0.01, 0.2, 0.8, 1, 5]) {
    const draws = Array.from({ length: COUNT }, (_, index) => beta(randomKey(1, 'task', index), 0, alpha));
    assert.ok(draws.every((value) => value >= 0 && value <= 1), `${alpha}`);
    near(mean(draws), 0.5, 0.03, `mean of Beta(${alpha})`);
    near(mean(draws.map((value) => (value - 0.5) ** 2)), 1 / (4 * (2 * alpha + 1)), 0.012, `variance of Beta(${alpha})`);
  }
  // Beta(1, 1) is uniform: each tenth holds a tenth.
  const draws = Array.from({ length: COUNT }, (_, index) => beta(randomKey(2, 'task', index), 0, 1));
  for (let tenth = 0; tenth < 10; tenth++) near(draws.filter((value) => Math.floor(value * 10) === tenth).length / COUNT, 0.1, 0.02, `tenth ${tenth}`);
});

test('with both, each batch takes one of the two, evenly; lambda is a function of seed, epoch and first image', () => {
  const mixes = Array.from({ length: COUNT }, (_, first) => mixOf({ mixup: 0.8, cutmix: 1 }, mixKey(1, 0, first), 32, 32)!);
  near(mixes.filter(({ box }) => box === null).length / COUNT, 0.5, 0.03, 'mixup');
  near(mean(mixes.filter(({ box }) => box === null).map(({ share }) => share)), 0.5, 0.03, 'lambda of mixup');
  assert.deepEqual(mixOf({ mixup: 0.8, cutmix: 1 }, mixKey(1, 0, 17), 32, 32), mixes[17]);
  for (const key of [mixKey(2, 0, 17), mixKey(1, 1, 17), mixKey(1, 0, 18)]) assert.notDeepEqual(mixOf({ mixup: 0.8, cutmix: 1 }, key, 32, 32), mixes[17]);
  assert.equal(mixOf({ mixup: 0, cutmix: 0 }, mixKey(1, 0, 0), 32, 32), null);
  assert.ok(Array.from({ length: 50 }, (_, first) => mixOf({ mixup: 1, cutmix: 0 }, mixKey(1, 0, first), 8, 8)!).every(({ box }) => box === null));
});

test('the share of CutMix is that of the pixels that stay, and its rectangle lies inside', () => {
  const mixes = Array.from({ length: COUNT }, (_, first) => mixOf({ mixup: 0, cutmix: 1 }, mixKey(3, 0, first), 24, 40)!);
  for (const { share, box } of mixes) {
    assert.ok(box!.top >= 0 && box!.left >= 0 && box!.top + box!.height <= 24 && box!.left + box!.width <= 40);
    assert.equal(share, 1 - (box!.height * box!.width) / (24 * 40));
  }
  // A rectangle of side s, middle anywhere, keeps (1 - s/4)^2 of itself on average: E[s^2 (1 - s/4)^2] for s^2 uniform is 0.5 - 0.2 + 1/48.
  near(mean(mixes.map(({ share }) => 1 - share)), 0.5 - 0.2 + 1 / 48, 0.03, 'area taken');
});

test('targets by hand: mixed with those of the mirror place, the middle one with itself', () => {
  const targets = Float32Array.of(1, 0, 0.5, 0.5, 0, 1);
  mixTargets(targets, 3, 0.75);
  assert.deepEqual([...targets], [0.75, 0.25, 0.5, 0.5, 0.25, 0.75]);
});

test('CutMix by hand: a rectangle changes places', () => {
  // Two images of 2 x 3 with 2 channels.
  const one = Float32Array.from({ length: 12 }, (_, index) => index);
  const images = Float32Array.of(...one, ...one.map((value) => value + 100));
  exchangeBoxes(images, 2, [2, 3, 2], { top: 0, left: 1, height: 2, width: 1 });
  assert.deepEqual([...images.subarray(0, 12)], [0, 1, 102, 103, 4, 5, 6, 7, 108, 109, 10, 11]);
  assert.deepEqual([...images.subarray(12)], [100, 101, 2, 3, 104, 105, 106, 107, 8, 9, 110, 111]);
});

test('smoothed targets: (1 - s) one-hot + s / classes, and each row adds up to 1', () => {
  const targets = smoothedTargets(Uint32Array.of(2, 0), Int32Array.of(1, 3, 0), 4, 0.1);
  assert.deepEqual([...targets], [0.925, 0.025, 0.025, 0.025, 0.025, 0.925, 0.025, 0.025].map(Math.fround));
  assert.deepEqual([...smoothedTargets(Uint32Array.of(1), Int32Array.of(1, 3, 0), 4, 0)], [0, 0, 0, 1]);
});
