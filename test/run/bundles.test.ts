import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { tinyPlanFile } from './real-run.ts';

const CLI = path.resolve('dist/cli.js');

test('the bundles run a plan by themselves: the command line finds supervisor and trainer beside it', async (t) => {
  const plan = tinyPlanFile(t);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [CLI, 'run', plan, '--runs', path.join(path.dirname(plan), 'runs'), '--json'], { cwd: path.dirname(plan) });
  const { status, table } = JSON.parse(stdout) as { status: string; table: { rows: unknown[] } };
  assert.deepEqual([status, table.rows.length, stderr], ['done', 6, '']);
});

test('dist/cli.js is a program, and no bundle but the trainer holds TensorFlow.js', () => {
  assert.match(readFileSync(CLI, 'utf8'), /^#!\/usr\/bin\/env node\n/);
  const holds = (name: string): boolean => readFileSync(path.resolve('dist', `${name}.js`), 'utf8').includes('Conv2DBackpropFilter');
  assert.deepEqual(['cli', 'supervisor', 'input-worker', 'trainer'].filter(holds), ['trainer']);
});
