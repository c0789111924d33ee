/** What tasks on a finished run leave when they are cancelled or meet a torn file: nothing half made, the file's name, and asked again the same as if nothing had been. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runFiles } from '../../src/run/folder.ts';
import { distilTask } from '../../src/run/trainer/distil/distil-task.ts';
import { measuresTask } from '../../src/run/trainer/ensembles/measures-task.ts';
import { exportTask } from '../../src/run/trainer/export/export-task.ts';
import { robustnessTask } from '../../src/run/trainer/robustness/robustness-task.ts';
import { averageTask } from '../../src/run/trainer/soups/average-task.ts';
import { gateTask } from '../../src/run/trainer/soups/gate-task.ts';
import { soupTask } from '../../src/run/trainer/soups/soup-task.ts';
import { cancelledAt, undisturbed } from './cancelled-at.ts';
import { goldenCopy } from './golden-copy.ts';
import { filesOf, snapshotDigests } from './real-run.ts';

const CANCELLED = { code: 'cancelled' };

test('a greedy soup, cancelled while it tries one: no file more, and then the same soup as one that was never cancelled', async (t) => {
  const [folder, other] = [goldenCopy(t), goldenCopy(t)];
  const before = filesOf(folder);
  await assert.rejects(soupTask(folder, '{"rule":"greedy"}', cancelledAt('Tried')), CANCELLED);
  await assert.rejects(gateTask(folder, '{}', cancelledAt('Looking')), CANCELLED);
  assert.deepEqual(filesOf(folder), before);
  for (const each of [folder, other]) assert.equal((await soupTask(each, '{"rule":"greedy"}', undisturbed())).added, 'soup-greedy-1');
  assert.deepEqual(await snapshotDigests(folder), await snapshotDigests(other));
});

test('an average of files, cancelled: the file is not there', async (t) => {
  const folder = goldenCopy(t);
  const out = path.join(folder, 'average.safetensors');
  const request = JSON.stringify({ files: ['member-1', 'member-2'].map((name) => runFiles.snapshot(folder, name)), out });
  const before = filesOf(folder);
  const cancelled = cancelledAt('at once');
  cancelled.onProgress({ fraction: 0, message: 'at once' });
  await assert.rejects(averageTask(request, cancelled), CANCELLED);
  assert.deepEqual(filesOf(folder), before);
  await averageTask(request, undisturbed());
  assert.ok(existsSync(out));
});

test('measures, cancelled or of torn predictions: the report of before stays', async (t) => {
  const folder = goldenCopy(t);
  const request = '{"name":"member-2","against":"member-1"}';
  await measuresTask(folder, request, undisturbed());
  const report = readFileSync(runFiles.measures(folder, 'member-2'));
  await assert.rejects(measuresTask(folder, '{"name":"member-2"}', cancelledAt('Measuring')), CANCELLED);
  truncateSync(runFiles.predictions(folder, 'member-2', 'test'), 300);
  await assert.rejects(measuresTask(folder, request, undisturbed()), { code: 'file-invalid', message: /member-2\.test\.safetensors/ });
  assert.ok(readFileSync(runFiles.measures(folder, 'member-2')).equals(report));
});

test('an export, cancelled or of a torn snapshot: no folder, and nothing beside it', async (t) => {
  const folder = goldenCopy(t);
  const parent = path.dirname(folder);
  const before = readdirSync(parent);
  const asked = (name: string, format: string): string => JSON.stringify({ name, format, out: path.join(parent, 'out') });
  await assert.rejects(exportTask(folder, asked('member-3', 'safetensors'), cancelledAt('Reading')), CANCELLED);
  await assert.rejects(exportTask(folder, asked('ensemble-1', 'tfjs'), cancelledAt('Writing')), CANCELLED);
  truncateSync(runFiles.snapshot(folder, 'member-3'), 300);
  await assert.rejects(exportTask(folder, asked('member-3', 'tfjs'), undisturbed()), { code: 'file-invalid', message: /member-3\.safetensors/ });
  assert.deepEqual(readdirSync(parent), before);
});

test('a distillation whose saved training is torn says which file', async (t) => {
  const folder = goldenCopy(t);
  const request = '{"ensemble":"ensemble-1","epochs":6}';
  await assert.rejects(distilTask(folder, request, cancelledAt('Training the student: step 4 ')), CANCELLED);
  const saved = readdirSync(runFiles.analyses(folder)).find((file) => file.endsWith('.resume.safetensors'))!;
  truncateSync(path.join(runFiles.analyses(folder), saved), 300);
  const before = filesOf(folder);
  await assert.rejects(distilTask(folder, request, undisturbed()), { code: 'file-invalid', message: new RegExp(saved.replaceAll('.', '\\.')) });
  assert.deepEqual(filesOf(folder), before);
});

test('unknown images: what was predicted and is torn is predicted again; a torn report is named', async (t) => {
  const folder = goldenCopy(t);
  const unknown = path.resolve('test/fixtures/images');
  const request = JSON.stringify({ unknown });
  const { unknown: first } = await robustnessTask(folder, request, undisturbed());
  writeFileSync(path.join(runFiles.analyses(folder), 'unknown.ndjson'), 'torn');
  const { unknown: second } = await robustnessTask(folder, request, undisturbed());
  assert.deepEqual(second!.rows, first!.rows);
  writeFileSync(runFiles.unknown(folder), '{ torn');
  await assert.rejects(robustnessTask(folder, request, undisturbed()), { code: 'file-invalid', message: /unknown\.json/ });
});
