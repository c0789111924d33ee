import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row, StepRow } from '../../src/protocol/rows.ts';
import { thinRows } from '../../src/extension/dashboard/thinRows.ts';
import { epochRow, stepRow } from './rows.ts';

/** 10,000 steps of a noisy loss with one spike and one dip, an epoch row every 10 steps. */
function longTraining(): Row[] {
  const rows: Row[] = [];
  for (let step = 1; step <= 10_000; step++) {
    const loss = step === 4321 ? 50 : step === 7777 ? 0.001 : 1 + Math.sin(step * 12.9898) / 2;
    rows.push(stepRow(step, loss));
    if (step % 10 === 0) rows.push(epochRow(step / 10 - 1));
  }
  return rows;
}
const steps = (rows: Row[]): StepRow[] => rows.filter((row) => row.kind === 'step');

test('rows within the limit are left alone', () => {
  const rows = [stepRow(1), stepRow(2), epochRow(0)];
  assert.equal(thinRows(rows, 4), rows);
});

test('the spike, the dip, both ends and every epoch stay', () => {
  const rows = longTraining();
  const thinned = thinRows(rows, 400);
  assert.ok(steps(thinned).length <= 400, `${steps(thinned).length} steps`);
  assert.ok(steps(thinned).length >= 200, `${steps(thinned).length} steps`);
  for (const step of [1, 4321, 7777, 10_000]) assert.ok(steps(thinned).some((row) => row.step === step), `step ${step} is lost`);
  assert.equal(thinned.length - steps(thinned).length, 1000);
});

test('order stays', () => {
  const thinned = thinRows(longTraining(), 400);
  assert.deepEqual(thinned, [...thinned].sort((a, b) => a.step - b.step || (a.kind === 'step' ? -1 : 1)));
});

test('every bucket keeps its own lowest and highest loss', () => {
  const rows = longTraining();
  const thinned = steps(thinRows(rows, 400));
  for (let bucket = 0; bucket < 100; bucket++) {
    const inBucket = (row: StepRow): boolean => Math.floor((row.step - 1) / 100) === bucket;
    const losses = (some: StepRow[]): number[] => some.filter(inBucket).map(({ loss }) => loss);
    assert.equal(Math.max(...losses(thinned)), Math.max(...losses(steps(rows))));
    assert.equal(Math.min(...losses(thinned)), Math.min(...losses(steps(rows))));
  }
});

test('thinning while rows arrive keeps the extrema of all of them', () => {
  let kept: Row[] = [];
  for (const row of longTraining()) {
    kept.push(row);
    if (steps(kept).length > 800) kept = thinRows(kept, 400);
  }
  for (const step of [1, 4321, 7777, 10_000]) assert.ok(steps(kept).some((row) => row.step === step), `step ${step} is lost`);
});
