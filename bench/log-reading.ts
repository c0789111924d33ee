/**
 * Reading the rows of a long run: 100,000 rows of metrics.ndjson by `RowReader` (by offset, every row checked) against `json.loads` line by line in
 * Python, and against the least that JavaScript could do, in turn: `node scripts/node24.mjs bench/log-reading.ts`. And what a look at the same log
 * costs when it has grown by ten rows, which is what a dashboard does every second.
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Row } from '../src/protocol/rows.ts';
import { RowReader } from '../src/run/rows.ts';
import { pythonReference } from '../test/reference/python.ts';
import { pythonSide } from './python-side.ts';
import { inTurn, reportMissing, reportRatio, spread, spreadText } from './report.ts';

const ROWS = 100_000;
const ROUNDS = 7;
const WHAT = `reading ${ROWS} rows of a run's log: our rows a second / json.loads of Python, line by line`;

const folder = mkdtempSync(path.join(tmpdir(), 'starsse-bench-'));
try {
  const file = path.join(folder, 'metrics.ndjson');
  const row = (step: number): Row => ({ kind: 'step', step, epoch: Math.floor(step / 1000), loss: 2 / Math.sqrt(step), accuracy: 1 - 1 / step, learningRate: 0.05, wallMs: 31.4159 * step, waitMs: 0.0625 });
  writeFileSync(file, Array.from({ length: ROWS }, (_, index) => `${JSON.stringify(row(index + 1))}\n`).join(''));
  const reader = new RowReader(file);
  const ours = async (): Promise<number> => await secondsOf(async () => await readAll(new RowReader(file)));
  const least = async (): Promise<number> =>
    await secondsOf(async () => (await readFile(file, 'utf8')).split('\n').slice(0, -1).map((line) => JSON.parse(line) as Row).length);
  const python = await pythonReference();
  const side = python === null ? null : await pythonSide(python, 'log_reading.py', [file]);
  const theirs = async (): Promise<number> => Number((await side!.ask('read')).split(' ')[0]);
  const rounds = await inTurn(ROUNDS, side === null ? [ours, least] : [ours, least, theirs]);
  const rate = (index: number): string => `${spreadText(spread(rounds.map((seconds) => ROWS / seconds[index])), 0)} rows a second`;
  console.log(`RowReader      ${rate(0)}\nJSON.parse     ${rate(1)}${side === null ? '' : `\nPython         ${rate(2)}`}`);
  await readAll(reader);
  const look = async (): Promise<number> => {
    appendFileSync(file, `${JSON.stringify(row(ROWS))}\n`.repeat(10));
    return await secondsOf(async () => (await reader.read()).rows.length);
  };
  const looks = (await inTurn(50, [look])).map(([seconds]) => seconds);
  console.log(`ten new rows   ${spreadText(spread(looks.map((seconds) => 1000 * seconds)))} ms`);
  if (side === null) reportMissing(WHAT, 'no Python');
  else reportRatio(WHAT, rounds.map(([own, , other]) => other / own), { atLeast: 1 });
  reportRatio('the same against readFile, split and JSON.parse without any check', rounds.map(([own, plain]) => plain / own));
  reportRatio('reading them all / reading what is new of a log that grew by ten rows', looks.map((seconds) => spread(rounds.map(([own]) => own)).median / seconds));
  side?.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function readAll(reader: RowReader): Promise<number> {
  let rows = 0;
  for (let more = true; more; ) {
    const batch = await reader.read();
    rows += batch.rows.length;
    more = batch.more;
  }
  return rows;
}

async function secondsOf(work: () => Promise<number>): Promise<number> {
  const startMs = performance.now();
  if ((await work()) === 0) throw new Error('nothing was read');
  return (performance.now() - startMs) / 1000;
}
