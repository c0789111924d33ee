import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRooms, roomFaults } from './rooms.ts';
import { contributing, sources } from './sources.ts';

const rooms = readRooms(contributing());

test('the table names the six rooms, and every folder of src is one', () => {
  assert.deepEqual(rooms.map(({ folder }) => folder), ['src/protocol', 'src/core', 'src/backends', 'src/run', 'src/extension', 'webview-ui']);
  assert.deepEqual(rooms[0].rooms, ['src/protocol']);
  assert.deepEqual(rooms[2].rooms, ['src/backends', 'src/protocol', 'src/core']);
  assert.deepEqual(rooms[3].trainerRooms, ['src/core', 'src/backends']);
  assert.deepEqual(rooms[4].rooms, ['src/extension', 'src/protocol', 'src/run']);
});

test('every import stands in the right room', () => {
  const files = sources('src', 'webview-ui');
  assert.ok(files.size > 20, `only ${files.size} files were read`);
  assert.deepEqual(roomFaults(rooms, files), []);
});

/** A file, what it says, and a part of the fault that must be found in it. */
const planted: [string, string, string][] = [
  ['src/protocol/plan.ts', "import { readFile } from 'node:fs';", 'no package of src/protocol'],
  ['src/protocol/plan.ts', "import type { Network } from '../core/network.ts';", 'src/protocol does not import from src/core'],
  ['src/core/train.ts', "import '@tensorflow/tfjs-backend-wasm';", 'no package of src/core'],
  ['src/core/train.ts', "export { start } from '../backends/wasm/start.ts';", 'src/core does not import from src/backends'],
  ['src/backends/start.ts', "const run = await import('../run/folder.ts');", 'src/backends does not import from src/run'],
  ['src/run/view.ts', "import { train } from '../core/train.ts';", 'only the trainer imports from src/core'],
  ['src/run/cli.ts', "import { main } from './trainer/train-member.ts';", 'only the trainer imports from the trainer'],
  ['src/run/cli.ts', "import { tidy } from '@tensorflow/tfjs-core';", 'only the trainer uses this package'],
  ['src/run/cli.ts', "const tf = nodeRequire('@tensorflow/tfjs-node-gpu');", 'no package of src/run'],
  ['src/extension/activate.ts', "import { main } from '../run/trainer.ts';", 'only the trainer imports from the trainer'],
  ['src/extension/activate.ts', "type T = import('../core/train.ts').Train;", 'src/extension does not import from src/core'],
  ['src/extension/activate.ts', "import tf = require('@tensorflow/tfjs-core');", 'no package of src/extension'],
  ['webview-ui/dashboard/main.ts', "import * as vscode from 'vscode';", 'no package of webview-ui'],
  ['webview-ui/dashboard/main.ts', "import { readRows } from '../../src/run/rows.ts';", 'webview-ui does not import from src/run'],
  ['webview-ui/dashboard/main.ts', "import { store } from './store';", 'names no ending'],
  ['src/core/train.ts', "import { plan } from '../../test/fixtures/tiny-plan.ts';", 'leads out of the rooms'],
  ['src/other/thing.ts', '', 'in no room'],
];

for (const [file, source, fault] of planted) {
  test(`a planted fault is caught: ${file} with ${source || 'nothing in it'}`, () => {
    const found = roomFaults(rooms, new Map([[file, source]]));
    assert.equal(found.length, 1, `found ${JSON.stringify(found)}`);
    assert.ok(found[0].includes(fault), found[0]);
  });
}

test('what is allowed is no fault', () => {
  const allowed = new Map([
    ['src/run/trainer.ts', "import { tidy } from '@tensorflow/tfjs-core'; import { train } from '../core/train.ts'; import { go } from './trainer/go.ts';"],
    ['src/run/trainer/go.ts', "import { start } from '../../backends/start.ts'; import path from 'node:path';"],
    ['src/extension/activate.ts', "import * as vscode from 'vscode'; import { readRows } from '../run/rows.ts';"],
    ['webview-ui/dashboard/main.ts', "import './main.css'; import type { ToView } from '../../src/protocol/messages.ts';"],
  ]);
  assert.deepEqual(roomFaults(rooms, allowed), []);
});
