import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf } from '../../src/protocol/difference.ts';
import { caveat, leftOut, verdict } from '../../webview-ui/results/verdict.ts';
import { resultRow, resultTable } from './run-fixture.ts';

const table = resultTable({ bestMember: 'member-3' });
const ensemble = (low: number, high: number): string | null =>
  verdict(resultRow('ensemble-1', { kind: 'ensemble', members: ['member-1', 'member-2', 'member-3'], differenceToBest: { estimate: (low + high) / 2, low, high } }), table);

test('better only where the whole interval is above zero', () => {
  assert.equal(ensemble(0.0061, 0.0139), 'The ensemble of members 1–3 is better than the best member (member 3) by 0.6 to 1.4 points on these 10,000 test images.');
  assert.equal(outcomeOf({ low: 0.001, high: 0.002 }), 'better');
  assert.equal(outcomeOf({ low: 0, high: 0.002 }), 'unknown');
});

test('worse only where the whole interval is below zero', () => {
  assert.equal(ensemble(-0.0139, -0.0061), 'The ensemble of members 1–3 is worse than the best member (member 3) by 0.6 to 1.4 points on these 10,000 test images.');
  assert.equal(outcomeOf({ low: -0.002, high: 0 }), 'unknown');
});

test('an interval around zero, or one that touches it, tells nothing', () => {
  assert.match(ensemble(-0.0031, 0.0092)!, /cannot be told apart from the best member \(member 3\).*from −0\.4 to \+1\.0 points/);
  assert.match(ensemble(0, 0.01)!, /cannot be told apart.*from 0\.0 to \+1\.0 points/);
  assert.match(ensemble(-0.01, 0)!, /cannot be told apart.*from −1\.0 to 0\.0 points/);
});

test('rounding never claims more: towards zero at the near end, away from it at the far end', () => {
  assert.match(ensemble(0.00699, 0.01301)!, /by 0\.6 to 1\.4 points/);
  assert.match(ensemble(0.007, 0.013)!, /by 0\.7 to 1\.3 points/);
});

test('a gain too small for one digit is not written as zero', () => {
  assert.match(ensemble(0.0002, 0.0042)!, /by 0\.02 to 0\.42 points/);
  assert.match(ensemble(0.00003, 0.001)!, /by 0\.003 to 0\.100 points/);
});

test('the best member and the mean are compared with nothing', () => {
  assert.equal(verdict(resultRow('member-3'), table), null);
});

test('members that the soup of the run was made without are named with the reason; in other tables nobody is', () => {
  assert.deepEqual(leftOut({ ...table, leftOut: [{ name: 'member-2', reason: 'outside the basin of member-1' }] }), ['The soup of the run was made without member 2: outside the basin of member-1']);
  assert.deepEqual(leftOut(table), []);
});

test('the caveat names what the intervals are', () => {
  assert.match(caveat(table), /95 %, paired bootstrap over 10,000 test images, 2,000 resamples.*highest accuracy on validation images\.$/);
  assert.match(caveat({ ...table, metric: 'mean-per-class-accuracy' }), /highest mean per-class accuracy on validation images\.$/);
});
