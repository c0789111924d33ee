import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesByStep, cornerSteps, epochsOf, highestRate, learningRateAt, learningRates, type Cycle } from '../../src/protocol/schedule.ts';

const first: Cycle = { epochs: 25, learningRate: 0.05, schedule: 'cosine', warmupEpochs: 0 };
const line: Cycle = { epochs: 102, learningRate: 1e-4, schedule: 'cosine', warmupEpochs: 10, warmup: 'line', warmupLearningRate: 5e-7 };

/** Learning rate at an epoch of the whole experiment: member 1, then cycles one after the other. */
function experimentRate(member: Cycle, cycle: Cycle, epoch: number): number {
  return epoch < member.epochs ? learningRateAt(member, epoch * 7, 7) : learningRateAt(cycle, ((epoch - member.epochs) % cycle.epochs) * 7 + 6, 7);
}

/** Golden values have ten significant digits. */
function near(actual: number, expected: number, relative = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`);
}

const golden: { name: string; member?: Cycle; cycle: Cycle; rates: Record<number, number> }[] = [
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
    name: 'warm-up that stays at the peak, then cosine',
    cycle: { epochs: 12, learningRate: 0.1, schedule: 'cosine', warmupEpochs: 2, warmup: 'hold' },
    rates: { 25: 0.1, 26: 0.1, 27: 0.1, 28: 0.09755282582, 36: 0.002447174185 },
  },
  {
    name: 'warm-up, then constant',
    cycle: { epochs: 12, learningRate: 0.1, schedule: 'constant', warmupEpochs: 2 },
    rates: { 25: 0.05, 26: 0.1, 27: 0.1, 28: 0.1, 36: 0.1 },
  },
  {
    name: 'straight warm-up then cosine, then cycles without warm-up',
    member: line,
    cycle: { ...line, warmupEpochs: 0 },
    rates: { 0: 5e-7, 1: 1.045e-5, 9: 9.005e-5, 10: 1e-4, 56: 5e-5, 101: 2.914888169e-8, 102: 1e-4, 203: 2.371401433e-8 },
  },
];

for (const { name, member = first, cycle, rates } of golden) {
  test(`X5: golden learning rates: ${name}`, () => {
    for (const [epoch, rate] of Object.entries(rates)) near(experimentRate(member, cycle, Number(epoch)), rate);
  });
}

test('one value an epoch, the last above zero', () => {
  const rates = learningRates(first);
  assert.equal(rates.length, 25);
  assert.ok(rates[24] > 0);
  assert.deepEqual(learningRates(first, 13), rates);
});

test('by step a cosine falls every step, and agrees with the one by epoch where epochs begin', () => {
  const byStep: Cycle = { ...first, scheduleBy: 'step' };
  for (let epoch = 0; epoch < 25; epoch++) near(learningRateAt(byStep, epoch * 10, 10), learningRateAt(first, epoch * 10, 10));
  for (let step = 1; step < 250; step++) assert.ok(learningRateAt(byStep, step, 10) < learningRateAt(byStep, step - 1, 10));
  near(learningRateAt(byStep, 249, 10), 0.025 * (1 + Math.cos((Math.PI * 249) / 250)));
});

test('by step every warm-up ends at the peak: rise in equal steps, line from its own start, hold at once', () => {
  const cycle: Cycle = { epochs: 6, learningRate: 0.3, schedule: 'constant', warmupEpochs: 2, scheduleBy: 'step' };
  const rates = (warmup: Cycle['warmup']) => Array.from({ length: 8 }, (_, step) => learningRateAt({ ...cycle, warmup, warmupLearningRate: 0.1 }, step, 3));
  rates('rise').forEach((rate, step) => near(rate, (0.3 * Math.min(step + 1, 6)) / 6));
  rates('line').forEach((rate, step) => near(rate, 0.1 + (0.2 * Math.min(step, 6)) / 6));
  assert.deepEqual(rates('hold'), new Array(8).fill(0.3));
});

test('a triangle rises from 1 % of the peak to it in half the steps, and falls back', () => {
  const cycle: Cycle = { epochs: 3, learningRate: 0.2, schedule: 'triangle', warmupEpochs: 0 };
  const rates = Array.from({ length: 15 }, (_, step) => learningRateAt(cycle, step, 5));
  near(rates[0], 0.002);
  near(rates[7], 0.2);
  near(rates[1] - rates[0], (0.2 * 0.99) / 7);
  near(rates[8] - rates[7], -(0.2 * 0.99) / 8);
  near(rates[14], 0.2 * (0.01 + 0.99 / 8));
});

test('the probe comes first at its own rate, and the schedule after it is the same as without', () => {
  const cycle: Cycle = { ...first, probe: { epochs: 3, learningRate: 0.7, seed: 0 } };
  assert.equal(epochsOf(cycle), 28);
  for (let step = 0; step < 12; step++) assert.equal(learningRateAt(cycle, step, 4), 0.7);
  for (let step = 0; step < 100; step++) assert.equal(learningRateAt(cycle, step + 12, 4), learningRateAt(first, step, 4));
});

test('an average with a rate of its own holds it from its first epoch on', () => {
  const rates = learningRates({ ...first, swa: { startEpoch: 20, learningRate: 0.01 } });
  assert.deepEqual(rates.slice(20), new Array(5).fill(0.01));
  assert.deepEqual(rates.slice(0, 20), learningRates(first).slice(0, 20));
  assert.deepEqual(learningRates({ ...first, swa: { startEpoch: 20, learningRate: null } }), learningRates(first));
});

test('corners are where a phase begins; the highest rate is over all phases', () => {
  const cycle: Cycle = { epochs: 6, learningRate: 0.1, schedule: 'cosine', warmupEpochs: 2, probe: { epochs: 1, learningRate: 0.5, seed: 0 }, swa: { startEpoch: 4, learningRate: 0.3 } };
  assert.deepEqual(cornerSteps(cycle, 10), [0, 10, 30, 50]);
  assert.deepEqual(cornerSteps({ ...cycle, schedule: 'triangle', swa: null, probe: null }, 9), [0, 27]);
  assert.deepEqual([highestRate(cycle), highestRate({ ...cycle, probe: null }), highestRate(first)], [0.5, 0.3, 0.05]);
  assert.deepEqual([changesByStep(cycle), changesByStep({ schedule: 'triangle' }), changesByStep({ schedule: 'cosine', scheduleBy: 'step' })], [false, true, true]);
});

test('a step outside the cycle is refused', () => {
  assert.throws(() => learningRateAt(first, 25, 1), /step 25 is outside 0\.\.24/);
  assert.throws(() => learningRateAt(first, -1, 1), RangeError);
  assert.throws(() => learningRateAt(first, 0.5, 1), RangeError);
});
