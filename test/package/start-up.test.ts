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

test('the extension is woken by what is its own: never at every start', () => {
  const { activationEvents } = JSON.parse(readFileSync('package.json', 'utf8')) as { activationEvents: string[] };
  for (const event of activationEvents) assert.match(event, /^(onWebviewPanel:starsse\.|onLanguage:json$|workspaceContains:\.starsse\/runs$)/, event);
});
