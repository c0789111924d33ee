import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { classTable } from '../../src/core/classes.ts';
import type { ClassTables } from '../../src/protocol/results.ts';
import { classLines } from '../../src/run/cli/classes.ts';
import { runFiles } from '../../src/run/folder.ts';
import { starsse } from './starsse.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeJson, writeRun } from './written-run.ts';

// The micro example: member 2 predicts 0 2 2 1 for the labels 0 1 2 0.
const table = classTable('member-2', { logits: Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 2, 0, 1, 0), labels: Int32Array.of(0, 1, 2, 0), classes: 3 }, ['bag', 'ankle boot', 'coat']);
const tables: ClassTables = { images: 4, measuredOn: 'test', tables: [{ ...table, name: 'member-1' }, table] };

test('classes prints the per-class table and the confusion matrix of one row of the result table', async (t) => {
  const folder = writeRun(path.join(temporaryFolder(t), 'runs'));
  writeJson(runFiles.classes(folder), tables);
  const { code, stdout, stderr } = await starsse(['classes', folder]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(stdout, `member-2 on 4 test images

   class       images    recall  precision       F1
0  bag              2   50.00 %   100.00 %  66.67 %
1  ankle boot       1    0.00 %     0.00 %   0.00 %
2  coat             1  100.00 %    50.00 %  66.67 %

Images of each class (rows) by predicted class (columns):
               0  1  2
0  bag         1  1  .
1  ankle boot  .  .  1
2  coat        .  .  1

In the table: member-1, member-2.
`);
  const json = JSON.parse((await starsse(['classes', folder, 'member-1', '--json'])).stdout) as unknown;
  assert.deepEqual(json, { images: 4, measuredOn: 'test', ...tables.tables[0] });
  const wrong = await starsse(['classes', folder, 'member-7']);
  assert.deepEqual([wrong.code, wrong.stderr], [2, 'starsse: "member-7" is not in the result table\n  There are: member-1, member-2.\n']);
});

test('a run without a result table says how to make one', async (t) => {
  const folder = writeRun(path.join(temporaryFolder(t), 'runs'));
  const { code, stderr } = await starsse(['classes', folder]);
  assert.equal(code, 2);
  assert.match(stderr, /has no per-class tables\n.*starsse ensemble/);
});

test('with many classes the commonest mistakes are listed instead of a matrix', () => {
  const classes = 30;
  const logits = new Float32Array(4 * classes);
  [1, 1, 2, 3].forEach((predicted, image) => (logits[image * classes + predicted] = 1));
  const many = classTable('m', { logits, labels: Int32Array.of(0, 0, 0, 3), classes }, Array.from({ length: classes }, (_, label) => `class ${label}`));
  const lines = classLines(many, { images: 4, measuredOn: 'validation' });
  assert.deepEqual(lines.slice(-3), ['The commonest mistakes, of 2 kinds (--json has all):', '2  class 0  taken for class 1', '1  class 0  taken for class 2']);
  assert.equal(lines[0], 'm on 4 validation images');
});
