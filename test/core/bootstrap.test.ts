import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootstrapIntervals } from '../../src/core/bootstrap.ts';
import { normal, randomKey } from '../../src/core/random.ts';

test('the interval is that of the normal approximation, around the mean, and seeded', () => {
  const differences = Float64Array.from({ length: 1000 }, (_, index) => 0.1 + normal(randomKey(1, 'task'), index));
  const mean = differences.reduce((a, b) => a + b) / 1000;
  const error = Math.sqrt(differences.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 1000 / 1000);
  const [interval] = bootstrapIntervals([differences], { samples: 2000, seed: 3 });
  assert.equal(interval.estimate, mean);
  assert.ok(Math.abs(interval.low - (mean - 1.96 * error)) < 0.15 * error, `${interval.low}`);
  assert.ok(Math.abs(interval.high - (mean + 1.96 * error)) < 0.15 * error, `${interval.high}`);
  assert.deepEqual(bootstrapIntervals([differences], { samples: 2000, seed: 3 }), [interval]);
  assert.notDeepEqual(bootstrapIntervals([differences], { samples: 2000, seed: 4 }), [interval]);
});

test('comparisons share their resamples: opposite differences have mirrored intervals', () => {
  const differences = Float64Array.from({ length: 301 }, (_, index) => (index % 3) - 1 + (index % 7 === 0 ? 1 : 0));
  const [one, other] = bootstrapIntervals([differences, differences.map((each) => -each)], { samples: 500 });
  assert.ok(Math.abs(one.low + other.high) < 1e-12 && Math.abs(one.high + other.low) < 1e-12);
});

test('no difference has an interval without width', () => {
  assert.deepEqual(bootstrapIntervals([new Float64Array(100)], { samples: 100 }), [{ estimate: 0, low: 0, high: 0 }]);
});

test('2,000 resamples of 10,000 objects take less than a second', () => {
  const differences = Float64Array.from({ length: 10_000 }, (_, index) => (index % 17 === 0 ? 1 : 0) - (index % 19 === 0 ? 1 : 0));
  const started = process.cpuUsage();
  bootstrapIntervals([differences], { samples: 2000 });
  const { user } = process.cpuUsage(started);
  assert.ok(user < 1e6, `${user / 1000} ms of CPU`);
});
