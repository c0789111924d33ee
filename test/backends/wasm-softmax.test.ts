import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSoftmax } from '../../src/backends/wasm/softmax.ts';
import { ensemble, meanProbabilities } from '../../src/core/ensemble.ts';
import { accuracy, nll, probabilities } from '../../src/core/metrics.ts';
import { addSoftmaxes, useSoftmaxSum } from '../../src/core/softmax.ts';

/** The greatest difference, as a share of the expected value. */
function worst(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  assert.equal(found.length, expected.length);
  return Math.max(...Array.from(found, (value, index) => (value === expected[index] ? 0 : Math.abs(value - expected[index]) / Math.abs(expected[index]))));
}

function both(members: readonly Float32Array[], classes: number, weights: readonly number[], before = 0): { simd: Float64Array; tables: Float64Array } {
  const [simd, tables] = [new Float64Array(members[0].length).fill(before), new Float64Array(members[0].length).fill(before)];
  addSoftmaxes(members, classes, weights, simd);
  useSoftmaxSum(null);
  addSoftmaxes(members, classes, weights, tables);
  return { simd, tables };
}

test('the SIMD sum of softmaxes is that of the tables, for any number of classes and rows, and adds to what is there', async () => {
  for (const [rows, classes, members] of [[1, 1, 1], [7, 2, 3], [300, 3, 2], [1000, 10, 5], [513, 101, 4], [3, 20_000, 2], [0, 4, 2]]) {
    await startSoftmax();
    const logits = Array.from({ length: members }, (_, member) => Float32Array.from({ length: rows * classes }, (__, index) => 30 * Math.sin(index * (member + 1.3))));
    const { simd, tables } = both(logits, classes, logits.map((_, member) => 1 + member), 0.25);
    assert.ok(worst(simd, tables) < 1e-13, `${rows} x ${classes}: ${worst(simd, tables)}`);
  }
});

test('logits that are far apart, infinite or no number give what Math.exp gives', async () => {
  await startSoftmax();
  const rows = [[1e30, -1e30, 0], [800, 790, 0], [-2000, -2000, -2001], [-Infinity, 0, 1], [1, Infinity, 0], [NaN, 0, 1], [0, 1, NaN]];
  const { simd, tables } = both([Float32Array.from(rows.flat())], 3, [1]);
  assert.deepEqual([...simd].map((value) => Number(value.toPrecision(12))), [...tables].map((value) => Number(value.toPrecision(12))));
  assert.deepEqual([...simd.subarray(0, 3)], [1, 0, 0]);
  assert.ok(simd.subarray(12).every(Number.isNaN));
});

test('an ensemble has the same figures by both, and double precision goes by the tables', async () => {
  const labels = Int32Array.from({ length: 200 }, (_, row) => row % 7);
  const members = [1, 2, 3].map((seed) => ({ logits: Float32Array.from({ length: 1400 }, (_, index) => 3 * Math.sin(index * seed * 1.1)), labels, classes: 7 }));
  await startSoftmax();
  const [one, wide] = [ensemble(members), probabilities({ ...members[0], logits: Float64Array.from(members[0].logits) })];
  const mean = meanProbabilities(members, [1, 0, 0]);
  useSoftmaxSum(null);
  const other = ensemble(members);
  assert.equal(accuracy(one), accuracy(other));
  assert.ok(Math.abs(nll(one) - nll(other)) < 1e-13);
  assert.ok(worst(one.probabilities!, other.probabilities!) < 1e-13);
  assert.deepEqual(wide, probabilities({ ...members[0], logits: Float64Array.from(members[0].logits) }));
  assert.ok(worst(mean, wide) < 1e-13);
});
