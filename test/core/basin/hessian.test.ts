import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hessianProduct, meanAndDeviation, meanAndError, topEigenvalue, traceSample, type Product } from '../../../src/core/basin/hessian.ts';

const matrix = [[4, 1, 0], [1, 3, -1], [0, -1, 2]];
const times = (rows: number[][]): Product => (vector) => Promise.resolve(Float32Array.from(rows, (row) => row.reduce((sum, value, index) => sum + value * vector[index], 0)));
/** The largest eigenvalue of `matrix`, from its characteristic polynomial -x^3 + 9x^2 - 24x + 18 = -(x - 3)(x^2 - 6x + 6). */
const LARGEST = 3 + Math.sqrt(3);

test('the top eigenvalue of a matrix', async () => {
  const { value, converged, iterations } = await topEigenvalue(times(matrix), 3, { seed: 1, iterations: 200, tolerance: 1e-9 });
  assert.ok(Math.abs(value - LARGEST) < 1e-5, String(value));
  assert.ok(converged && iterations < 200);
});

test('the top eigenvalue is the largest, not the one of the largest magnitude', async () => {
  const { value } = await topEigenvalue(times([[-9, 0, 0], [0, 2, 0], [0, 0, 1]]), 3, { seed: 1, iterations: 400, tolerance: 1e-9 });
  assert.ok(Math.abs(value - 2) < 1e-4, String(value));
});

test('too few iterations are told', async () => {
  const { converged, iterations } = await topEigenvalue(times(matrix), 3, { seed: 1, iterations: 2, tolerance: 1e-9 });
  assert.deepEqual([converged, iterations], [false, 2]);
});

test('a quadratic has the same Hessian everywhere, by differences of its gradient', async () => {
  const gradient = times(matrix);
  const product = hessianProduct(gradient, Float32Array.of(5, -2, 1));
  for (const [index, row] of matrix.entries()) {
    const unit = Float32Array.from({ length: 3 }, (_, place) => (place === index ? 1 : 0));
    for (const [place, value] of (await product(unit)).entries()) assert.ok(Math.abs(value - row[place]) < 1e-3, `${index} ${place}: ${value}`);
  }
  assert.deepEqual([...(await product(new Float32Array(3)))], [0, 0, 0]);
});

test("Hutchinson's samples are exact for a diagonal matrix and their mean approaches the trace of any", async () => {
  assert.equal(await traceSample(times([[1, 0, 0], [0, 2, 0], [0, 0, 4]]), 3, 1, 0), 7);
  const samples: number[] = [];
  for (let sample = 0; sample < 400; sample++) samples.push(await traceSample(times(matrix), 3, 1, sample));
  const { mean, error } = meanAndError(samples);
  assert.ok(Math.abs(mean - 9) < 4 * error, `${mean} +- ${error}`);
  // z'Az = 9 + 2 z1 z2 - 2 z2 z3: variance 8.
  assert.ok(Math.abs(error - Math.sqrt(8 / 400)) < 0.02);
  assert.notEqual(new Set(samples).size, 1);
});

test('mean, deviation and standard error', () => {
  assert.deepEqual(meanAndDeviation([1, 3]), { mean: 2, deviation: Math.SQRT2 });
  assert.equal(meanAndError([1, 3]).error, 1);
  assert.ok(Number.isNaN(meanAndError([1]).error));
});
