import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveTable, lossCurve, plannedLines, plannedRate, reachedRate, validationCurve } from '../../webview-ui/dashboard/curves.ts';
import { NO_HISTORY, withRows, type History } from '../../webview-ui/dashboard/history.ts';
import { learningRateAt } from '../../src/protocol/schedule.ts';
import { smooth } from '../../webview-ui/dashboard/smooth.ts';
import { bandsOf, lastEpoch, spansOf } from '../../webview-ui/dashboard/timeline.ts';
import { epochRow, member, memberView, runView, stepRow } from './run-fixture.ts';

const history = (...rows: Parameters<typeof withRows>[1]): History => withRows(NO_HISTORY, rows);
const star = spansOf([1, 2, 3].map((number) => member(number)));

test('members of a star lie side by side from where member 1 ends', () => {
  assert.deepEqual(star.map(({ start, end }) => [start, end]), [[0, 4], [4, 6], [4, 6]]);
  assert.deepEqual(bandsOf(star), [{ start: 0, end: 4, members: ['member-1'] }, { start: 4, end: 6, members: ['member-2', 'member-3'] }]);
  assert.equal(lastEpoch(star), 6);
});

test('members of a chain lie one after another, independent ones on top of one another', () => {
  const chain = spansOf([member(1), member(2), member(3, { startsFrom: 'member-2' })]);
  assert.deepEqual(chain.map(({ start, end }) => [start, end]), [[0, 4], [4, 6], [6, 8]]);
  const independent = spansOf([1, 2].map((number) => member(number, { startsFrom: 'pretrained', epochs: 3 })));
  assert.deepEqual(bandsOf(independent), [{ start: 0, end: 3, members: ['member-1', 'member-2'] }]);
});

test('the moving average has no bias at its start, and with weight 0 is the values', () => {
  assert.deepEqual(smooth([3, 1, 2], 0), [3, 1, 2]);
  assert.deepEqual(smooth([5, 5, 5, 5], 0.9).map((value) => Number(value.toFixed(12))), [5, 5, 5, 5]);
  const [first, second] = smooth([1, 2], 0.5); // (0.25 + 1) / 0.75
  assert.equal(first, 1);
  assert.ok(Math.abs(second - 5 / 3) < 1e-12);
  assert.deepEqual(smooth([], 0.6), []);
});

test('a step lies at its end, an epoch at its last step, both after the start of the member', () => {
  const rows = history(stepRow(5, { loss: 2 }), stepRow(10, { loss: 1 }), epochRow(0, { validationAccuracy: 0.7 }));
  const curve = lossCurve(rows, star[1], 10, 0.5);
  assert.deepEqual(curve.raw, [{ x: 4.5, y: 2 }, { x: 5, y: 1 }]);
  assert.deepEqual(curve.smoothed.map(({ x, raw }) => [x, raw]), [[4.5, 2], [5, 1]]);
  assert.ok(Math.abs(curve.smoothed[1].y - 4 / 3) < 1e-12);
  assert.deepEqual(validationCurve(rows, star[1], 10), [{ x: 5, y: 0.7 }]);
});

test('the planned rate is constant within an epoch and known before training', () => {
  assert.deepEqual(plannedRate(member(2), star[1], 10), [{ x: 4, y: 0.05 }, { x: 5, y: 0.05 }, { x: 5, y: 0.025 }, { x: 6, y: 0.025 }]);
});

test('a rate by step is drawn step by step, of a long training at most some hundred steps, and a triangle has its peak', () => {
  const byStep = member(2, { scheduleBy: 'step' });
  const few = plannedRate(byStep, star[1], 3);
  assert.equal(few.length, 12);
  for (const step of [0, 1, 5]) {
    const y = learningRateAt(byStep, step, 3);
    assert.deepEqual(few.slice(2 * step, 2 * step + 2), [{ x: 4 + step / 3, y }, { x: 4 + (step + 1) / 3, y }]);
  }
  const triangle = member(2, { schedule: 'triangle', epochs: 7, probe: { epochs: 1, learningRate: 0.5, seed: 0 } });
  const [span] = spansOf([triangle]);
  const many = plannedRate(triangle, span, 1999);
  assert.ok(many.length < 1400);
  assert.equal(Math.max(...many.filter(({ x }) => x > span.start + 1).map(({ y }) => y)), 0.05);
  assert.deepEqual(many.filter(({ x }) => x === span.start + 1).map(({ y }) => y), [0.5, 0.05 * 0.01]);
  assert.equal(many.at(-1)!.x, span.end);
  assert.ok(many.every(({ x }, index) => index === 0 || x >= many[index - 1].x));
});

test('plans that coincide are one line, others are not', () => {
  assert.deepEqual(plannedLines(runView()).map(({ members }) => members), [['member-1'], ['member-2', 'member-3']]);
  const other = runView({ members: [member(1), member(2), member(3, { learningRate: 0.01 })].map((spec) => memberView(spec)) });
  assert.equal(plannedLines(other).length, 3);
});

test('the reached rate follows what was trained, with a step where it changed', () => {
  assert.deepEqual(reachedRate(NO_HISTORY, member(1), star[0], 10), []);
  const rows = history(stepRow(1), stepRow(5), stepRow(10), epochRow(0), stepRow(11, { learningRate: 0.08 }), stepRow(12, { learningRate: 0.08 }));
  assert.deepEqual(reachedRate(rows, member(1), star[0], 10), [{ x: 0, y: 0.1 }, { x: 1, y: 0.1 }, { x: 1, y: 0.08 }, { x: 1.2, y: 0.08 }]);
});

test('the reached rate changes at an epoch even where thinning took the rows around it', () => {
  const rows = history(stepRow(2), stepRow(6), stepRow(15, { learningRate: 0.08 }));
  assert.deepEqual(reachedRate(rows, member(1), star[0], 10), [{ x: 0, y: 0.1 }, { x: 0.6, y: 0.1 }, { x: 1, y: 0.08 }, { x: 1.5, y: 0.08 }]);
});

test('a reached rate that changes every step changes where the step began', () => {
  const rows = history(stepRow(2), stepRow(6, { learningRate: 0.08 }), stepRow(7, { learningRate: 0.07 }));
  const reached = reachedRate(rows, member(1, { scheduleBy: 'step' }), star[0], 10);
  assert.deepEqual(reached, [{ x: 0.1, y: 0.1 }, { x: 0.2, y: 0.1 }, { x: 0.5, y: 0.08 }, { x: 0.6, y: 0.08 }, { x: 0.6, y: 0.07 }, { x: 0.7, y: 0.07 }]);
});

test('a chart as a table: epochs of the experiment down, members across', () => {
  const rows = new Map([
    ['member-1', history(epochRow(0, { trainLoss: 2, validationAccuracy: 0.5 }), epochRow(1))],
    ['member-2', history(epochRow(0, { trainLoss: 3, validationAccuracy: 0.6 }))],
  ]);
  const historyOf = (name: string): History => rows.get(name) ?? NO_HISTORY;
  assert.deepEqual(curveTable(runView(), historyOf, 'loss'), [
    { epoch: 1, values: [2, null, null] },
    { epoch: 2, values: [1, null, null] },
    { epoch: 5, values: [null, 3, null] },
  ]);
  assert.deepEqual(curveTable(runView(), historyOf, 'validation')[0].values, [0.5, null, null]);
  const rates = curveTable(runView(), historyOf, 'rate');
  assert.equal(rates.length, 6);
  assert.deepEqual(rates[4], { epoch: 5, values: [null, 0.05, 0.05] });
});
