import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constantWarmupRate, linearWarmupCosine } from '../../src/core/schedule.ts';
import type { Cycle } from '../../src/protocol/schedule.ts';

/** Golden values have ten significant digits. */
function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected), `${actual} is not ${expected}`);
}

test('golden learning rates: straight warm-up then cosine, then cycles without warm-up (linear_warmup_cosine)', () => {
  const first = { epochs: 102, learningRate: 1e-4, warmupEpochs: 10, warmupLearningRate: 5e-7 };
  const cycle = { ...first, warmupEpochs: 0 };
  const golden: Record<number, number> = {
    0: 5e-7, 1: 1.045e-5, 9: 9.005e-5, 10: 1e-4, 56: 5e-5, 101: 2.914888169e-8, 102: 1e-4, 203: 2.371401433e-8,
  };
  for (const [epoch, rate] of Object.entries(golden).map(([key, value]) => [Number(key), value])) {
    near(epoch < 102 ? linearWarmupCosine(first, epoch) : linearWarmupCosine(cycle, epoch - 102), rate);
  }
});

test('golden learning rates: constant warm-up stays at the peak', () => {
  const cycle: Cycle = { epochs: 12, learningRate: 0.1, schedule: 'cosine', warmupEpochs: 2 };
  const golden: Record<number, number> = { 0: 0.1, 1: 0.1, 2: 0.1, 3: 0.09755282582, 11: 0.002447174185 };
  for (const [epoch, rate] of Object.entries(golden)) near(constantWarmupRate(cycle, Number(epoch)), rate);
});

test('an epoch outside the schedule is refused', () => {
  const cycle: Cycle = { epochs: 12, learningRate: 0.1, schedule: 'cosine', warmupEpochs: 2 };
  for (const epoch of [-1, 12]) {
    assert.throws(() => constantWarmupRate(cycle, epoch), RangeError);
    assert.throws(() => linearWarmupCosine({ ...cycle, warmupLearningRate: 0 }, epoch), RangeError);
  }
});
