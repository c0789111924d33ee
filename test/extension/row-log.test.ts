/** The log of a member as a chart needs it, against reading the whole file and applying what `resume` rows say. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { RowLog } from '../../src/extension/dashboard/rowLog.ts';
import { scanRows, type LineVisitor } from '../../src/extension/dashboard/scanRows.ts';
import { StepIndex } from '../../src/extension/dashboard/stepIndex.ts';
import type { Row, StepRow } from '../../src/protocol/rows.ts';
import { applyResumes } from '../../src/run/rows.ts';
import { epochRow, stepRow } from './rows.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'starsse-log-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const lines = (rows: readonly Row[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const always = (): boolean => true;
let files = 0;

function logOf(rows: readonly Row[], limit = 100): { file: string; log: RowLog } {
  const file = path.join(folder, `${++files}.ndjson`);
  writeFileSync(file, lines(rows));
  return { file, log: new RowLog(file, limit) };
}

/** 30,000 steps (4 MB) with a spike, an epoch row every 10 steps, and two resumes. */
function longLog(): Row[] {
  const rows: Row[] = [];
  const train = (from: number, to: number, loss: (step: number) => number): void => {
    for (let step = from; step <= to; step++) {
      rows.push(stepRow(step, loss(step)));
      if (step % 10 === 0) rows.push(epochRow(step / 10 - 1));
    }
  };
  const noisy = (step: number): number => (step === 12_345 ? 77.5 : 2 + Math.sin(step * 12.9898));
  train(1, 14_000, (step) => (step > 13_000 ? 500 : noisy(step)));
  rows.push({ kind: 'resume', step: 13_000 });
  train(13_001, 20_000, (step) => (step > 15_000 ? 900 : noisy(step)));
  rows.push({ kind: 'resume', step: 15_000 });
  train(15_001, 30_000, noisy);
  return rows;
}

test('a long log: first and last step, the spike, nothing that is void, no more than the limit', async () => {
  const { log } = logOf(longLog(), 400);
  assert.equal(await log.readOn(), null, 'too much to be news');
  const steps = log.rows.filter((row) => row.kind === 'step');
  assert.ok(steps.length >= 150 && steps.length <= 400, `${steps.length} steps`);
  assert.ok(log.rows.length - steps.length <= 400, 'epochs');
  for (const step of [1, 12_345, 30_000]) assert.ok(steps.some((row) => row.step === step), `step ${step} is lost`);
  assert.ok(steps.every(({ loss }) => loss < 100), 'void rows are there');
  assert.deepEqual(steps.find(({ step }) => step === 12_345), stepRow(12_345, 77.5));
});

test('a range is what the whole log has of it, resumes included, by offset and not from the beginning', async () => {
  const rows = longLog();
  const { log } = logOf(rows, 3000);
  await log.readOn();
  const valid = applyResumes(rows);
  for (const [from, to] of [[1, 50], [12_300, 12_400], [12_990, 13_020], [14_990, 15_015], [29_950, 40_000], [13_000, 15_100]]) {
    const expected = valid.filter((row) => row.step >= from && row.step <= to);
    const found = (await log.range(from, to, always)).filter((row) => row.kind === 'step' || row.step >= from);
    assert.equal(JSON.stringify(found), JSON.stringify(expected), `${from} to ${to}`);
  }
  assert.deepEqual(await log.range(40_000, 50_000, always), []);
  const thin = (await log.range(1, 30_000, always)).filter((row): row is StepRow => row.kind === 'step');
  assert.ok(thin.length <= 3000 && thin.some(({ step }) => step === 12_345));
  assert.deepEqual(await log.range(1, 30_000, () => false), [], 'nobody waits for it any more');
});

test('news are the new rows; half a line is none; a shorter file begins anew', async () => {
  const { file, log } = logOf([stepRow(1), stepRow(2)]);
  assert.deepEqual(await log.readOn(), [stepRow(1), stepRow(2)]);
  appendFileSync(file, lines([stepRow(3)]).slice(0, 20));
  assert.deepEqual(await log.readOn(), []);
  appendFileSync(file, lines([stepRow(3)]).slice(20) + lines([{ kind: 'resume', step: 2 }, stepRow(3, 9)]));
  assert.deepEqual(await log.readOn(), [stepRow(3), { kind: 'resume', step: 2 }, stepRow(3, 9)]);
  assert.deepEqual(log.rows, [stepRow(1), stepRow(2), stepRow(3, 9)]);
  assert.deepEqual(await log.range(2, 3, always), [stepRow(2), stepRow(3, 9)]);
  writeFileSync(file, lines([stepRow(1, 5)]));
  assert.equal(await log.readOn(), null);
  assert.deepEqual(log.rows, [stepRow(1, 5)]);
  rmSync(file);
  assert.equal(await log.readOn(), null);
  assert.deepEqual([log.rows, await log.readOn(), await log.range(1, 9, always)], [[], [], []]);
});

test('a line that is not a row is an error that names it, in a short log and in a long one', async () => {
  const bad = '{"kind":"step","step":3,"epoch":0,"loss":"much"}\n';
  const short = logOf([stepRow(1), stepRow(2)]);
  appendFileSync(short.file, bad);
  await assert.rejects(short.log.readOn(), new RegExp(`${files}\\.ndjson, line 3`));
  const long = logOf(longLog().slice(0, 9000));
  appendFileSync(long.file, bad);
  await assert.rejects(long.log.readOn(), /line 9001/);
  const endless = logOf([]);
  writeFileSync(endless.file, 'x'.repeat(3 << 20));
  await assert.rejects(endless.log.readOn(), /longer than/);
});

test('scanned numbers are those of JSON; lines of another form are parsed', () => {
  const losses = [2.4916813373565674, 0, 1e-7, 3.5e21, 12, 0.1, 1.7976931348623157e308];
  const rows: Row[] = [...losses.map((loss, index) => stepRow(index + 1, loss)), stepRow(8, -0.5), epochRow(0), { kind: 'resume', step: 2 }];
  const odd = '{ "kind": "step", "step": 9, "epoch": 0, "loss": 1, "accuracy": 1, "learningRate": 1, "wallMs": 1 }\n';
  const bytes = Buffer.from(lines(rows) + odd + '{"kind":"step"');
  const found: [number | string, number][] = [];
  const visitor: LineVisitor = { step: (step, loss) => found.push([step, loss]) > 0, row: (row) => found.push([row.kind, row.step]) > 0 };
  const { lines: seen, whole } = scanRows(bytes, visitor, String);
  assert.deepEqual([seen, whole], [11, true]);
  for (const [index, loss] of losses.entries()) {
    assert.equal(found[index][0], index + 1);
    assert.ok(Math.abs(found[index][1] - loss) <= 1e-14 * loss, `${found[index][1]} for ${loss}`);
  }
  assert.deepEqual(found.slice(7), [[8, -0.5], ['epoch', 10], ['resume', 2], ['step', 9]]);
});

test('the index of a log of any length stays small, and still finds the place before a step', () => {
  const index = new StepIndex(100);
  for (let step = 1; step <= 2_000_000; step++) index.line(step, step * 100);
  assert.ok(JSON.stringify(index.find(1, 3)).length < 100);
  const [{ offset, from, to }] = index.find(1_234_567, 1_300_000);
  assert.deepEqual([from, to], [1_234_567, 1_300_000]);
  assert.ok(offset <= 123_456_700 && offset > 123_456_700 - 200_000, String(offset));
  index.resume(1000, 777);
  index.resume(500, 888);
  assert.deepEqual(index.find(400, 600).map(({ from, to }) => [from, to]), [[400, 500], [501, 600]]);
  index.resume(0, 999);
  assert.deepEqual(index.find(1, 5), [{ offset: 999, from: 1, to: 5 }]);
});
