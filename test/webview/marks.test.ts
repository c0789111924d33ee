import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestRows, differenceRange, headline } from '../../webview-ui/results/marks.ts';
import { resultRow } from './run-fixture.ts';

const rows = [
  resultRow('member-1', { accuracy: 0.8, nll: 0.5, ece: 0.05 }),
  resultRow('member-2', { accuracy: 0.82, nll: 0.4, ece: 0.05, differenceToBest: { estimate: -0.01, low: -0.02, high: 0.005 } }),
  resultRow('mean-member', { kind: 'mean-member', accuracy: 0.99, nll: 0.1, ece: 0.001 }),
  resultRow('soup-uniform-1', { kind: 'soup', accuracy: 0.82, nll: 0.45, ece: 0.06 }),
  resultRow('ensemble-1', { kind: 'ensemble', accuracy: 0.81, nll: 0.41, ece: 0.07, differenceToBest: { estimate: 0.01, low: 0.001, high: 0.03 } }),
  resultRow('ensemble-2', { kind: 'ensemble', accuracy: 0.7 }),
];

test('accuracy is best high, the others low; ties share; the mean never wins', () => {
  const best = bestRows(rows);
  assert.deepEqual([...best.accuracy], ['member-2', 'soup-uniform-1']);
  assert.deepEqual([...best.nll], ['member-2']);
  assert.deepEqual([...best.ece], ['ensemble-2']);
});

test('the scale of differences holds zero and every interval', () => {
  const { low, high } = differenceRange(rows);
  assert.ok(low < -0.02 && high > 0.03);
  const one = differenceRange([resultRow('soup-1', { differenceToBest: { estimate: 0.02, low: 0.01, high: 0.03 } })]);
  assert.ok(one.low < 0 && one.high > 0.03);
  const none = differenceRange([resultRow('member-1')]);
  assert.ok(none.low < none.high);
});

test('the headline speaks of the row just made, else of the latest of its kind', () => {
  assert.equal(headline(rows, 'ensemble', null)?.name, 'ensemble-2');
  assert.equal(headline(rows, 'ensemble', 'ensemble-1')?.name, 'ensemble-1');
  assert.equal(headline(rows, 'ensemble', 'soup-uniform-1')?.name, 'ensemble-2');
  assert.equal(headline(rows.slice(0, 2), 'soup', null), null);
});
