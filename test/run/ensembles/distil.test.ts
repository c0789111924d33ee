/** Distillation of the golden run: stopped and gone on with it is the same network, and it becomes a row and a snapshot. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runTask } from '../../../src/run/tasks.ts';
import { viewRun } from '../../../src/run/view.ts';
import { goldenCopy } from '../golden-copy.ts';
import { snapshotDigests } from '../real-run.ts';

/** Files that a distillation left to go on from. */
const resumeFiles = (folder: string): string[] => readdirSync(path.join(folder, 'analyses')).filter((file) => file.startsWith('distil-') && file.endsWith('.resume.safetensors'));

test('an ensemble in one network: the same whether it was stopped or not, learned from the ensemble, beside the soup', async (t) => {
  // Augmented: the teacher sees what the student sees.
  const folder = goldenCopy(t, ({ plan }) => {
    plan.training.augmentation.cropPadding = 1;
    plan.training.augmentation.mixup = 0.2;
    plan.training.labelSmoothing = 0.1;
  });
  const copy = path.join(path.dirname(folder), 'copy');
  cpSync(folder, copy, { recursive: true });
  const request = JSON.stringify({ ensemble: 'ensemble-1', epochs: 12 });
  const whole = await runTask('distil', [folder, request]);
  assert.equal(whole.added, 'distilled-1');
  assert.equal(whole.epochs, 12);
  assert.ok(whole.agreement > 0.8, `${whole.agreement}`);
  const row = whole.table.rows.find(({ name }) => name === 'distilled-1')!;
  assert.deepEqual([row.kind, row.members, row.forwardPasses], ['soup', ['member-1', 'member-2', 'member-3'], 1]);
  const { soups } = await viewRun(folder);
  assert.deepEqual(soups.filter(({ rule }) => rule === 'distilled').map(({ name, parents }) => [name, parents.length]), [['distilled-1', 3]]);
  assert.deepEqual(resumeFiles(folder), []);

  const cancel = new AbortController();
  const stopped = runTask('distil', [copy, request], { signal: cancel.signal, onProgress: ({ message }) => {
    if (/^Training the student: step ([3-9]|\d\d) of/.test(message)) cancel.abort();
  } });
  await assert.rejects(stopped, { code: 'cancelled' });
  assert.equal(resumeFiles(copy).length, 1);
  assert.ok(!existsSync(path.join(copy, 'snapshots', 'distilled-1.safetensors')), 'nothing half made');
  const messages: string[] = [];
  await runTask('distil', [copy, request], { onProgress: ({ message }) => messages.push(message) });
  assert.ok(!messages.some((message) => message === 'Training the student: step 1 of 72'), 'it went on');
  assert.equal((await snapshotDigests(copy))['distilled-1'], (await snapshotDigests(folder))['distilled-1']);
});

test('what cannot be distilled from', async (t) => {
  const folder = goldenCopy(t);
  await assert.rejects(runTask('distil', [folder, '{"ensemble":"ensemble-9"}']), { code: 'usage', message: /has no ensemble "ensemble-9"/ });
  await assert.rejects(runTask('distil', [folder, '{"members":["member-9"]}']), { code: 'usage', message: /member-9/ });
  await assert.rejects(runTask('distil', [folder, '{"ensemble":"ensemble-1","members":["member-1"]}']), { code: 'usage', message: /both named/ });
  const file = path.join(folder, 'predictions', 'member-2.test.safetensors');
  writeFileSync(file, readFileSync(file).subarray(0, 50));
  await assert.rejects(runTask('distil', [folder, '{}']), { code: 'file-invalid', message: /member-2\.test\.safetensors/ });
});
