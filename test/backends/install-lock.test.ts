import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, mkdirSync, rmSync, utimesSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { withLock } from '../../src/backends/install-lock.ts';

/** Takes the lock and logs when it comes and goes; run by `fork` below. */
if (process.argv[2] === 'holder') {
  const [, , , lock, log, name] = process.argv;
  await withLock(lock, new AbortController().signal, () => undefined, async () => {
    appendFileSync(log, `${name} in\n`);
    await delay(300);
    appendFileSync(log, `${name} out\n`);
  });
} else {
  test('processes hold it one after the other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'starsse-lock-'));
    const log = join(folder, 'log');
    const holders = ['a', 'b', 'c'].map((name) => fork(import.meta.filename, ['holder', join(folder, 'lock'), log, name]));
    const codes = await Promise.all(holders.map(async (holder) => (await once(holder, 'exit'))[0]));
    assert.deepEqual(codes, [0, 0, 0]);
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    assert.equal(lines.length, 6);
    for (let i = 0; i < 6; i += 2) assert.equal(lines[i].replace('in', 'out'), lines[i + 1]);
    rmSync(folder, { recursive: true });
  });

  test('waiting is told once and can be cancelled; a stale lock is taken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'starsse-lock-'));
    const lock = join(folder, 'lock');
    mkdirSync(lock);
    const controller = new AbortController();
    let waits = 0;
    const waiting = withLock(lock, controller.signal, () => (waits++, setTimeout(() => controller.abort(), 700)), () => Promise.resolve());
    await assert.rejects(waiting, { code: 'cancelled' });
    assert.equal(waits, 1);
    const old = new Date(Date.now() - 60_000);
    utimesSync(lock, old, old);
    assert.equal(await withLock(lock, new AbortController().signal, () => undefined, () => Promise.resolve(7)), 7);
    rmSync(folder, { recursive: true });
  });
}
