import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { EpochRow, StepRow } from '../../../src/protocol/rows.ts';
import { readRun, runFiles } from '../../../src/run/folder.ts';
import { MemberRecords } from '../../../src/run/records/member-records.ts';
import { referencePython } from '../../reference/python.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { writeRun } from '../written-run.ts';

interface Read {
  fileVersion: number;
  scalars: Record<string, [number, number][]>;
  shown: string[];
  text: Record<string, string>;
  hparams: Record<string, Record<string, unknown> | number>;
}

async function readWithTensorBoard(folder: string): Promise<Read> {
  const program = path.join(import.meta.dirname, 'read_events.py');
  const { stdout } = await promisify(execFile)(await referencePython(), ['-W', 'ignore', program, folder], { env: { ...process.env, OMP_NUM_THREADS: '1' } });
  return JSON.parse(stdout) as Read;
}

const step = (number: number, loss: number): StepRow => ({ kind: 'step', step: number, epoch: Math.floor((number - 1) / 2), loss, accuracy: 0.5, learningRate: 0.05, wallMs: number * 10 });
const epoch = (number: number, validationAccuracy: number): EpochRow => ({
  kind: 'epoch', step: number, epoch: number / 2 - 1, trainLoss: 1, validationLoss: 1.5, validationAccuracy, imagesPerSecond: 100, wallMs: number * 10, waitShare: 0.25,
});

test('TensorBoard reads the scalars, the plan and the hyperparameters of a member', async (t) => {
  const folder = writeRun(path.join(temporaryFolder(t), 'runs'));
  const run = await readRun(folder);
  const records = await MemberRecords.open(folder, run, run.members[0], 0);
  for (const row of [step(1, 2), step(2, 1.5), epoch(2, 0.75)]) records.append(row);
  records.end('done');
  await records.close();
  const read = await readWithTensorBoard(runFiles.member(folder, 'member-1'));
  assert.equal(read.fileVersion, 2);
  assert.deepEqual(read.scalars['train/loss'], [[1, 2], [2, 1.5]]);
  assert.deepEqual(read.scalars['validation/accuracy'], [[2, 0.75]]);
  assert.deepEqual(read.scalars['speed/wait_share'], [[2, 0.25]]);
  assert.deepEqual(read.scalars['final/validation/accuracy'], [[2, 0.75]]);
  assert.ok(Math.abs(read.scalars['train/learning_rate'][0][1] - 0.05) < 1e-7);
  assert.deepEqual(read.shown, Object.keys(read.scalars).sort());
  assert.deepEqual(read.shown, [
    'final/validation/accuracy', 'final/validation/loss', 'speed/images_per_second', 'speed/wait_share', 'train/accuracy', 'train/epoch_loss',
    'train/learning_rate', 'train/loss', 'validation/accuracy', 'validation/loss',
  ]);
  assert.match(read.text.plan, /^## Tiny, member-1\n[^]*"lrRatio": 1/);
  const started = read.hparams['_hparams_/session_start_info'] as Record<string, unknown>;
  assert.deepEqual(
    ['method.kind', 'method.cycle.epochRatio', 'training.optimizer.nesterov', 'member.learningRate', 'data.classes', 'model.checkpoint'].map((name) => started[name]),
    ['starsse', 0.5, false, 0.05, '["horizontal","vertical","diagonal"]', undefined],
  );
  assert.equal(read.hparams['_hparams_/session_end_info'], 1);
});

test('after a kill in the middle of a write, steps that are done again are there once, and the torn record hides nothing', async (t) => {
  const folder = writeRun(path.join(temporaryFolder(t), 'runs'));
  const run = await readRun(folder);
  const member = runFiles.member(folder, 'member-1');
  const first = await MemberRecords.open(folder, run, run.members[0], 0);
  for (const row of [step(1, 9), step(2, 9), epoch(2, 0.1), step(3, 9), step(4, 9), epoch(4, 0.2)]) first.append(row);
  first.end('stopped');
  await first.close();
  const [torn] = eventFiles(member);
  appendFileSync(path.join(member, torn), readFileSync(path.join(member, torn)).subarray(0, 20));
  const second = await MemberRecords.open(folder, run, run.members[0], 2);
  for (const row of [step(3, 5), step(4, 4), epoch(4, 0.8)]) second.append(row);
  second.end('done');
  await second.close();
  assert.equal(eventFiles(member).length, 2);
  assert.deepEqual(readFileSync(runFiles.rows(folder, 'member-1'), 'utf8').split('\n').filter((line) => line.includes('resume')), ['{"kind":"resume","step":2}']);
  const { scalars } = await readWithTensorBoard(member);
  assert.deepEqual(scalars['train/loss'], [[1, 9], [2, 9], [3, 5], [4, 4]]);
  assert.deepEqual(scalars['validation/accuracy'].map(([at, value]) => [at, Math.round(value * 100) / 100]), [[2, 0.1], [4, 0.8]]);
});

test('a training that ends without a word is shown as failed', async (t) => {
  const folder = writeRun(path.join(temporaryFolder(t), 'runs'));
  const run = await readRun(folder);
  mkdirSync(runFiles.member(folder, 'member-2'), { recursive: true });
  await (await MemberRecords.open(folder, run, run.members[1], 0)).close();
  assert.equal((await readWithTensorBoard(runFiles.member(folder, 'member-2'))).hparams['_hparams_/session_end_info'], 2);
});

function eventFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.includes('tfevents')).sort();
}
