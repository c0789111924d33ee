import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alongLine } from '../../../src/core/corruptions/blur.ts';
import { blank, canvasOf, Draws, map } from '../../../src/core/corruptions/canvas.ts';
import { corrupt, isApplicable, type ComputedCorruption } from '../../../src/core/corruptions/corrupt.ts';
import { filter, gaussianBlur, mirrored, zoomed } from '../../../src/core/corruptions/filters.ts';
import { gaussianNoise, impulseNoise, shotNoise } from '../../../src/core/corruptions/noise.ts';
import { plasma } from '../../../src/core/corruptions/plasma.ts';
import { parametersFor } from '../../../src/core/corruptions/scale.ts';
import { contrast } from '../../../src/core/corruptions/tones.ts';
import { randomKey } from '../../../src/core/random.ts';
import { CORRUPTIONS, MAIN_CORRUPTIONS, SEVERITIES } from '../../../src/protocol/robustness.ts';

/** Smooth shapes with an edge: something to blur, to move and to drown. */
function picture([height, width, channels]: readonly [number, number, number]): Uint8Array {
  return Uint8Array.from({ length: height * width * channels }, (_, index) => {
    const [y, x] = [Math.floor(index / channels / width) / height, (Math.floor(index / channels) % width) / width];
    return 110 + 60 * Math.sin(9 * x + (index % channels)) * Math.cos(7 * y) + (x + y > 1.1 ? 50 : 0);
  });
}

function corrupted(shape: readonly [number, number, number], corruption: ComputedCorruption, severity: number, index = 0, seed = 0): Uint8Array {
  const into = new Uint8Array(shape[0] * shape[1] * shape[2]);
  corrupt(picture(shape), shape, { corruption, severity, seed, index }, into);
  return into;
}

function distance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += Math.abs(one[index] - other[index]);
  return sum / one.length;
}

const draws = (): Draws => new Draws(randomKey(3, 'corruption', 99));
const moments = (values: ArrayLike<number>): { mean: number; variance: number } => {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return { mean, variance: all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length };
};

test('15 of the mean corruption error and 4 more, each at 5 severities', () => {
  assert.deepEqual([MAIN_CORRUPTIONS.length, CORRUPTIONS.length, SEVERITIES.length], [15, 19, 5]);
});

for (const corruption of CORRUPTIONS.filter((each) => each !== 'jpeg-compression')) {
  test(`${corruption}: changes images of any size, the same way for the same seed and place, more at severity 5 than at 1`, () => {
    for (const shape of [[7, 7, 3], [28, 20, 1], [32, 32, 3], [64, 48, 3]] as const) {
      if (!isApplicable(corruption, shape[2])) continue;
      const made = SEVERITIES.map((severity) => corrupted(shape, corruption, severity));
      for (const each of made) assert.ok(each.some((byte) => byte > 0));
      assert.ok(distance(made[4], picture(shape)) > 0.3, `${shape.join(' x ')}: ${distance(made[4], picture(shape))}`);
      assert.deepEqual(made[2], corrupted(shape, corruption, 3));
    }
    // Averages over a few images: one draw may be kind.
    const strength = (severity: number): number => [0, 1, 2, 3].reduce((sum, index) => sum + distance(corrupted([32, 32, 3], corruption, severity, index), picture([32, 32, 3])), 0);
    // A saturation is lowered to severity 2 and raised from 3 on, water becomes mud at 4, and the fields of elastic are other ones.
    const [mild, strong] = corruption === 'saturate' ? [strength(3), strength(5)] : [strength(1), strength(5)];
    if (corruption !== 'elastic-transform' && corruption !== 'spatter' && corruption !== 'glass-blur') assert.ok(strong > mild, `${mild}, ${strong}`);
  });
}

test('another seed, image or severity draws other numbers; what draws nothing is the same for all', () => {
  const same = corrupted([16, 16, 3], 'gaussian-noise', 3, 4, 5);
  assert.notDeepEqual(corrupted([16, 16, 3], 'gaussian-noise', 3, 5, 5), same);
  assert.notDeepEqual(corrupted([16, 16, 3], 'gaussian-noise', 3, 4, 6), same);
  assert.deepEqual(corrupted([16, 16, 3], 'contrast', 3, 4, 5), corrupted([16, 16, 3], 'contrast', 3, 0, 0));
});

test('parameters are the paper\'s at 32 and 224, between them by the logarithm, and lengths grow above', () => {
  const parameters = { small: [[1, 1]], large: [[3, 3]], lengths: [1] };
  assert.deepEqual(parametersFor(parameters, 1, 32), [1, 1]);
  assert.deepEqual(parametersFor(parameters, 1, 8), [1, 1]);
  assert.deepEqual(parametersFor(parameters, 1, 224), [3, 3]);
  assert.deepEqual(parametersFor(parameters, 1, 448), [3, 6]);
  const [middle] = parametersFor(parameters, 1, Math.sqrt(32 * 224));
  assert.ok(Math.abs(middle - 2) < 1e-12);
});

test('noise has the moments of its definition', () => {
  const flat = map(blank(200, 200), () => 0.5);
  const gaussian = moments(gaussianNoise(flat, [0.1], draws()).data);
  assert.ok(Math.abs(gaussian.mean - 0.5) < 2e-3 && Math.abs(gaussian.variance - 0.01) < 3e-4, JSON.stringify(gaussian));
  // Poisson: mean 0.5, variance 0.5 / photons, for few photons (exact) and many (normal).
  for (const photons of [6, 500]) {
    const shot = moments(shotNoise(flat, [photons], draws()).data);
    assert.ok(Math.abs(shot.mean - 0.5) < 0.01 && Math.abs(shot.variance * photons - 0.5) < 0.02, JSON.stringify(shot));
  }
  const { data } = impulseNoise(flat, [0.2], draws());
  const shares = [0, 0.5, 1].map((value) => data.filter((x) => x === value).length / data.length);
  assert.ok(Math.abs(shares[0] - 0.1) < 0.01 && Math.abs(shares[2] - 0.1) < 0.01 && Math.abs(shares[1] - 0.8) < 0.01, String(shares));
});

test('filters by hand: mirrored edges, a kernel, a wide Gaussian of running means, a zoom by 1', () => {
  assert.deepEqual([-3, -1, 0, 3, 4, 8, 9].map((place) => mirrored(place, 4)), [2, 0, 0, 3, 3, 0, 1]);
  const line = { data: Float32Array.of(0, 0, 1, 0), height: 1, width: 4, channels: 1 };
  // Rows above and below are the line itself.
  assert.deepEqual([...filter(line, [0, 0, 0, 1, 2, 3, 0, 0, 0], 3).data], [0, 3, 2, 1]);
  const spot = map(blank(1, 401), (_, index) => (index === 200 ? 1 : 0));
  const { data } = gaussianBlur(spot, 20);
  const variance = data.reduce((sum, weight, index) => sum + weight * (index - 200) ** 2, 0);
  assert.ok(Math.abs(Math.sqrt(variance) - 20) < 0.3, String(Math.sqrt(variance)));
  const canvas = canvasOf(picture([9, 12, 3]), [9, 12, 3]);
  assert.ok(distance(zoomed(canvas, 1).data, canvas.data) < 1e-6);
});

test('motion: the mean of pixels on a line, along it only', () => {
  const spot = map(blank(9, 9), (_, index) => (index === 40 ? 1 : 0));
  const { data } = alongLine(spot, 2, 100, 0);
  // Each pixel looks right: the spot comes to the five left of it, and to itself.
  assert.deepEqual(Array.from(data, (x) => Math.round(50 * x)).slice(36, 45), [10, 10, 10, 10, 10, 0, 0, 0, 0]);
  const upright = alongLine(spot, 2, 100, 90).data;
  assert.ok(upright[31] > 0.19 && upright[41] === 0);
});

test('contrast keeps the mean; plasma reaches from 0 to 1', () => {
  const canvas = canvasOf(picture([10, 10, 3]), [10, 10, 3]);
  const lowered = contrast(canvas, [0.3]);
  for (let channel = 0; channel < 3; channel++) {
    const of = (data: Float32Array) => moments(data.filter((_, index) => index % 3 === channel));
    assert.ok(Math.abs(of(lowered.data).mean - of(canvas.data).mean) < 1e-6);
    assert.ok(Math.abs(of(lowered.data).variance / of(canvas.data).variance - 0.09) < 1e-4);
  }
  const { data } = plasma(64, 64, 2, draws());
  assert.deepEqual([Math.min(...data), Math.max(...data)], [0, 1]);
  assert.ok(distance(data.subarray(64), data.subarray(0, -64)) < 0.2, 'neighbours are alike');
});

test('grey images have no saturation', () => {
  assert.deepEqual([isApplicable('saturate', 1), isApplicable('saturate', 3), isApplicable('fog', 1), isApplicable('fog', 2)], [false, true, true, false]);
});
