import assert from 'node:assert/strict';
import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { classTable } from '../../../src/core/classes.ts';
import type { ResultTable } from '../../../src/protocol/results.ts';
import { runFiles } from '../../../src/run/folder.ts';
import { csvText } from '../../../src/run/records/csv.ts';
import { starsse } from '../starsse.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { writeJson, writeRun } from '../written-run.ts';

const read = (file: string): Record<string, string>[] => parse(readFileSync(file, 'utf8'), { columns: true, record_delimiter: '\r\n' });

test('cells come back from a CSV reader as they went in, whatever is in them', () => {
  const cells = ['plain', 'with, comma', 'with "quotes"', 'two\r\nlines', ' blanks ', '', 'ü 猫'];
  const numbers = [0, -1.5, 0.1 + 0.2, 1e-300, 5e22];
  const text = csvText([...cells.keys()].map((index) => `c${index}`), [cells, [...numbers, null, null]]);
  const [strings, values] = parse(text, { columns: false, from: 2 }) as unknown as string[][];
  assert.deepEqual(strings, cells);
  assert.deepEqual(values.slice(0, 5).map(Number), numbers);
  assert.deepEqual(values.slice(5), ['', '']);
});

test('texts that a spreadsheet would compute are marked as texts; numbers are left alone', () => {
  assert.equal(csvText(['a', 'b', 'c'], [['=1+1', '@x', -2]]), "a,b,c\r\n'=1+1,'@x,-2\r\n");
});

test('csv writes rows without voided ones, and the tables', async (t) => {
  const folder = writeRun(path.join(temporaryFolder(t), 'runs'));
  const step = (number: number, loss: number) => `${JSON.stringify({ kind: 'step', step: number, epoch: 0, loss, accuracy: 0.5, learningRate: 0.1, wallMs: 5 })}\n`;
  appendFileSync(runFiles.rows(folder, 'member-1'), `${step(1, 3)}${step(2, 2)}{"kind":"resume","step":1}\n${step(2, 1)}`);
  const before = await starsse(['csv', folder]);
  assert.equal(before.stdout, `${path.join(folder, 'csv', 'rows.csv')}  2 rows\n`);
  assert.deepEqual(read(path.join(folder, 'csv', 'rows.csv')).map(({ member, kind, step: at, loss, trainLoss }) => [member, kind, at, loss, trainLoss]), [
    ['member-1', 'step', '1', '3', ''],
    ['member-1', 'step', '2', '1', ''],
  ]);

  const epoch = { kind: 'epoch', step: 2, epoch: 0, trainLoss: 1, validationLoss: 1, validationAccuracy: 0.5, imagesPerSecond: 9, wallMs: 9, distanceToStart: 0.25, distanceToMember1: 2, cosineToFirst: -1 };
  appendFileSync(runFiles.rows(folder, 'member-2'), `${JSON.stringify(epoch)}\n`);
  await starsse(['csv', folder]);
  const [{ distanceToStart, distanceToPretrained, distanceToMember1, cosineToFirst }] = read(path.join(folder, 'csv', 'rows.csv')).filter(({ member }) => member === 'member-2');
  assert.deepEqual([distanceToStart, distanceToPretrained, distanceToMember1, cosineToFirst], ['0.25', '', '2', '-1']);

  const table = classTable('member-1', { logits: Float32Array.of(0, 1), labels: Int32Array.of(0), classes: 2 }, ['=cat', 'dog, "wet"']);
  writeJson(runFiles.classes(folder), { images: 1, measuredOn: 'test', tables: [table] });
  cpSync(runFiles.table('test/fixtures/run-format-1'), runFiles.table(folder));
  const out = path.join(folder, 'elsewhere');
  const { code, stdout } = await starsse(['csv', folder, '--out', out, '--json']);
  const { files } = JSON.parse(stdout) as { files: { file: string; rows: number }[] };
  const results = JSON.parse(readFileSync(runFiles.table(folder), 'utf8')) as ResultTable;
  assert.deepEqual([code, files.map(({ file, rows }) => [path.basename(file), rows])], [0, [['rows.csv', 3], ['table.csv', results.rows.length], ['classes.csv', 2], ['confusion.csv', 1]]]);
  assert.deepEqual(
    read(path.join(out, 'table.csv')).map(({ name, members, accuracy, differenceLow }) => [name, members, Number(accuracy), differenceLow === '' ? undefined : Number(differenceLow)]),
    results.rows.map(({ name, members, accuracy, differenceToBest }) => [name, members.join(' '), accuracy, differenceToBest?.low]),
  );
  assert.deepEqual(read(path.join(out, 'confusion.csv')), [{ name: 'member-1', class: "'=cat", predicted: 'dog, "wet"', images: '1' }]);
  assert.deepEqual(read(path.join(out, 'classes.csv')).map(({ recall, precision, f1 }) => [recall, precision, f1]), [['0', '', '0'], ['', '0', '0']]);
});
