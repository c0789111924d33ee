import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { packedVsix } from '../host/installed.ts';
import { budgetFaults, BUDGETS, listFaults, MOST_BYTES, REQUIRED, tensorflowFaults, vsixFiles } from './vsix.ts';

const files = vsixFiles(packedVsix());
const dist = path.resolve(import.meta.dirname, '../../dist');

test('the package holds what it needs and nothing else', () => {
  assert.deepEqual(listFaults([...files.keys()]), []);
});

test('the package for every platform is below 8 MB', (t) => {
  const { size } = statSync(packedVsix());
  t.diagnostic(`${(size / 1e6).toFixed(2)} MB`);
  assert.ok(size < MOST_BYTES, `${size} bytes`);
});

test('every bundle keeps to its budget', (t) => {
  for (const [name, bytes] of files) if (name in BUDGETS) t.diagnostic(`${name}: ${(bytes / 1000).toFixed(0)} of ${BUDGETS[name] / 1000} KB`);
  assert.deepEqual(budgetFaults(files), []);
});

test('only the trainer contains TensorFlow.js', () => {
  for (const name of ['extension', 'cli', 'supervisor', 'input-worker']) {
    assert.deepEqual(tensorflowFaults(name, readFileSync(path.join(dist, `${name}.js`), 'utf8')), []);
  }
  assert.notDeepEqual(tensorflowFaults('trainer', readFileSync(path.join(dist, 'trainer.js'), 'utf8')), []);
});

test('a planted fault is caught: a file that does not belong into the package', () => {
  for (const name of ['node_modules/valibot/package.json', 'src/run/cli.ts', 'dist/extension.js.map', 'dist/test/editor.js', 'test/run.mjs', '.env']) {
    assert.deepEqual(listFaults([...REQUIRED, name]), [`${name}: not allowed in the package`]);
  }
});

test('a planted fault is caught: a file that is missing', () => {
  assert.deepEqual(listFaults(REQUIRED), []);
  assert.deepEqual(listFaults(REQUIRED.filter((name) => name !== 'dist/cli.js')), ['dist/cli.js: missing from the package']);
});

test('a planted fault is caught: one byte over each budget, and a bundle without one', () => {
  for (const [name, budget] of Object.entries(BUDGETS)) {
    assert.deepEqual(budgetFaults(new Map([[name, budget]])), []);
    assert.match(budgetFaults(new Map([[name, budget + 1]])).join(), /over its budget/);
  }
  assert.match(budgetFaults(new Map([['dist/other.js', 1]])).join(), /has no budget/);
});
