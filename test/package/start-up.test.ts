import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../run/temporary-folder.ts';
import { writeRun } from '../run/written-run.ts';
import { startUp } from './start-up.ts';

test('with nothing open the extension starts no timer, reads no file and runs no program', async (t) => {
  const { loadMs, activateMs, work } = await startUp([]);
  t.diagnostic(`loaded in ${loadMs.toFixed(1)} ms, activated in ${activateMs.toFixed(1)} ms`);
  assert.deepEqual(work, []);
});

test('a planted fault is caught: with a folder of runs open, its reading is seen', async () => {
  const { work } = await startUp([path.resolve('test/fixtures')]);
  assert.ok(work.some((call) => call.startsWith('readdir')), work.join('\n'));
});

test('runs of every workspace folder are found', async (t) => {
  const folders = ['one', 'two', 'none'].map((name) => path.join(temporaryFolder(t), name));
  const runs = folders.slice(0, 2).map((folder, index) => writeRun(path.join(folder, '.starsse/runs'), `2026010${index + 1}-000000-test`));
  assert.deepEqual((await startUp(folders)).runs, [runs[1], runs[0]]);
});

test('in a virtual workspace nothing is read, and each command that starts or changes something says why it cannot', async () => {
  const { work, runs, call } = await startUp(['/project'], 'vscode-vfs');
  assert.deepEqual([work, runs], [[], []]);
  const { commands } = (JSON.parse(readFileSync('package.json', 'utf8')) as { contributes: { commands: { command: string; enablement?: string }[] } }).contributes;
  const starting = commands.filter(({ enablement }) => enablement === 'isWorkspaceTrusted').map(({ command }) => command);
  assert.ok(starting.length > 15 && starting.includes('starsse.startRun') && starting.includes('starsse.bestSoup'), starting.join());
  for (const command of starting) {
    assert.deepEqual(await call(command), ['This workspace is virtual: runs are folders on a disk, and training is a program beside them, so there are none here.'], command);
  }
});

test('the extension is woken by what is its own: never at every start', () => {
  const { activationEvents } = JSON.parse(readFileSync('package.json', 'utf8')) as { activationEvents: string[] };
  for (const event of activationEvents) assert.match(event, /^(onWebviewPanel:starsse\.|onLanguage:json$|workspaceContains:\.starsse\/runs$)/, event);
});
