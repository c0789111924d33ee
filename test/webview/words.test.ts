import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announcement } from '../../webview-ui/dashboard/announce.ts';
import { compact, decimalEpoch, duration, percent, points, ranges, rate, writeNumbersIn } from '../../webview-ui/words/figures.ts';
import { EMPTY, type Model } from '../../webview-ui/dashboard/store.ts';
import { curvesWait, memberWaits, resultsWait } from '../../webview-ui/dashboard/waiting.ts';
import { member, memberView, resultRow, resultTable, runView } from './run-fixture.ts';

test('numbers for people', () => {
  assert.equal(percent(0.8231), '82.3%');
  assert.equal(percent(0.8231, 2), '82.31%');
  assert.deepEqual([points(0.0123), points(-0.0123), points(0.0001), points(0)], ['+1.2', '−1.2', '0.0', '0.0']);
  assert.deepEqual([0, 0.1, 0.0327, 0.001971, 0.0001971, 1e-5].map(rate), ['0', '0.1', '0.0327', '0.00197', '1.97e−4', '1e−5']);
  assert.deepEqual([400, 9_000, 75_000, 3_720_000].map(duration), ['0 s', '9 s', '1 min 15 s', '1 h 2 min']);
  assert.equal(compact(12_540_000), '12.5M');
  assert.deepEqual([[1], [1, 2], [3, 1, 2], [1, 2, 3, 5], [1, 3, 5]].map(ranges), ['1', '1, 2', '1–3', '1–3, 5', '1, 3, 5']);
  assert.deepEqual([decimalEpoch(3), decimalEpoch(20.66)], ['Epoch 3', 'Epoch 20.7']);
});

test('numbers follow the language of the texts, and a language that is none is English', () => {
  writeNumbersIn('de');
  assert.equal(points(0.0123), '+1,2');
  writeNumbersIn('not a language');
  assert.equal(points(0.0123), '+1.2');
});

test('a queued member says what it waits for', () => {
  const run = runView({ status: 'running' });
  assert.equal(memberWaits(run.members[1], run), 'Waits for member 1 to finish.');
  const started = runView({ members: [memberView(member(1), { status: 'done' }), ...run.members.slice(1)] });
  assert.match(memberWaits(started.members[1], started), /free trainer: 2 members/);
  assert.match(memberWaits(started.members[1], { ...started, workers: 1 }), /one member trains at a time/);
  assert.match(memberWaits(run.members[0], { ...run, status: 'queued' }), /the run to start/);
  assert.match(memberWaits(run.members[1], { ...run, status: 'stopped' }), /Resume/);
});

test('empty places say when they fill', () => {
  assert.match(curvesWait(runView({ status: 'queued' })), /queued/);
  assert.match(curvesWait(runView()), /first trainer is starting/);
  assert.match(curvesWait(runView({ status: 'failed' })), /Resume/);
  assert.match(resultsWait(runView()), /3 to go/);
  assert.match(resultsWait(runView({ status: 'evaluating' })), /evaluated/);
  assert.match(resultsWait(runView({ status: 'done' })), /Choose members/);
  assert.match(resultsWait(runView({ status: 'stopped' })), /Resume/);
});

const seen = (more: Partial<Model>): Model => ({ ...EMPTY, run: runView(), awaiting: false, ...more });

test('changes of state are spoken, numbers that always change are not', () => {
  const later = runView({ status: 'evaluating', members: [memberView(member(1), { status: 'done', step: 40 }), ...runView().members.slice(1)] });
  assert.equal(announcement(seen({}), seen({ run: later })), 'Member 1: Done. Run: Evaluating.');
  const busy = runView({ members: [memberView(member(1), { step: 7, trainedMs: 9 }), ...runView().members.slice(1)] });
  assert.equal(announcement(seen({}), seen({ run: busy })), '');
  assert.equal(announcement(EMPTY, seen({})), '');
});

test('a new row and an error are spoken once', () => {
  const row = resultRow('soup-uniform-1', { kind: 'soup', members: ['member-1', 'member-2'], differenceToBest: { estimate: 0.01, low: 0.005, high: 0.02 } });
  const run = runView({ results: resultTable({ rows: [row] }) });
  const answered = seen({ run, added: 'soup-uniform-1' });
  assert.match(announcement(seen({}), answered), /^The soup of members 1, 2 is better/);
  assert.equal(announcement(answered, { ...answered, tasks: [] }), '');
  const failed = seen({ notice: { kind: 'error', error: { code: 'disk', message: 'Disk is full.', hint: 'Make room.' } } });
  assert.equal(announcement(seen({}), failed), 'Disk is full. Make room.');
  assert.equal(announcement(failed, { ...failed, tasks: [] }), '');
});
