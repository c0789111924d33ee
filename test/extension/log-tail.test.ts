import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { LogTail } from '../../src/extension/dashboard/logTail.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'starsse-log-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const fresh = (name: string): { file: string; tail: LogTail } => ({ file: path.join(folder, name), tail: new LogTail(path.join(folder, name)) });

test('first what is there, then what is new; a line counts once its newline is there', async () => {
  const { file, tail } = fresh('grows');
  writeFileSync(file, 'one\ntwo\nthr');
  assert.deepEqual(await tail.read(), { lines: ['one', 'two'], restarted: true });
  assert.equal(await tail.read(), null);
  appendFileSync(file, 'ee\n四\n');
  assert.deepEqual(await tail.read(), { lines: ['three', '四'], restarted: false });
  appendFileSync(file, '\n');
  assert.deepEqual(await tail.read(), { lines: [''], restarted: false });
});

test('a file that is missing is an empty one: it may come, and go again', async () => {
  const { file, tail } = fresh('comes');
  assert.deepEqual(await tail.read(), { lines: [], restarted: true });
  assert.equal(await tail.read(), null);
  writeFileSync(file, 'one\n');
  assert.deepEqual(await tail.read(), { lines: ['one'], restarted: false });
  rmSync(file);
  assert.deepEqual(await tail.read(), { lines: [], restarted: true });
});

test('a file that became shorter is another one', async () => {
  const { file, tail } = fresh('shrinks');
  writeFileSync(file, 'a long first line\nand another\n');
  await tail.read();
  writeFileSync(file, 'new\n');
  assert.deepEqual(await tail.read(), { lines: ['new'], restarted: true });
});

test('of a long log the last 64 KiB, without the line that began before; of a burst as many', async () => {
  const { file, tail } = fresh('long');
  const line = (index: number): string => String(index).padStart(99, '.');
  const lines = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => line(from + index));
  writeFileSync(file, `${lines(0, 1000).join('\n')}\n`);
  assert.deepEqual(await tail.read(), { lines: lines(345, 1000), restarted: true }); // 65,536 bytes are 655 lines and a bit
  appendFileSync(file, `${lines(1000, 1002).join('\n')}\n`);
  assert.deepEqual(await tail.read(), { lines: lines(1000, 1002), restarted: false });
  appendFileSync(file, `${lines(1002, 3000).join('\n')}\n`);
  assert.deepEqual((await tail.read())?.lines, lines(2345, 3000));
});

test('anything else than a missing file is told', async () => {
  const { file } = fresh('no folder');
  writeFileSync(file, '');
  await assert.rejects(new LogTail(path.join(file, 'log')).read(), { code: 'ENOTDIR' });
  await assert.rejects(new LogTail(folder).read(), { code: 'EISDIR' });
});
