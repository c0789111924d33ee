import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diversityMatrices, entropies, mutualInformation } from '../../../src/core/diversity.ts';
import { ensemble, meanProbabilities, sharesOf } from '../../../src/core/ensemble.ts';
import { logSoftmax, probabilities, type Predictions } from '../../../src/core/metrics.ts';
import { addSoftmaxes, logNormalisers } from '../../../src/core/softmax.ts';
import { randomMembers } from './random-members.ts';

const of = (rows: number[][], labels: number[]): Predictions => ({ logits: Float64Array.from(rows.flat()), labels: Int32Array.from(labels), classes: rows[0].length });
// The micro example of the method.
const first = of([[2, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0.9, 0]], [0, 1, 2, 0]);
const second = of([[1, 0, 0], [0, 0, 1], [0, 0, 2], [0, 1, 0]], [0, 1, 2, 0]);

function worst(one: ArrayLike<number>, other: ArrayLike<number>): number {
  assert.equal(one.length, other.length);
  return Math.max(...Array.from(one, (value, index) => Math.abs(value - other[index])));
}

test('softmax by tables is that of Math.exp to the last digits, however large the logits are', () => {
  for (const size of [1, 30, 600, 690, 705, 1e4, 1e12]) {
    const logits = Float64Array.from({ length: 4000 }, (_, index) => size * Math.sin(index * index + size));
    const [sum, normalisers] = [new Float64Array(4000), logNormalisers(logits, 8)];
    addSoftmaxes([logits], 8, [2], sum);
    for (let start = 0; start < 4000; start += 8) {
      const row = [...logits.subarray(start, start + 8)];
      const highest = Math.max(...row);
      const total = row.reduce((all, z) => all + Math.exp(z - highest), 0);
      assert.ok(worst(sum.subarray(start, start + 8), row.map((z) => (2 * Math.exp(z - highest)) / total)) < 1e-15 * Math.min(Math.max(10, size), 700), `${size}`);
      assert.ok(Math.abs(normalisers[start / 8] - highest - Math.log(total)) <= 1e-13 * Math.max(1, size), `${size}`);
    }
  }
});

test('weights: 3 of one and 1 of the other are that many copies; 0 leaves a member out', () => {
  for (const rule of ['probability-mean', 'logit-mean'] as const) {
    const copies = ensemble([first, first, first, second], rule);
    assert.ok(worst(ensemble([first, second], rule, [3, 1]).logits, copies.logits) < 1e-12);
    assert.ok(worst(logSoftmax(ensemble([first, second], rule, [0, 5]).logits, 3), logSoftmax(second.logits, 3)) < 1e-12);
  }
});

test('weights that mean nothing are refused', () => {
  assert.throws(() => sharesOf([1], 2), { code: 'usage', message: '1 weights for 2 members' });
  for (const weights of [[0, 0], [-1, 2], [NaN, 1], [Infinity, 1]]) assert.throws(() => sharesOf(weights, 2), { code: 'usage', message: /^Weights / });
});

test('probabilities too small for a double still have their logarithms', () => {
  const sure = of([[0, 2000], [900, 0]], [0, 0]);
  const { logits } = ensemble([sure, of([[0, 1500], [0, 0]], [0, 0])]);
  assert.ok(Math.abs(logits[0] - (-1500 - Math.LN2)) < 1e-9, String(logits[0]));
  assert.ok(Math.abs(logits[3] - Math.log(0.25)) < 1e-12, String(logits[3]));
});

test('matrices of disagreement by hand', () => {
  const { disagreement, normalised } = diversityMatrices([first, second, first]);
  assert.deepEqual(disagreement, [[0, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0]]);
  assert.deepEqual(normalised, [[0, 2, 0], [2, 0, 2], [0, 2, 0]]);
});

test('mutual information: entropy of the mean minus mean entropy; 0 for copies, log 2 for two sure ones that differ', () => {
  assert.ok(Math.max(...mutualInformation([first, first])) < 1e-12);
  const opposite = mutualInformation([of([[60, 0]], [0]), of([[0, 60]], [0])]);
  assert.ok(Math.abs(opposite[0] - Math.LN2) < 1e-12);
  const members = randomMembers(3, 20, 4, 9);
  const byHand = entropies(meanProbabilities(members), 4).map((whole, row) => whole - members.reduce((sum, member) => sum + entropies(probabilities(member), 4)[row] / 3, 0));
  assert.ok(worst(mutualInformation(members), byHand) < 1e-12);
  assert.ok(byHand.every((bits) => bits > 0));
});
