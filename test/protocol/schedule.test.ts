import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learningRateAt, learningRates, type Cycle } from '../../src/protocol/schedule.ts';

const first: Cycle = { epochs: 25, learningRate: 0.05, schedule: 'cosine', warmupEpochs: 0 };

/** Learning rate at an epoch of the whole experiment: member 1, then cycles one after the other. */
function experimentRate(cycle: Cycle, epoch: number): number {
  return epoch < first.epochs ? learningRateAt(first, epoch) : learningRateAt(cycle, (epoch - first.epochs) % cycle.epochs);
}

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected) / 1e-3), `${actual} is not ${expected}`);
}

const golden: { name: string; cycle: Cycle; rates: Record<number, number> }[] = [
  {
    name: 'cosine, cycles of the same length',
    cycle: first,
    rates: { 0: 0.05, 1: 0.04980286753, 12: 0.02656976299, 24: 0.0001971324671, 25: 0.05, 49: 0.0001971324671, 124: 0.0001971324671 },
  },
  {
    name: 'short cycles with four times the rate',
    cycle: { ...first, epochs: 12, learningRate: 0.2 },
    rates: { 24: 0.0001971324671, 25: 0.2, 26: 0.1965925826, 31: 0.1, 36: 0.003407417371, 37: 0.2 },
  },
  {
    name: 'warm-up, then cosine',
    cycle: { epochs: 12, learningRate: 0.1, schedule: 'cosine', warmupEpochs: 2 },
    rates: { 25: 0.05, 26: 0.1, 27: 0.1, 28: 0.09755282582, 36: 0.002447174185 },
  },
  {
    name: 'warm-up, then constant',
    cycle: { epochs: 12, learningRate: 0.1, schedule: 'constant', warmupEpochs: 2 },
    rates: { 25: 0.05, 26: 0.1, 27: 0.1, 28: 0.1, 36: 0.1 },
  },
];

for (const { name, cycle, rates } of golden) {
  test(`golden learning rates: ${name}`, () => {
    for (const [epoch, rate] of Object.entries(rates)) near(experimentRate(cycle, Number(epoch)), rate);
  });
}

test('one value an epoch, the last above zero', () => {
  const rates = learningRates(first);
  assert.equal(rates.length, 25);
  assert.ok(rates[24] > 0);
});

test('an epoch outside the cycle is refused', () => {
  assert.throws(() => learningRateAt(first, 25), /epoch 25 is outside 0\.\.24/);
  assert.throws(() => learningRateAt(first, -1), RangeError);
  assert.throws(() => learningRateAt(first, 0.5), RangeError);
});
