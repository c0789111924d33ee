/** The tasks `ensemble` and `measures` on the golden run: members of other runs, weights, selection, and what is refused. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import * as v from 'valibot';
import { EnsembleReportSchema } from '../../../src/protocol/ensemble-report.ts';
import { MeasuresReportSchema } from '../../../src/protocol/measures.ts';
import type { ModelFile } from '../../../src/protocol/network.ts';
import type { Run } from '../../../src/protocol/run.ts';
import { readSafetensors, writeSafetensors } from '../../../src/run/safetensors-file.ts';
import { runTask } from '../../../src/run/tasks.ts';
import { goldenCopy } from '../golden-copy.ts';
import { starsse } from '../starsse.ts';

/** Another run on the same data. */
function otherRun(t: TestContext): string {
  return goldenCopy(t, (run) => void (run.id = '20270101-000000-abcd'));
}

function change<T>(file: string, edit: (value: T) => void): void {
  const value = JSON.parse(readFileSync(file, 'utf8')) as T;
  edit(value);
  writeFileSync(file, JSON.stringify(value));
}

test('members of two runs, weighted, compared: a report beside the table', async (t) => {
  const [folder, other] = [goldenCopy(t), otherRun(t)];
  const { report, added, table } = await runTask('ensemble', [folder, JSON.stringify({ members: ['member-1'], others: [{ run: other, members: ['member-1', 'member-2'] }], weights: [1, 1, 2], against: 'member-2' })]);
  assert.deepEqual(report.members, [
    { run: '20261124-164120-rexl', folder: null, name: 'member-1', weight: 0.25 },
    { run: '20270101-000000-abcd', folder: other, name: 'member-1', weight: 0.25 },
    { run: '20270101-000000-abcd', folder: other, name: 'member-2', weight: 0.5 },
  ]);
  assert.equal(added, 'ensemble-3');
  assert.ok(!table.rows.some(({ name }) => name === added), 'an ensemble of several runs is no row');
  assert.equal(report.sameFingerprint, true);
  // Both copies of member 1 say the same: it is the mean of members 1 and 2.
  const same = await runTask('ensemble', [folder, '{"members":["member-1","member-2"]}']);
  assert.deepEqual(same.report.measures.accuracy, report.measures.accuracy);
  assert.ok(Math.abs(same.report.measures.nll - report.measures.nll) < 1e-12);
  const row = same.table.rows.find(({ name }) => name === same.added)!;
  assert.ok(Math.abs(row.brier! - report.measures.brier) < 1e-12 && Math.abs(row.nll - report.measures.nll) < 1e-12);
  assert.equal(report.diversity?.disagreement[0][1], 0);
  assert.equal(report.sizeCurve.length, 3);
  assert.equal(report.comparison?.against, 'member-2');
  const again = await runTask('ensemble', [folder, JSON.stringify({ members: ['member-1'], others: [{ run: other, members: ['member-1', 'member-2'] }], weights: [2, 2, 4] })]);
  assert.equal(again.added, 'ensemble-3', 'the same ensemble keeps its name');
  v.parse(EnsembleReportSchema, JSON.parse(readFileSync(path.join(folder, 'analyses', 'ensembles', 'ensemble-3.json'), 'utf8')));
});

test('selection on validation data; weights and the mean of logits stay in the table when it is made anew', async (t) => {
  const folder = goldenCopy(t);
  const greedy = await runTask('ensemble', [folder, '{"select":"greedy"}']);
  const best = await runTask('ensemble', [folder, '{"select":"best","mean":"logit"}']);
  assert.equal(best.report.selection?.tried, 7);
  assert.deepEqual(greedy.report.selection?.candidates, ['member-1', 'member-2', 'member-3']);
  const validation = (name: string): number => best.table.rows.find((row) => row.name === name)!.validationAccuracy;
  for (const name of ['member-1', 'member-2', 'member-3']) assert.ok(greedy.report.validationAccuracy >= validation(name) && best.report.validationAccuracy >= validation(name));
  const rowOf = (table: typeof best.table, name: string) => table.rows.find((row) => row.name === name);
  assert.equal(rowOf(best.table, best.added)?.mean, best.report.members.length === 0 ? undefined : 'logit');
  const later = await runTask('ensemble', [folder, '{"members":["member-3"]}']);
  for (const name of [greedy.added, best.added]) assert.deepEqual(rowOf(later.table, name), rowOf(best.table, name));
});

test('measures of a row, and against another', async (t) => {
  const folder = goldenCopy(t);
  const report = await runTask('measures', [folder, '{"name":"soup-uniform-1","against":"ensemble-1"}']);
  v.parse(MeasuresReportSchema, JSON.parse(readFileSync(path.join(folder, 'analyses', 'measures', 'soup-uniform-1.json'), 'utf8')));
  assert.deepEqual([report.kind, report.measuredOn, report.measures.images], ['soup', 'test', 90]);
  assert.equal(report.measures.reliability.reduce((sum, { images }) => sum + images, 0), 90);
  await assert.rejects(runTask('measures', [folder, '{"name":"soup-uniform-9"}']), { code: 'usage', hint: /member-1, member-2, member-3, soup-uniform-1/ });
  await assert.rejects(runTask('measures', [folder, '{"name":"../../run"}']), { code: 'usage' });
  const { stdout } = await starsse(['measures', folder, 'member-2', '--against', 'member-1']);
  assert.match(stdout, /on 90 test images: accuracy \d+\.\d\d %/);
  assert.match(stdout, /McNemar: \d+ images only this has right/);
});

test('other data in another run are refused: labels in another order, other classes', async (t) => {
  const folder = goldenCopy(t);
  const shuffled = otherRun(t);
  const file = path.join(shuffled, 'predictions', 'member-1.test.safetensors');
  const { tensors, metadata } = await readSafetensors(file);
  tensors.find(({ name }) => name === 'labels')!.data.reverse();
  await writeSafetensors(file, tensors, metadata);
  await assert.rejects(runTask('ensemble', [folder, JSON.stringify({ others: [{ run: shuffled, members: ['member-1'] }] })]), { code: 'mismatch', message: /20270101-000000-abcd\/member-1 \(test\) predicted different objects/ });
  const renamed = otherRun(t);
  change<ModelFile>(path.join(renamed, 'model.json'), (model) => model.classNames.reverse());
  await assert.rejects(runTask('ensemble', [folder, JSON.stringify({ others: [{ run: renamed }] })]), { code: 'mismatch', message: /has the classes diagonal, vertical, horizontal, this run horizontal, vertical, diagonal/ });
  assert.ok(!existsSync(path.join(folder, 'analyses', 'ensembles')), 'nothing half written');
});

test('mistakes and torn files', async (t) => {
  const folder = goldenCopy(t);
  const refused = async (request: object, expected: object): Promise<void> => await assert.rejects(runTask('ensemble', [folder, JSON.stringify(request)]), expected);
  await refused({ weights: [1, 2] }, { code: 'usage', message: '2 weights for 3 members' });
  await refused({ weights: [1, 2, 3], select: 'greedy' }, { code: 'usage', message: /Weights are given/ });
  await refused({ members: [] }, { code: 'usage', message: 'An ensemble of no members' });
  await refused({ members: ['member-7'] }, { code: 'usage', message: /member-7/ });
  await refused({ against: 'soup-uniform-7' }, { code: 'usage', message: /soup-uniform-7/ });
  await refused({ others: [{ run: path.join(folder, 'nowhere') }] }, { code: 'file-missing' });
  await refused({ others: [{ run: folder }] }, { code: 'usage', message: /is the run itself/ });
  const file = path.join(folder, 'predictions', 'member-3.validation.safetensors');
  writeFileSync(file, readFileSync(file).subarray(0, 200));
  const before = readFileSync(path.join(folder, 'analyses', 'table.json'), 'utf8');
  await refused({}, { code: 'file-invalid', message: /member-3\.validation\.safetensors/ });
  assert.equal(readFileSync(path.join(folder, 'analyses', 'table.json'), 'utf8'), before);
});

test('a cancelled ensemble leaves the table as it was', async (t) => {
  const folder = goldenCopy(t, (run: Run) => void (run.plan.evaluation.bootstrapSamples = 200_000));
  const copy = path.join(path.dirname(folder), 'copy');
  cpSync(folder, copy, { recursive: true });
  const cancel = new AbortController();
  await assert.rejects(runTask('ensemble', [folder, '{"select":"best"}'], { signal: cancel.signal, onProgress: () => cancel.abort() }), { code: 'cancelled' });
  const files = (of: string): string[] => readdirSync(path.join(of, 'analyses')).filter((name) => name.endsWith('table.json') || name === 'ensembles');
  assert.deepEqual(files(folder), files(copy));
  assert.equal(readFileSync(path.join(folder, 'analyses', 'table.json'), 'utf8'), readFileSync(path.join(copy, 'analyses', 'table.json'), 'utf8'));
});

test('starsse ensemble: members of another run by its id', async (t) => {
  const [folder, other] = [goldenCopy(t), otherRun(t)];
  const { code, stdout, stderr } = await starsse(['ensemble', folder, '--members', '1', `${other}/2`, '--select', 'greedy', '--json']);
  assert.deepEqual([code, stderr], [0, '']);
  const { report } = JSON.parse(stdout) as { report: { selection: { candidates: string[] } } };
  assert.deepEqual(report.selection.candidates, ['member-1', '20270101-000000-abcd/member-2']);
  const mistake = await starsse(['ensemble', folder, '--weights', 'x']);
  assert.deepEqual([mistake.code, /"x" is no weight/.test(mistake.stderr)], [2, true]);
});
