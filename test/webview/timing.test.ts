import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MemberView } from '../../src/protocol/run.ts';
import { elapsedMs, memberProgress, memberRemainingMs, progressOf, remainingMs } from '../../webview-ui/dashboard/timing.ts';
import { member, memberView, runView } from './run-fixture.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const done = (number: number, from: number, to: number): MemberView =>
  memberView(member(number), { status: 'done', step: number === 1 ? 40 : 20, trainedMs: (to - from) * 1000, finishedAt: at(to), heartbeatAt: at(to) });

test('nothing has trained: no time, no estimate', () => {
  assert.equal(elapsedMs(runView()), 0);
  assert.equal(remainingMs(runView()), null);
  assert.equal(progressOf(runView()), 0);
});

test('time in which two members train at once counts once, pauses do not count', () => {
  assert.equal(elapsedMs(runView({ members: [done(1, 0, 40), done(2, 40, 60), done(3, 50, 70)] })), 70_000);
  assert.equal(elapsedMs(runView({ members: [done(1, 0, 40), done(2, 100, 120)] })), 60_000);
  assert.equal(elapsedMs(runView({ members: [done(1, 0, 40), done(2, 10, 20)] })), 40_000);
});

test('a member needs its own pace times the steps that are left', () => {
  const half = memberView(member(1), { status: 'running', step: 20, trainedMs: 4_000 });
  assert.equal(memberRemainingMs(half, runView({ members: [half] })), 4_000);
  assert.equal(memberRemainingMs(done(1, 0, 40), runView()), 0);
});

test('queued members take the pace of the others, side by side where the run has trainers for it', () => {
  const first = memberView(member(1), { status: 'running', step: 20, trainedMs: 20_000 });
  const members = [first, memberView(member(2)), memberView(member(3))];
  assert.equal(remainingMs(runView({ members, workers: 2 })), 20_000 + 20_000);
  assert.equal(remainingMs(runView({ members, workers: 1 })), 20_000 + 20_000 + 20_000);
});

test('a chain cannot train side by side', () => {
  const first = memberView(member(1), { status: 'running', step: 20, trainedMs: 20_000 });
  const members = [first, memberView(member(2)), memberView(member(3, { startsFrom: 'member-2' }))];
  assert.equal(remainingMs(runView({ members, workers: 2 })), 60_000);
});

test('a finished run needs nothing more', () => {
  const run = runView({ members: [done(1, 0, 40), done(2, 40, 60), done(3, 40, 60)] });
  assert.equal(remainingMs(run), 0);
  assert.equal(progressOf(run), 1);
});

test('progress counts steps', () => {
  const members = [done(1, 0, 40), memberView(member(2), { status: 'running', step: 10 }), memberView(member(3))];
  assert.equal(progressOf(runView({ members })), 50 / 80);
  assert.equal(memberProgress(members[1], 10), 0.5);
  assert.equal(memberProgress(members[0], 10), 1);
});
