import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startUp } from './start-up.ts';

test('with nothing open the extension starts no timer, reads no file and runs no program', async (t) => {
  const { loadMs, activateMs, work } = await startUp(null);
  t.diagnostic(`loaded in ${loadMs.toFixed(1)} ms, activated in ${activateMs.toFixed(1)} ms`);
  assert.deepEqual(work, []);
});

test('a planted fault is caught: with a folder of runs open, its reading is seen', async () => {
  const { work } = await startUp(path.resolve('test/fixtures'));
  assert.ok(work.some((call) => call.startsWith('readdir')), work.join('\n'));
});

test('the extension is woken by what is its own: never at every start', () => {
  const { activationEvents } = JSON.parse(readFileSync('package.json', 'utf8')) as { activationEvents: string[] };
  for (const event of activationEvents) assert.match(event, /^(onWebviewPanel:starsse\.|onLanguage:json$|workspaceContains:\.starsse\/runs$)/, event);
});
