import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { alarmsOf, ToldOnce, type Facts } from '../../src/extension/alarms/alarms.ts';
import { readLosses } from '../../src/extension/alarms/losses.ts';
import { stepRow } from './rows.ts';
import { runView } from './run-view.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'starsse-alarms-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const facts = (more: Partial<Facts> = {}): Facts => ({ losses: new Map(), freeBytes: 2 ** 40, ...more });
const kinds = (alarms: ReturnType<typeof alarmsOf>): string[] => alarms.map((alarm) => ('member' in alarm ? `${alarm.kind} ${alarm.member}` : alarm.kind));

test('a loss far above its start in both ways, or no number, is told of members that train', () => {
  const run = runView({ members: 3 });
  const losses = (start: number, now: number): Facts => facts({ losses: new Map([['member-2', { start, now }]]) });
  assert.deepEqual(kinds(alarmsOf(run, losses(0.2, 2.3))), ['diverged member-2']);
  assert.deepEqual(kinds(alarmsOf(run, losses(2.3, NaN))), ['diverged member-2']);
  for (const [start, now] of [[0.2, 2.1], [2.3, 6.8], [2.3, 1]]) assert.deepEqual(alarmsOf(run, losses(start, now)), [], `${start} to ${now}`);
  run.members[1].state.status = 'done';
  assert.deepEqual(alarmsOf(run, losses(0.2, 9)), []);
});

test('an arm that ends more than five points below member 1 is told, member 1 and arms that train are not', () => {
  const run = runView({ members: 3, memberStatus: 'done' });
  run.members[0].state.validationAccuracy = 0.82;
  run.members[1].state.validationAccuracy = 0.771;
  run.members[2].state.validationAccuracy = 0.769;
  assert.deepEqual(kinds(alarmsOf(run, facts())), ['accuracy member-3']);
  run.members[2].state.status = 'running';
  assert.deepEqual(alarmsOf(run, facts()), []);
});

test('a disk with less than two gigabytes is told; one that tells nothing is not', () => {
  assert.deepEqual(kinds(alarmsOf(runView(), facts({ freeBytes: 2 ** 31 - 1 }))), ['disk']);
  assert.deepEqual([2 ** 31, null].flatMap((freeBytes) => alarmsOf(runView(), facts({ freeBytes }))), []);
});

test('each is told once, and what was over before the first look is not told', () => {
  const told = new ToldOnce();
  const disk = { kind: 'disk', key: 'a disk', freeBytes: 1 } as const;
  const accuracy = (member: string) => ({ kind: 'accuracy', key: `a ${member}`, member, accuracy: 0.1, member1: 0.8 }) as const;
  assert.deepEqual(told.fresh('a', [disk, accuracy('member-2')]), [disk]);
  assert.deepEqual(told.fresh('a', [disk, accuracy('member-2'), accuracy('member-3')]), [accuracy('member-3')]);
});

test('losses of both ends of a log, half lines left out; a short log has none', async () => {
  const file = path.join(folder, 'metrics.ndjson');
  const rows = Array.from({ length: 500 }, (_, index) => `${JSON.stringify(stepRow(index + 1, index < 10 ? 2 : index >= 490 ? 7 : 1))}\n`);
  writeFileSync(file, rows.join('') + '{"kind":"step","st');
  assert.deepEqual(await readLosses(file), { start: 2, now: 7 });
  writeFileSync(file, rows.slice(0, 12).join(''));
  assert.equal(await readLosses(file), null);
  assert.equal(await readLosses(path.join(folder, 'none')), null);
});
