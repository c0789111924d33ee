import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runFiles } from '../../src/run/folder.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { removeMade } from '../../src/run/removal.ts';
import { runTask, startSupervisor } from '../../src/run/tasks.ts';
import { viewRun } from '../../src/run/view.ts';
import { createRun, filesOf, kill, runToEnd, tinyPlanFile, untilOver, untilView } from './real-run.ts';

test('a member that fails is shown with its error; the others get their table, and a resume mends the rest', async (t) => {
  const folder = await createRun(tinyPlanFile(t));
  writeFileSync(runFiles.resume(folder, 'member-2'), 'torn');
  await startSupervisor(folder);
  const view = await untilOver(folder);
  assert.equal(view.status, 'done');
  assert.deepEqual(view.members.map(({ state }) => state.status), ['done', 'failed', 'done']);
  assert.equal(view.error?.code, 'file-invalid');
  assert.match(view.error?.message ?? '', /member-2.resume\.safetensors: not a whole safetensors file/);
  assert.deepEqual(view.results?.rows.map(({ name, members }) => [name, members.length]), [
    ['member-1', 1], ['member-3', 1], ['mean-member', 2], ['soup-uniform-1', 2], ['ensemble-1', 2],
  ]);
  rmSync(runFiles.resume(folder, 'member-2'));
  await resumeRun(folder);
  const whole = await untilOver(folder);
  assert.deepEqual([whole.status, whole.error], ['done', null]);
  assert.deepEqual(whole.results?.rows.map(({ name, members }) => [name, members.length]), [
    ['member-1', 1], ['member-2', 1], ['member-3', 1], ['mean-member', 3], ['soup-uniform-1', 2], ['soup-uniform-2', 3], ['ensemble-1', 2], ['ensemble-2', 3],
  ]);
  await assert.rejects(resumeRun(folder), { code: 'usage', message: /there is nothing to resume/ });
});

test('training that diverges fails with what to do about it, and nothing waits for it', async (t) => {
  const folder = await createRun(tinyPlanFile(t, { training: { epochs: 20, batchSize: 16, optimizer: { learningRate: 1e30 } } }));
  await startSupervisor(folder);
  const view = await untilOver(folder);
  assert.deepEqual([view.status, view.error?.code], ['failed', 'diverged']);
  assert.match(view.error?.hint ?? '', /learningRate/);
  assert.deepEqual(view.members.map(({ state }) => [state.status, state.error?.code]), [['failed', 'diverged'], ['failed', 'start-failed'], ['failed', 'start-failed']]);
  assert.match(view.members[2].state.error?.message ?? '', /member-3 was not trained: member-1, from which it starts, failed: Training of member-1 diverged/);
});

test('data and checkpoint that changed since the run was made are refused', async (t) => {
  const plan = tinyPlanFile(t, { method: { kind: 'local-de', members: 1 } });
  const folder = await createRun(plan);
  const labels = path.join(path.dirname(plan), 'data', 'test-labels.idx');
  const bytes = readFileSync(labels);
  bytes[8] = (bytes[8] + 1) % 3;
  writeFileSync(labels, bytes);
  await startSupervisor(folder);
  const view = await untilOver(folder);
  assert.deepEqual([view.status, view.error?.code], ['failed', 'data-invalid']);
  rmSync(labels);
  await resumeRun(folder);
  await untilView(folder, ({ error }) => error?.code === 'data-missing', 'the other error');
});

test('a trainer that dies again and again is given up with its last words', async (t) => {
  const folder = await createRun(tinyPlanFile(t, { model: { network: 'resnet-8' }, training: { epochs: 200, optimizer: { learningRate: 0.01 } } }));
  await startSupervisor(folder);
  const killed = new Set<number>();
  while (killed.size < 3) {
    const view = await untilView(folder, ({ members: [{ state }] }) => state.status === 'running' && state.device !== null && state.pid !== null && !killed.has(state.pid), 'a trainer');
    kill(view.members[0].state.pid);
    killed.add(view.members[0].state.pid ?? 0);
  }
  const view = await untilOver(folder);
  assert.deepEqual([view.status, view.error?.code], ['failed', 'process-died']);
  assert.match(view.error?.message ?? '', /member-1 died again and again, the last time with signal SIGKILL/);
  assert.match(view.error?.cause ?? '', /member-1 on wasm/);
});

test('a run that cannot make its table says why, and makes it after a resume', async (t) => {
  const folder = await createRun(tinyPlanFile(t, { method: { kind: 'local-de', members: 2 } }));
  await runToEnd(folder);
  const predictions = runFiles.predictions(folder, 'member-1', 'test');
  const whole = readFileSync(predictions);
  writeFileSync(predictions, whole.subarray(0, 100));
  rmSync(runFiles.table(folder));
  await resumeRun(folder);
  const view = await untilOver(folder);
  assert.deepEqual([view.status, view.error?.code], ['failed', 'file-invalid']);
  assert.match(view.error?.message ?? '', /member-1\.test\.safetensors/);
  writeFileSync(predictions, whole);
  await resumeRun(folder);
  assert.equal((await untilOver(folder)).status, 'done');
});

test('soups and ensembles of chosen members: made once, in the table, and a soup can be deleted', async (t) => {
  const folder = await createRun(tinyPlanFile(t));
  await assert.rejects(runTask('soup', [folder, '{}']), { code: 'usage', hint: 'No member is done yet.' });
  await runToEnd(folder);
  const pair = JSON.stringify({ members: ['member-3', 'member-1'] });
  const messages: string[] = [];
  const soup = await runTask('soup', [folder, pair], { onProgress: ({ message }) => messages.push(message) });
  assert.equal(soup.added, 'soup-uniform-2');
  assert.ok(messages.includes('Averaging weights'));
  assert.deepEqual(soup.table.rows.find(({ name }) => name === 'soup-uniform-2')?.members, ['member-1', 'member-3']);
  assert.equal((await runTask('soup', [folder, pair])).added, 'soup-uniform-2', 'the same soup is not made twice');
  const ensemble = await runTask('ensemble', [folder, pair]);
  assert.equal(ensemble.added, 'ensemble-2');
  assert.equal(ensemble.table.rows.find(({ name }) => name === 'ensemble-2')?.forwardPasses, 2);
  assert.equal((await runTask('ensemble', [folder, '{}'])).added, 'ensemble-1');
  await assert.rejects(runTask('ensemble', [folder, '{"members":["member-9"]}']), { code: 'usage', message: /not done in the run .*: member-9/ });
  await assert.rejects(runTask('soup', [folder, '{"members":["../x"]}']), { code: 'usage' });
  const greedy = await runTask('soup', [folder, JSON.stringify({ rule: 'greedy' })]);
  assert.equal(greedy.added, 'soup-greedy-1');
  const validation = (name: string): number => greedy.table.rows.find((row) => row.name === name)?.validationAccuracy ?? NaN;
  const best = Math.max(...['member-1', 'member-2', 'member-3'].map(validation));
  const parents = greedy.table.rows.find(({ name }) => name === 'soup-greedy-1')?.members ?? [];
  // X9: of one member it is that member; of more it is strictly better.
  assert.ok(parents.length === 1 ? validation('soup-greedy-1') === best : validation('soup-greedy-1') > best);
  assert.equal((await runTask('soup', [folder, JSON.stringify({ rule: 'greedy' })])).added, 'soup-greedy-1');
  await removeMade(folder, 'soup-uniform-2');
  const view = await viewRun(folder);
  assert.deepEqual(view.soups.map(({ name }) => name), ['soup-greedy-1', 'soup-uniform-1']);
  assert.ok(view.results?.rows.every(({ name }) => name !== 'soup-uniform-2'));
  assert.ok(filesOf(folder).every((file) => !file.includes('soup-uniform-2')));
  await assert.rejects(removeMade(folder, 'soup-uniform-2'), { code: 'usage' });
});
