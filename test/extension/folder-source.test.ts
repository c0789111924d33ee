import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { RunFollower } from '../../src/extension/dashboard/runFollower.ts';
import { FolderSource } from '../../src/extension/dashboard/folderSource.ts';
import type { ToView } from '../../src/protocol/messages.ts';
import type { Row } from '../../src/protocol/rows.ts';
import { writeRun, writeState } from '../run/written-run.ts';
import { stepRow } from './rows.ts';

const runs = mkdtempSync(path.join(tmpdir(), 'starsse-source-'));
after(() => rmSync(runs, { recursive: true, force: true }));
const lines = (...rows: Row[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const log = (folder: string): string => path.join(folder, 'members/member-1/metrics.ndjson');

test('a run that somebody else writes is followed, half lines and a new log included', async () => {
  const folder = writeRun(runs, '20260101-000000-aaaa');
  const posted: ToView[] = [];
  const follower = new RunFollower(new FolderSource(folder), { post: (message) => posted.push(message), tasks: () => [], texts: {} });
  await follower.ready();
  writeFileSync(log(folder), lines(stepRow(1), stepRow(2)) + '{"kind":"st');
  await follower.tick();
  appendFileSync(log(folder), lines(stepRow(3)).slice('{"kind":"st'.length));
  writeState(folder, 'member-1', { status: 'stopped', step: 3 });
  await follower.tick();
  assert.deepEqual(posted.map(({ type }) => type), ['snapshot', 'append', 'append', 'run']);
  assert.deepEqual(posted[2], { type: 'append', member: 'member-1', from: 2, rows: [stepRow(3)] });
  writeFileSync(log(folder), lines(stepRow(1, 9)));
  await follower.tick();
  const last = posted.at(-1);
  assert.ok(last?.type === 'snapshot');
  assert.deepEqual(last.rows[0], { member: 'member-1', rows: [stepRow(1, 9)] });
});

test('a folder that is gone is an error that names it', async () => {
  await assert.rejects(new FolderSource(path.join(runs, 'gone')).view(), /gone/);
});
