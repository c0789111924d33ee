import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { offered, unnamed, type Contributions } from './contributions.ts';

const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as { contributes: Contributions };
const sources = ['test/editor', 'test/e2e'].flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.test.ts')).map((name) => readFileSync(path.join(folder, name), 'utf8')));

test('every command, view, editor, task and tool has a test inside an editor that names it', () => {
  const names = offered(contributes);
  assert.ok(names.length >= 40, `only ${names.length} were found`);
  assert.deepEqual(unnamed(names, sources), []);
});

test('a planted fault is caught: a command, a view and a tool without a test', () => {
  const planted: Contributions = {
    commands: [{ command: 'starsse.stop' }, { command: 'starsse.sto' }],
    views: { starsse: [{ id: 'starsse.runs' }, { id: 'starsse.planted' }] },
    customEditors: [{ viewType: 'starsse.plantedEditor' }],
    taskDefinitions: [{ type: 'planted' }],
    languageModelTools: [{ name: 'starsse_planted' }],
  };
  const test = "await executeCommand('starsse.stop'); view('starsse.runs'); // starsse.planted";
  assert.deepEqual(unnamed(offered(planted), [test]), ['starsse.sto', 'starsse.planted', 'starsse.plantedEditor', 'planted', 'starsse_planted']);
});
