import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Predictions } from '../../src/core/metrics.ts';
import { overSeeds } from '../../src/core/student.ts';
import { ranked, rankMethods, survivors } from '../../src/core/tune-compare.ts';
import type { Cell, TuneMethod } from '../../src/protocol/tune.ts';

const OBJECTS = 20;
/** Right on the first `right` objects. */
const rightOn = (right: number): Predictions => {
  const labels = Int32Array.from({ length: OBJECTS }, (_, object) => object % 2);
  return { labels, classes: 2, logits: Float32Array.from({ length: 2 * OBJECTS }, (_, index) => ((index % 2 === labels[index >> 1]) === index >> 1 < right ? 1 : 0)) };
};
/** @param right of each seed on validation */
function cell(method: TuneMethod, lrRatio: number, epochRatio: number, right: number[], { nll = 1, failed = false } = {}): Cell {
  const scores = right.map((count) => ({ name: 'x', metric: count / OBJECTS, nll, forwardPasses: 3 }));
  const mean = failed ? null : overSeeds(scores.map(({ metric }) => metric));
  return {
    method, lrRatio, epochRatio, budgetEpochs: 10 * epochRatio, epochs: 10 * epochRatio, ensemble: mean, soup: mean,
    seeds: scores.map((score, index) => ({ seed: index, run: `run-${index}`, reason: null, ensemble: failed ? null : score, soup: failed ? null : score })),
  };
}
const rightOf = new Map<Cell, [number[], number[]]>();
/** Remembers what a cell gets right on validation and test. */
const known = (made: Cell, validation: number[], onTest: number[]): Cell => {
  rightOf.set(made, [validation, onTest]);
  return made;
};
const cells = [
  known(cell('starsse', 1, 1, [15, 13]), [15, 13], [10, 10]),
  known(cell('starsse', 2, 1, [16, 14]), [16, 14], [12, 14]),
  known(cell('local-de', 1, 1, [14, 14]), [14, 14], [20, 20]),
  known(cell('local-de', 1, 2, [18, 18]), [18, 18], [11, 11]),
  known(cell('sse', 1, 1, [20, 20], { failed: true }), [20, 20], [20, 20]),
];
const asked: string[] = [];
const request = {
  cells, goal: 'ensemble' as const, metric: 'accuracy' as const, bootstrapSamples: 400, seed: 1,
  predictionsOf: async (which: Cell, _: string, set: 'validation' | 'test') => {
    asked.push(`${set} ${which.method} ${which.lrRatio} ${which.epochRatio}`);
    return await Promise.resolve(rightOf.get(which)![set === 'validation' ? 0 : 1].map(rightOn));
  },
};

test('the interval over seeds is that of Student\'s t; a single seed has none', () => {
  assert.deepEqual(overSeeds([0.8]), { mean: 0.8, low: null, high: null });
  const { mean, low, high } = overSeeds([1, 2, 3, 4]);
  // s = sqrt(5/3), t(3) = 3.182: 2.5 +- 3.182 x 0.6455
  assert.equal(mean, 2.5);
  assert.ok(Math.abs(low! - 0.446) < 1e-3 && Math.abs(high! - 4.554) < 1e-3);
});

test('chosen on validation by the mean over seeds; a cell with a failed seed never; test is asked for the chosen only', async () => {
  asked.length = 0;
  const { rows } = await rankMethods({ ...request, epochRatio: null });
  assert.deepEqual(rows.map(({ method, lrRatio, epochRatio, epochs, forwardPasses }) => [method, lrRatio, epochRatio, epochs, forwardPasses]), [['local-de', 1, 2, 20, 3], ['starsse', 2, 1, 10, 3]]);
  const close = (value: number) => Math.round(value * 1e9) / 1e9;
  assert.deepEqual(rows.map(({ validation, test: measured }) => [validation.mean, measured!.mean].map(close)), [[0.9, 0.55], [0.75, 0.65]]);
  assert.deepEqual(asked.filter((each) => each.startsWith('test')), ['test local-de 1 2', 'test starsse 2 1']);
});

test('within one budget the choice is among its cells, and the test set stays closed', async () => {
  asked.length = 0;
  const ranking = await rankMethods({ ...request, epochRatio: 1 });
  assert.deepEqual([ranking.budgetEpochs, ranking.rows.map(({ method, lrRatio, test: measured }) => [method, lrRatio, measured])], [10, [['starsse', 2, null], ['local-de', 1, null]]]);
  assert.equal(asked.filter((each) => each.startsWith('test')).length, 0);
});

test('differences are paired by object and seed', async () => {
  const { rows } = await rankMethods({ ...request, epochRatio: null });
  assert.equal(rows[0].difference, null);
  const { estimate, low, high } = rows[1].difference!;
  assert.ok(Math.abs(estimate + 0.15) < 1e-12 && low < estimate && estimate < high && high <= 0);
  assert.ok(Math.abs(rows[1].testDifference!.estimate - 0.1) < 1e-12);
});

test('equal means are decided by NLL, then by epochs', () => {
  const same = [cell('starsse', 1, 2, [10]), cell('starsse', 2, 1, [10]), cell('starsse', 4, 2, [10], { nll: 0.5 })];
  assert.deepEqual(ranked(same, 'soup').map(({ lrRatio }) => lrRatio), [4, 2, 1]);
});

test('halving keeps the better half of each method for either goal, and no cell that failed', () => {
  const one = cell('starsse', 1, 1, [10]);
  const two = cell('starsse', 2, 1, [12]);
  const three = { ...cell('starsse', 4, 1, [8]), soup: overSeeds([0.9]) };
  const failed = cell('sse', 1, 1, [20], { failed: true });
  const other = cell('local-de', 1, 1, [1]);
  const soupsOfThree = { ...three, seeds: three.seeds.map((each) => ({ ...each, soup: { ...each.soup!, metric: 0.9 } })) };
  assert.deepEqual(survivors([one, two, soupsOfThree, failed, other, cell('local-de', 2, 1, [0])]), [one, two, soupsOfThree, other]);
  assert.deepEqual(survivors([one, two]), [two]);
});
