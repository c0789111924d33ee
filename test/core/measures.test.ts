import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detection } from '../../src/core/detection.ts';
import { complementaryError, mcnemar } from '../../src/core/mcnemar.ts';
import { compared, measuresOf } from '../../src/core/measures.ts';
import { accuracy, brier, nll, type Predictions } from '../../src/core/metrics.ts';
import { reliability } from '../../src/core/reliability.ts';
import { riskCoverage } from '../../src/core/risk-coverage.ts';
import { randomMembers } from './ensembles/random-members.ts';

/** Two classes: the confidence of each row and whether it is right. */
const of = (confidences: number[], right: boolean[]): Predictions => ({
  logits: Float64Array.from(confidences.flatMap((p) => [Math.log(p), Math.log(1 - p)])),
  labels: Int32Array.from(right, (yes) => (yes ? 0 : 1)),
  classes: 2,
});
const near = (actual: number, expected: number, tolerance = 1e-12): void => assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test('reliability by hand: counts, mean confidence and accuracy of each bin', () => {
  const bins = reliability(of([0.62, 0.64, 0.9], [true, false, true]));
  assert.equal(bins.length, 15);
  assert.deepEqual(bins.map(({ images }) => images), [0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 0]);
  near(bins[9].confidence!, 0.63);
  assert.equal(bins[9].accuracy, 0.5);
  assert.deepEqual([bins[0].confidence, bins[0].accuracy, bins[14].low, bins[14].high], [null, null, 14 / 15, 1]);
});

test('risk-coverage by hand; images of equal confidence come together', () => {
  const { area, points } = riskCoverage(of([0.9, 0.8, 0.7, 0.6], [true, false, true, false]));
  assert.deepEqual(points, [{ coverage: 0.25, risk: 0 }, { coverage: 0.5, risk: 0.5 }, { coverage: 0.75, risk: 1 / 3 }, { coverage: 1, risk: 0.5 }]);
  near(area, (0 + 0.5 + 1 / 3 + 0.5) / 4);
  const tied = riskCoverage(of([0.8, 0.8], [false, true]));
  assert.deepEqual(tied, { area: 0.5, points: [{ coverage: 0.5, risk: 0.5 }, { coverage: 1, risk: 0.5 }] });
  assert.deepEqual(tied, riskCoverage(of([0.8, 0.8], [true, false])), 'the order of equals decides nothing');
  const many = riskCoverage(randomMembers(1, 1000, 4, 3)[0]);
  assert.equal(many.points.length, 100);
  assert.deepEqual(many.points.map(({ coverage }) => Math.round(100 * coverage)), Array.from({ length: 100 }, (_, index) => index + 1));
});

test('McNemar by hand', () => {
  // 6 only the first, 1 only the second: P = 2 (C(7,0) + C(7,1)) / 2^7 = 1/8; (|6 - 1| - 1)^2 / 7.
  const one = [1, 1, 1, 1, 1, 1, 0, 1, 0];
  const other = [0, 0, 0, 0, 0, 0, 1, 1, 0];
  const { onlyThis, onlyOther, exactP, statistic } = mcnemar(one, other);
  assert.deepEqual([onlyThis, onlyOther, statistic], [6, 1, 16 / 7]);
  near(exactP, 0.125);
  assert.deepEqual(mcnemar([1, 0], [1, 0]), { onlyThis: 0, onlyOther: 0, exactP: 1, statistic: 0, p: 1 });
  // Of very many nothing overflows.
  const b = Float64Array.from({ length: 20_000 }, (_, row) => (row < 10_300 ? 1 : 0));
  const { exactP: small } = mcnemar(b, b.map((each) => 1 - each));
  assert.ok(small > 1e-6 && small < 1e-4, String(small));
});

test('erfc', () => {
  for (const [x, expected] of [[0, 1], [0.5, 0.4795001221869535], [1, 0.15729920705028513], [2, 0.004677734981047266], [3, 2.209049699858544e-5], [5, 1.537459794428035e-12]]) {
    near(complementaryError(x), expected, 1e-14 + 1e-12 * expected);
  }
});

test('detection by hand: AUROC counts pairs, equals half; AUPR steps; FPR95', () => {
  const { auroc, aupr, fpr95 } = detection([3, 2, 1], [2, 0]);
  near(auroc, (1 + 1 + 0.5 + 1 + 0 + 1) / 6);
  near(aupr, 1 / 3 + (1 / 3) * (2 / 3) + (1 / 3) * (3 / 4));
  assert.equal(fpr95, 0.5);
  assert.deepEqual(detection([2, 1], [0, -1]), { auroc: 1, aupr: 1, fpr95: 0 });
  assert.deepEqual(detection([1, 1], [1]), { auroc: 0.5, aupr: 2 / 3, fpr95: 1 });
});

test('measures are those of the single functions, and a comparison is one minus the other', () => {
  const [one, other, validation] = randomMembers(3, 300, 5, 4);
  const measures = measuresOf(one, validation, ['a', 'b', 'c', 'd', 'e'], 7);
  assert.deepEqual([measures.accuracy, measures.nll, measures.brier, measures.images], [accuracy(one), nll(one), brier(one), 300]);
  near(measures.perClass.reduce((sum, row) => sum + row.images * row.nll!, 0) / 300, nll(one));
  near(measures.perClass.reduce((sum, row) => sum + row.images * row.accuracy!, 0) / 300, accuracy(one));
  near(measures.riskCoverage.points.at(-1)!.risk, 1 - accuracy(one));
  const comparison = compared(one, other, { against: 'other', metric: 'accuracy', bootstrapSamples: 200, seed: 0 });
  near(comparison.accuracy.estimate, accuracy(one) - accuracy(other));
  near(comparison.nll.estimate, nll(one) - nll(other));
  near(comparison.brier.estimate, brier(one) - brier(other));
  near((comparison.mcnemar.onlyThis - comparison.mcnemar.onlyOther) / 300, accuracy(one) - accuracy(other));
  for (const { estimate, low, high } of [comparison.accuracy, comparison.nll, comparison.brier]) assert.ok(low < estimate && estimate < high);
  assert.throws(() => compared(one, { ...other, labels: other.labels.map((label) => (label + 1) % 5) }, { against: 'other', metric: 'accuracy', bootstrapSamples: 2, seed: 0 }), { code: 'mismatch', message: 'This and other predicted different objects' });
});

test('a class without images has no figures', () => {
  const measures = measuresOf(of([0.6, 0.7], [true, true]), of([0.6, 0.7], [true, false]), ['here', 'absent'], 0);
  assert.deepEqual(measures.perClass.map(({ images, accuracy: right }) => [images, right]), [[2, 1], [0, null]]);
});
