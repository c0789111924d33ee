import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { EpochRow, StepRow } from '../../../src/protocol/rows.ts';
import { readRun, runFiles } from '../../../src/run/folder.ts';
import { MemberRecords } from '../../../src/run/records/member-records.ts';
import { pythonReference, runPython } from '../../reference/python.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { writeRun } from '../written-run.ts';
import { decodeEvents, type Read } from './decode-events.ts';

/** What TensorBoard's own reader shows, and ours, which must agree; ours alone where Python cannot have TensorBoard. */
async function readEvents(folder: string): Promise<Read> {
  const decoded = decodeEvents(folder);
  const python = await pythonReference();
  if (python === null) {
    console.log('TensorBoard cannot be installed here: event files are read by the decoder of this test alone');
    return decoded;
  }
  const { shown, ...read } = JSON.parse(await runPython(python, 'read_events.py', [folder])) as Read & { shown: string[] };
  assert.deepEqual(read, decoded);
  assert.deepEqual(shown, Object.keys(read.scalars).sort());
  return read;
}

const step = (number: number, loss: number): StepRow => ({ kind: 'step', step: number, epoch: Math.floor((number - 1) / 2), loss, accuracy: 0.5, learningRate: 0.05, wallMs: number * 10 });
const epoch = (number: number, validationAccuracy: number): EpochRow => ({
  kind: 'epoch', step: number, epoch: number / 2 - 1, trainLoss: 1, validationLoss: 1.5, validationAccuracy, imagesPerSecond: 100, wallMs: number * 10, waitShare: 0.25,
});

test('TensorBoard reads the scalars, the plan and the hyperparameters of a member', async (t) => {
  const folder = writeRun(path.join(temporaryFolder(t), 'runs'));
  const run = await readRun(folder);
  const records = await MemberRecords.open(folder, run, run.members[0], 0);
  const trajectory = { distanceToStart: 0.5, distanceToPretrained: 1.5, cosineToFirst: -0.25 };
  for (const row of [step(1, 2), step(2, 1.5), { ...epoch(2, 0.75), ...trajectory }]) records.append(row);
  records.end('done');
  await records.close();
  const read = await readEvents(runFiles.member(folder, 'member-1'));
  assert.equal(read.fileVersion, 2);
  assert.deepEqual(read.scalars['train/loss'], [[1, 2], [2, 1.5]]);
  assert.deepEqual(read.scalars['validation/accuracy'], [[2, 0.75]]);
  assert.deepEqual(read.scalars['speed/wait_share'], [[2, 0.25]]);
  assert.deepEqual([read.scalars['trajectory/distance_to_start'], read.scalars['trajectory/distance_to_pretrained'], read.scalars['trajectory/cosine_to_first']], [[[2, 0.5]], [[2, 1.5]], [[2, -0.25]]]);
  assert.deepEqual(read.scalars['final/validation/accuracy'], [[2, 0.75]]);
  assert.ok(Math.abs(read.scalars['train/learning_rate'][0][1] - 0.05) < 1e-7);
  assert.deepEqual(Object.keys(read.scalars).sort(), [
    'final/validation/accuracy', 'final/validation/loss', 'speed/images_per_second', 'speed/wait_share', 'train/accuracy', 'train/epoch_loss',
    'train/learning_rate', 'train/loss', 'trajectory/cosine_to_first', 'trajectory/distance_to_pretrained', 'trajectory/distance_to_start', 'validation/accuracy', 'validation/loss',
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
  assert.equal(eventFiles(member).length, 3); // two trainings and the end
  assert.deepEqual(readFileSync(runFiles.rows(folder, 'member-1'), 'utf8').split('\n').filter((line) => line.includes('resume')), ['{"kind":"resume","step":2}']);
  const { scalars } = await readEvents(member);
  assert.deepEqual(scalars['train/loss'], [[1, 9], [2, 9], [3, 5], [4, 4]]);
  assert.deepEqual(scalars['validation/accuracy'].map(([at, value]) => [at, Math.round(value * 100) / 100]), [[2, 0.1], [4, 0.8]]);
});

test('a training that ends without a word is shown as failed, until it goes on or begins anew', async (t) => {
  const folder = writeRun(path.join(temporaryFolder(t), 'runs'));
  const run = await readRun(folder);
  const [member] = run.members;
  const own = runFiles.member(folder, member.name);
  const failed = await MemberRecords.open(folder, run, member, 0);
  failed.append(step(1, 9));
  await failed.close();
  assert.equal((await readEvents(own)).hparams['_hparams_/session_end_info'], 2);
  const goesOn = await MemberRecords.open(folder, run, member, 1);
  goesOn.append(step(2, 8));
  goesOn.end('done');
  await goesOn.close();
  const there = await readEvents(own);
  assert.deepEqual([there.hparams['_hparams_/session_end_info'], there.scalars['train/loss']], [1, [[1, 9], [2, 8]]]);
  // A retry at a lower rate.
  const anew = await MemberRecords.open(folder, run, { ...member, learningRate: 0.01 }, 0);
  anew.append(step(1, 7));
  anew.end('done');
  await anew.close();
  const read = await readEvents(own);
  assert.deepEqual([read.scalars['train/loss'], (read.hparams['_hparams_/session_start_info'] as Record<string, unknown>)['member.learningRate']], [[[1, 7]], 0.01]);
});

function eventFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.includes('tfevents')).sort();
}
