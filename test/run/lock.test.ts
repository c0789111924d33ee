import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { lockHolder, takeLock } from '../../src/run/lock.ts';
import { HOST, isAlive, isLive } from '../../src/run/processes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const deadPid = (): number => spawnSync(process.execPath, ['-e', '0']).pid;
const heartbeat = (ageMs: number): string => new Date(Date.now() - ageMs).toISOString();

test('a lock is taken once, names its holder, and is free after its release', async (t) => {
  const file = path.join(temporaryFolder(t), 'supervisor.json');
  assert.equal(await lockHolder(file), null);
  const lock = await takeLock(file, 'The run x');
  assert.equal((await lockHolder(file))?.pid, process.pid);
  await assert.rejects(takeLock(file, 'The run x'), { code: 'run-busy', message: `The run x is in the hands of process ${process.pid} on ${HOST}` });
  await lock.beat();
  await lock.release();
  assert.ok(!existsSync(file));
  await (await takeLock(file, 'The run x')).release();
});

test('a lock of a dead process is taken over at once, of another machine only when its heartbeat is old', async (t) => {
  const file = path.join(temporaryFolder(t), 'supervisor.json');
  const hold = (pid: number, host: string, ageMs: number) => writeFileSync(file, JSON.stringify({ pid, host, heartbeatAt: heartbeat(ageMs) }));
  hold(deadPid(), HOST, 0);
  await (await takeLock(file, 'x')).release();
  hold(1, 'another-machine', 1000);
  await assert.rejects(takeLock(file, 'x'), { code: 'run-busy' });
  hold(1, 'another-machine', 60_000);
  await (await takeLock(file, 'x')).release();
  hold(process.ppid, HOST, 60_000); // the id was used again
  await (await takeLock(file, 'x')).release();
});

test('a torn lock is held while it is young and free when it is old', async (t) => {
  const file = path.join(temporaryFolder(t), 'supervisor.json');
  writeFileSync(file, '{"pid": 1');
  await assert.rejects(takeLock(file, 'x'), { code: 'run-busy', message: 'x is in the hands of another process' });
  utimesSync(file, new Date(0), new Date(0));
  await (await takeLock(file, 'x')).release();
});

test('of many processes that find a dead holder exactly one takes over', async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'supervisor.json');
  writeFileSync(file, JSON.stringify({ pid: deadPid(), host: HOST, heartbeatAt: heartbeat(0) }));
  const program = path.join(folder, 'taker.mts');
  writeFileSync(program, `
    import { takeLock } from ${JSON.stringify(path.resolve('src/run/lock.ts'))};
    process.stdin.once('data', async () => {
      const taken = await takeLock(${JSON.stringify(file)}, 'x').then(() => true, (error) => error.code);
      console.log(taken);
      process.stdin.once('data', () => process.exit());
    });
    console.log('ready');
  `);
  const takers = Array.from({ length: 6 }, () => spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'ignore'] }));
  t.after(() => takers.forEach((taker) => taker.kill('SIGKILL')));
  await Promise.all(takers.map(({ stdout }) => once(stdout, 'data')));
  const answers = Promise.all(takers.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()));
  for (const { stdin } of takers) stdin.write('go\n');
  assert.deepEqual((await answers).sort(), [...Array<string>(5).fill('run-busy'), 'true']);
  for (const { stdin } of takers) stdin.write('end\n');
  await Promise.all(takers.map((taker) => once(taker, 'exit')));
});

test('a holder whose lock was taken by another learns it at its next heartbeat and leaves the other lock alone', async (t) => {
  const file = path.join(temporaryFolder(t), 'supervisor.json');
  const lock = await takeLock(file, 'x');
  const other = JSON.stringify({ pid: 1, host: 'another-machine', heartbeatAt: heartbeat(0) });
  writeFileSync(file, other);
  await assert.rejects(lock.beat(), { code: 'run-busy' });
  await lock.release();
  assert.equal(readFileSync(file, 'utf8'), other);
});

test('a process is live by its id and its heartbeat', () => {
  assert.ok(isAlive(process.pid));
  assert.ok(!isAlive(deadPid()));
  assert.ok(!isAlive(-1) && !isAlive(0));
  assert.ok(isLive({ pid: process.pid, host: HOST, heartbeatAt: heartbeat(1000) }));
  assert.ok(!isLive({ pid: process.pid, host: HOST, heartbeatAt: heartbeat(20_000) }));
  assert.ok(!isLive({ pid: null, host: HOST, heartbeatAt: heartbeat(0) }));
});
