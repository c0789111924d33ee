import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { readRun, runFiles } from '../../src/run/folder.ts';
import { retryMembers } from '../../src/run/retry.ts';
import { applyResumes, RowReader } from '../../src/run/rows.ts';
import { startSupervisor } from '../../src/run/tasks.ts';
import { viewRun } from '../../src/run/view.ts';
import { createRun, tinyPlanFile, untilOver, untilView } from './real-run.ts';
import { starsse } from './starsse.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeRun, writeState } from './written-run.ts';

const TRAINING = { epochs: 2, batchSize: 16, optimizer: { learningRate: 0.05 } };

test('a chain: the failed member is retried at the rate asked for, and what starts from it is trained then', async (t) => {
  const folder = await createRun(tinyPlanFile(t, { method: { kind: 'sse', members: 3, cycle: { lrRatio: 1000 } }, training: TRAINING }));
  await startSupervisor(folder);
  const broken = await untilOver(folder);
  assert.deepEqual([broken.status, broken.error?.code], ['done', 'diverged']);
  assert.deepEqual(broken.members.map(({ state }) => [state.status, state.error?.code]), [['done', undefined], ['failed', 'diverged'], ['failed', 'start-failed']]);
  assert.deepEqual(broken.results?.rows.map(({ name }) => name), ['member-1', 'mean-member']);
  assert.match(broken.members[2].state.error?.message ?? '', /member-3 was not trained: member-2, from which it starts, failed: /);

  assert.deepEqual((await retryMembers(folder, null, 1e-30)).retried, ['member-2']);
  const better = await untilOver(folder);
  assert.deepEqual(better.members.map(({ state }) => [state.status, state.error?.code]), [['done', undefined], ['done', undefined], ['failed', 'diverged']]);
  const { learningRate, retries } = better.members[1].member;
  const rate = 1000 * 0.05;
  assert.deepEqual([learningRate, retries.length, retries[0].learningRate], [1e-30 * rate, 1, rate]);
  assert.match(retries[0].reason, /Training of member-2 diverged/);
  const rows = applyResumes((await new RowReader(runFiles.rows(folder, 'member-2')).read()).rows);
  assert.deepEqual(rows.filter(({ kind }) => kind === 'step').map(({ step }) => step), Array.from({ length: 12 }, (_, step) => step + 1), 'it began anew');

  const { code, stdout } = await starsse(['retry', folder, '3', '--lr-ratio', '1e-30', '--json']);
  assert.equal(code, 0);
  const report = JSON.parse(stdout) as { status: string; failed: string[]; table: { rows: { name: string }[] } };
  assert.deepEqual([report.status, report.failed], ['done', []]);
  assert.ok(report.table.rows.some(({ name }) => name === 'member-3'));
});

test('a run may try by itself, each time at half the rate, as often as it was told', async (t) => {
  const plan = tinyPlanFile(t, { method: { kind: 'fine-tuning' }, training: { ...TRAINING, optimizer: { learningRate: 100 } } });
  const folder = await createRun(plan, { retries: 30 });
  await startSupervisor(folder);
  const { status, members: [{ member }] } = await untilOver(folder);
  assert.equal(status, 'done');
  assert.ok(member.retries.length >= 1 && member.retries.length < 30, `${member.retries.length} retries`);
  assert.equal(member.learningRate, 100 * 0.5 ** member.retries.length);
  assert.deepEqual(member.retries.map(({ learningRate }) => learningRate), member.retries.map((_, index) => 100 * 0.5 ** index));
  const once = await starsse(['run', plan, '--retry-lower-lr', '1']);
  assert.equal(once.code, 1);
  assert.match(once.stdout, /The run failed\./);
  const id = /Run folder: (.+)/.exec(once.stdout)?.[1] ?? '';
  assert.deepEqual((await readRun(id)).members[0].retries.length, 1);
});

test('a member can be put back while the others still train; the supervisor at work takes it', async (t) => {
  const training = { epochs: 60, batchSize: 16, optimizer: { learningRate: 0.02 } };
  const folder = await createRun(tinyPlanFile(t, { model: { network: 'small-cnn' }, method: { kind: 'local-de', members: 2 }, training }));
  writeFileSync(runFiles.resume(folder, 'member-1'), 'torn');
  await startSupervisor(folder);
  await untilView(folder, ({ members }) => members[0].state.status === 'failed' && members[1].state.status === 'running', 'the failure');
  await retryMembers(folder, ['member-1']);
  assert.equal((await viewRun(folder)).members[0].state.error, null);
  const view = await untilOver(folder);
  assert.deepEqual([view.status, view.members[0].member.learningRate, view.members[1].member.learningRate], ['done', 0.01, 0.02]);
  assert.equal(readFileSync(runFiles.supervisorLog(folder), 'utf8').match(/members are trained/g)?.length, 1, 'one supervisor, one table');
});

test('a run of which members failed ends with exit code 1, its table, the reason and the command to try again', async (t) => {
  const plan = tinyPlanFile(t, { method: { kind: 'starsse', members: 2, cycle: { lrRatio: 1000 } }, training: TRAINING });
  const { code, stdout } = await starsse(['run', plan]);
  assert.equal(code, 1);
  assert.match(stdout, /member-1 +\d+\.\d+ %/);
  assert.match(stdout, /1 of 2 members failed and is not in the table:\n {2}member-2: Training of member-2 diverged/);
  assert.match(stdout, /starsse retry .+runs/);
});

test('what cannot be retried is refused', async (t) => {
  const folder = writeRun(temporaryFolder(t), undefined, 3);
  await assert.rejects(retryMembers(folder, null), { code: 'usage', message: /^No member of the run .* has failed$/ });
  writeState(folder, 'member-1', { status: 'done' });
  writeState(folder, 'member-2', { status: 'failed', error: { code: 'diverged', message: 'x' } });
  writeState(folder, 'member-3', { status: 'failed', error: { code: 'start-failed', message: 'x' } });
  for (const [names, message] of [
    [['member-1'], /^not failed in the run .*: member-1$/],
    [['member-9'], /^The run .* has no member-9$/],
    [['member-3'], /^member-3 did not fail by itself/],
  ] as const) await assert.rejects(retryMembers(folder, [...names]), { code: 'usage', message });
  for (const ratio of [0, -1, 1.5, NaN]) await assert.rejects(retryMembers(folder, ['member-2'], ratio), { code: 'usage', message: /is no retry/ });
  const wrong = await starsse(['retry', folder, '--lr-ratio', '2']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /above 0, at most 1/);
});
