import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atTemperature, calibratedNll, fitTemperature } from '../../src/core/calibration.ts';
import { diversity } from '../../src/core/diversity.ts';
import { ensemble } from '../../src/core/ensemble.ts';
import { accuracy, brier, logSoftmax, mean, meanPerClassAccuracy, nll, type Predictions } from '../../src/core/metrics.ts';
import { integer, normal, randomKey } from '../../src/core/random.ts';
import { ece } from '../../src/core/reliability.ts';

function predictions(rows: number[][], labels: number[]): Predictions {
  return { logits: Float64Array.from(rows.flat()), labels: Int32Array.from(labels), classes: rows[0].length };
}
function near(actual: number, expected: number, tolerance = 1e-9): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

// The micro example of the method.
const labels = [0, 1, 2, 0];
const first = predictions([[2, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0.9, 0]], labels);
const second = predictions([[1, 0, 0], [0, 0, 1], [0, 0, 2], [0, 1, 0]], labels);
const together = ensemble([first, second]);

/** Members that are right more often than not, on random logits. */
function randomMembers(count: number, objects: number, classes: number): Predictions[] {
  const key = randomKey(11, 'task');
  const truth = Array.from({ length: objects }, (_, row) => integer(key, row, classes));
  return Array.from({ length: count }, (_, member) => {
    const own = randomKey(11, 'task', member);
    return predictions(truth.map((label, row) => Array.from({ length: classes }, (__, each) => 2 * normal(own, row * classes + each) + (each === label ? 2 : 0))), truth);
  });
}

test('micro example: accuracy, NLL, Brier, mean per-class accuracy', () => {
  assert.equal(accuracy(first), 1);
  assert.equal(accuracy(second), 0.5);
  assert.equal(accuracy(together), 0.75);
  near(nll(first), 0.540852541);
  near(nll(second), 0.973469727);
  near(nll(together), 0.7047604208);
  near(nll(ensemble([first, second], 'logit-mean')), 0.7128101231);
  near(brier(together), 0.3995360018);
  assert.equal(meanPerClassAccuracy(first), 1);
  assert.equal(meanPerClassAccuracy(second), 0.5);
  near(meanPerClassAccuracy(together), 2.5 / 3);
});

test('micro example: diversity', () => {
  assert.deepEqual(diversity([first, second]), { disagreement: 0.5, normalised: 2 });
  assert.deepEqual(diversity([first, first]), { disagreement: 0, normalised: 0 });
  assert.throws(() => diversity([first]), /at least two|1 members/);
});

test('micro example: the best temperature of the ensemble', () => {
  const temperature = fitTemperature(together);
  near(temperature, 0.4184, 5e-5);
  near(nll(atTemperature(together, temperature)), 0.5689544, 5e-8);
});

test('mean per-class accuracy weighs classes, not objects, and skips absent classes', () => {
  const uneven = predictions([[1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]], [0, 0, 0, 2]);
  assert.equal(accuracy(uneven), 0.75);
  assert.equal(meanPerClassAccuracy(uneven), 0.5);
});

test('log softmax of large logits stays finite', () => {
  assert.deepEqual([...logSoftmax(Float64Array.of(1000, 0, -1000), 3)], [0, -1000, -2000]);
});

test('ECE by hand: bins are (lo, hi], gaps are weighted by the number of objects', () => {
  const of = (confidences: number[], right: boolean[]) =>
    predictions(confidences.map((p) => [Math.log(p), Math.log(1 - p)]), right.map((yes) => (yes ? 0 : 1)));
  // 0.62 and 0.64 share the bin (9/15, 10/15]; 0.9 is alone in (13/15, 14/15].
  near(ece(of([0.62, 0.64, 0.9], [true, false, true])), (Math.abs(0.38 - 0.64) + 0.1) / 3);
  // An edge belongs to the bin below it: 0.6 = 9/15 is not with 0.62, so the gaps add up instead of cancelling.
  near(ece(of([0.6, 0.62], [true, false]), 5), Math.abs(0.4) / 2 + Math.abs(0.62) / 2);
  near(ece(of([0.61, 0.62], [true, false]), 5), Math.abs(0.39 - 0.62) / 2);
});

test('X6: NLL and Brier of the probability ensemble are at most the mean of its members', () => {
  const members = randomMembers(5, 400, 7);
  const joint = ensemble(members);
  assert.ok(nll(joint) <= mean(members.map(nll)));
  assert.ok(brier(joint) <= mean(members.map(brier)));
});

test('X7: an ensemble of copies is the member', () => {
  const [member] = randomMembers(1, 50, 4);
  for (const rule of ['probability-mean', 'logit-mean'] as const) {
    const copies = ensemble([member, member, member], rule);
    const expected = logSoftmax(member.logits, 4);
    for (const [index, value] of logSoftmax(copies.logits, 4).entries()) near(value, expected[index], 1e-12);
  }
});

test('members that predicted other objects make no ensemble', () => {
  assert.throws(() => ensemble([first, predictions([[1, 0, 0]], [0])]), { code: 'mismatch' });
  assert.throws(() => ensemble([first, { ...second, labels: Int32Array.of(0, 1, 2, 1) }]), { code: 'mismatch' });
  assert.throws(() => ensemble([]), { code: 'usage' });
});

test('X10: a fitted temperature does not raise the NLL, is the best of a grid, and changes no prediction', () => {
  for (const member of [...randomMembers(3, 300, 5), first, second]) {
    const temperature = fitTemperature(member);
    const fitted = nll(atTemperature(member, temperature));
    assert.ok(fitted <= nll(member));
    for (let t = 0.05; t < 20; t *= 1.1) assert.ok(fitted <= nll(atTemperature(member, t)) + 1e-12, `${t} beats ${temperature}`);
    assert.equal(accuracy(atTemperature(member, temperature)), accuracy(member));
  }
});

test('calibrated NLL: seeded, close to the NLL at the best temperature, blind to a temperature of the logits', () => {
  const [member] = randomMembers(1, 2000, 5);
  const calibrated = calibratedNll(member);
  assert.equal(calibrated, calibratedNll(member));
  assert.notEqual(calibrated, calibratedNll(member, { seed: 1 }));
  const best = nll(atTemperature(member, fitTemperature(member)));
  assert.ok(calibrated > best - 1e-3 && calibrated < best + 5e-3, `${calibrated}, ${best}`);
  near(calibratedNll(atTemperature(member, 7)), calibrated, 1e-9);
});
