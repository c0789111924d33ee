/** The test command itself: it must not count what failed as passed, nor overlook what a layer left behind. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseLauncherArguments } from '../host/arguments.ts';
import { sentence, strict, sum } from '../runner/count.ts';
import { endLeftOvers, leftOver, MARK } from '../runner/left-over.ts';

test('what was skipped has failed when CI is set, and is named otherwise', () => {
  const count = { passed: 3, failed: 0, skipped: 2 };
  assert.deepEqual(strict(count, true), { passed: 3, failed: 2, skipped: 0 });
  assert.equal(sentence(strict(count, true)), '3 passed, 2 failed');
  assert.equal(sentence(strict(count, false)), '3 passed, 0 failed, 2 skipped');
  assert.deepEqual(sum([count, { passed: 1, failed: 1, skipped: 0 }]), { passed: 4, failed: 1, skipped: 2 });
});

test('a detached process that a layer left behind is found and ended', { skip: process.platform !== 'linux' }, async () => {
  const value = randomUUID();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore', env: { ...process.env, [MARK]: value } });
  child.unref();
  const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  assert.deepEqual((await endLeftOvers(value, 500)).map(({ pid }) => pid), [child.pid]);
  assert.equal(await ended, 'SIGKILL');
  assert.deepEqual(leftOver(value), []);
});

test('an unknown layer is a mistake, with the names of those there are', async () => {
  const run = spawn(process.execPath, [fileURLToPath(new URL('../run.mjs', import.meta.url)), 'nothing'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  run.stderr.on('data', (data: Buffer) => (errors += data));
  const code = await new Promise((resolve) => run.once('close', resolve));
  assert.equal(code, 2);
  assert.match(errors, /no layer "nothing".*check, science/);
});

test('a filter that fits no file fails instead of passing nothing', async () => {
  const run = spawn(process.execPath, [fileURLToPath(new URL('../run.mjs', import.meta.url)), 'science', 'no-such-file'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  run.stdout.on('data', (data: Buffer) => (output += data));
  const code = await new Promise((resolve) => run.once('close', resolve));
  assert.equal(code, 1);
  assert.equal(output.trim().split('\n').at(-1), '0 passed, 1 failed');
});

test('the launcher understands what @vscode/test-electron says to VS Code', () => {
  const flags = ['--no-sandbox', '--disable-updates', '--skip-welcome', '--disable-workspace-trust', '--extensionTestsPath=/t/suite', '--extensionDevelopmentPath=/x'];
  assert.deepEqual(parseLauncherArguments(['/w', '--user-data-dir=/d', '--extensions-dir=/e', ...flags]), {
    folder: '/w', extensionDevelopmentPath: '/x', extensionTestsPath: '/t/suite', userDataDir: '/d', extensionsDir: '/e', trustWorkspaces: true,
  });
  assert.throws(() => parseLauncherArguments(['/w', ...flags]), /--user-data-dir/);
  assert.throws(() => parseLauncherArguments(['--user-data-dir=/d', '--extensions-dir=/e', ...flags]), /one folder/);
});
