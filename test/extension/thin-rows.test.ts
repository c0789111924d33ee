import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepRow } from '../../src/protocol/rows.ts';
import { inOrder, thinnedEpochs, thinnedSteps } from '../../src/extension/dashboard/thinned.ts';
import { epochRow, stepRow } from './rows.ts';

/** 10,000 steps of a noisy loss with one spike and one dip. */
const LONG = Array.from({ length: 10_000 }, (_, i) => stepRow(i + 1, i === 4320 ? 50 : i === 7776 ? 0.001 : 1 + Math.sin((i + 1) * 12.9898) / 2));

function thinned(rows: readonly StepRow[], limit: number): ReturnType<typeof thinnedSteps> {
  const steps = thinnedSteps(limit);
  for (const row of rows) steps.add(row);
  return steps;
}

test('rows within the limit are left alone, one more is not', () => {
  assert.deepEqual(thinned(LONG.slice(0, 400), 400).rows, LONG.slice(0, 400));
  assert.ok(thinned(LONG.slice(0, 401), 400).rows.length <= 400);
});

test('the spike, the dip and both ends stay, in order, and never more than the limit while rows arrive', () => {
  const steps = thinnedSteps(400);
  for (const row of LONG) {
    steps.add(row);
    assert.ok(steps.rows.length <= 400, `${steps.rows.length} steps after ${row.step}`);
  }
  const kept = steps.rows.map(({ step }) => step);
  assert.ok(kept.length >= 200, `${kept.length} steps`);
  for (const step of [1, 4321, 7777, 10_000]) assert.ok(kept.includes(step), `step ${step} is lost`);
  assert.deepEqual(kept, [...kept].sort((a, b) => a - b));
});

test('every bucket keeps its own lowest and highest loss', () => {
  const steps = thinned(LONG, 400);
  for (let bucket = 0; bucket * steps.width < LONG.length; bucket++) {
    const inBucket = ({ step }: StepRow): boolean => Math.floor((step - 1) / steps.width) === bucket;
    const losses = (rows: readonly StepRow[]): number[] => rows.filter(inBucket).map(({ loss }) => loss);
    assert.equal(Math.max(...losses(steps.rows)), Math.max(...losses(LONG)));
    assert.equal(Math.min(...losses(steps.rows)), Math.min(...losses(LONG)));
  }
});

test('void rows go from the end, and rows that come again take their places', () => {
  const steps = thinned(LONG, 400);
  steps.dropWhile(({ step }) => step > 5000);
  assert.ok(steps.rows.every(({ step }) => step <= 5000));
  const before = steps.rows.length;
  for (const row of LONG.slice(5000)) steps.add(row);
  assert.ok(steps.rows.length > before && steps.rows.at(-1)?.step === 10_000);
  steps.dropWhile(() => true);
  assert.deepEqual(steps.rows, []);
});

test('epochs are thinned by their accuracy, and stand behind their last step', () => {
  const epochs = thinnedEpochs(40);
  for (let epoch = 0; epoch < 1000; epoch++) epochs.add(epochRow(epoch, epoch === 333 ? 0.99 : 0.5));
  assert.ok(epochs.rows.length <= 40 && epochs.rows.some(({ epoch }) => epoch === 333) && epochs.rows.at(-1)?.epoch === 999);
  assert.deepEqual(inOrder([stepRow(9), stepRow(10), stepRow(11)], [epochRow(0)]), [stepRow(9), stepRow(10), epochRow(0), stepRow(11)]);
});
