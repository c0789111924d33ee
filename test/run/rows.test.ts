import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Row, StepRow } from '../../src/protocol/rows.ts';
import { applyResumes, RowReader, RowWriter } from '../../src/run/rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

const step = (number: number): StepRow => ({ kind: 'step', step: number, epoch: 0, loss: 1 / number, accuracy: 0.5, learningRate: 0.1, wallMs: number });
const steps = (rows: Row[]): number[] => rows.map((row) => row.step);

test('rows arrive at a reader that follows by offset, each once', async (t) => {
  const file = path.join(temporaryFolder(t), 'metrics.ndjson');
  const reader = new RowReader(file);
  assert.deepEqual(await reader.read(), { rows: [], more: false, restarted: false });
  const writer = await RowWriter.open(file);
  writer.append(step(1));
  writer.append(step(2));
  await writer.flush();
  assert.deepEqual((await reader.read()).rows, [step(1), step(2)]);
  assert.deepEqual((await reader.read()).rows, []);
  writer.append(step(3));
  await writer.close();
  assert.deepEqual((await reader.read()).rows, [step(3)]);
});

test('rows are written without being asked, soon', async (t) => {
  const file = path.join(temporaryFolder(t), 'metrics.ndjson');
  const writer = await RowWriter.open(file);
  writer.append(step(1));
  assert.equal(readFileSync(file, 'utf8'), '');
  const deadline = Date.now() + 5000;
  while (readFileSync(file, 'utf8') === '' && Date.now() < deadline) await wait(20);
  assert.equal(readFileSync(file, 'utf8').split('\n').length, 2);
  await writer.close();
});

test('a last line without its newline is no row yet, and is cut off by the next writer', async (t) => {
  const file = path.join(temporaryFolder(t), 'metrics.ndjson');
  const line = JSON.stringify(step(2));
  writeFileSync(file, `${JSON.stringify(step(1))}\n${line.slice(0, 20)}`);
  const reader = new RowReader(file);
  assert.deepEqual(steps((await reader.read()).rows), [1]);
  const writer = await RowWriter.open(file);
  writer.append({ kind: 'resume', step: 0 });
  writer.append(step(1));
  await writer.close();
  const { rows, restarted } = await reader.read();
  assert.equal(restarted, false);
  assert.deepEqual(rows, [{ kind: 'resume', step: 0 }, step(1)]);
  assert.ok(!readFileSync(file, 'utf8').includes(line.slice(0, 20) + '{'));
});

test('a line that is not a row is an error naming the file and the line, also after earlier reads', async (t) => {
  const file = path.join(temporaryFolder(t), 'metrics.ndjson');
  writeFileSync(file, `${JSON.stringify(step(1))}\n`);
  const reader = new RowReader(file);
  await reader.read();
  appendFileSync(file, `${JSON.stringify(step(2))}\n{"kind":"step","step":"three"}\n`);
  await assert.rejects(reader.read(), (error: Error) => error.message.includes(`${file}, line 3`) && 'code' in error && error.code === 'file-invalid');
  writeFileSync(file, '\u0000\u0000\n');
  await assert.rejects(new RowReader(file).read(), /line 1: not valid JSON/);
});

test('a long log is read in bounded pieces', async (t) => {
  const file = path.join(temporaryFolder(t), 'metrics.ndjson');
  const count = 5000;
  writeFileSync(file, Array.from({ length: count }, (_, index) => `${JSON.stringify(step(index + 1))}\n`).join(''));
  const reader = new RowReader(file);
  const seen: number[] = [];
  let pieces = 0;
  for (let more = true; more; pieces++) {
    const batch = await reader.read(4096);
    assert.ok(batch.rows.length <= 40);
    seen.push(...steps(batch.rows));
    more = batch.more;
  }
  assert.ok(pieces > 100);
  assert.deepEqual(seen, Array.from({ length: count }, (_, index) => index + 1));
});

test('a line longer than the bound is an error, not endless memory', async (t) => {
  const file = path.join(temporaryFolder(t), 'metrics.ndjson');
  writeFileSync(file, 'x'.repeat(10_000));
  await assert.rejects(new RowReader(file).read(4096), /line 1: not a row: longer than 4096 bytes/);
});

test('a file that shrank or went away begins anew', async (t) => {
  const file = path.join(temporaryFolder(t), 'metrics.ndjson');
  writeFileSync(file, `${JSON.stringify(step(1))}\n${JSON.stringify(step(2))}\n`);
  const reader = new RowReader(file);
  await reader.read();
  truncateSync(file, JSON.stringify(step(1)).length + 1);
  assert.deepEqual(await reader.read(), { rows: [step(1)], more: false, restarted: true });
});

test('a resume row makes void what came after its step', () => {
  const rows: Row[] = [step(1), step(2), step(3), { kind: 'resume', step: 1 }, step(2), { kind: 'resume', step: 2 }, step(3)];
  assert.deepEqual(applyResumes(rows), [step(1), step(2), step(3)]);
  assert.deepEqual(applyResumes([step(1), { kind: 'resume', step: 0 }]), []);
});
