import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runFiles } from '../../src/run/folder.ts';
import { RowReader } from '../../src/run/rows.ts';
import { readSafetensors } from '../../src/run/safetensors-file.ts';
import { runTask } from '../../src/run/tasks.ts';
import { viewRun } from '../../src/run/view.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Made by version 0.1.0 and never changed: later versions must read it as this one does. */
const GOLDEN = path.resolve('test/fixtures/run-format-1');

test('a run of format 1 is read for ever', async () => {
  const view = await viewRun(GOLDEN);
  assert.deepEqual([view.id, view.name, view.status, view.method, view.stepsPerEpoch, view.workers], ['20261124-164120-rexl', 'Golden', 'done', 'starsse', 6, 1]);
  assert.deepEqual(view.members.map(({ member, state }) => [member.name, member.startsFrom, member.epochs, state.status, state.step]), [
    ['member-1', 'pretrained', 4, 'done', 24],
    ['member-2', 'member-1', 2, 'done', 12],
    ['member-3', 'member-1', 2, 'done', 12],
  ]);
  assert.deepEqual(view.soups.map(({ name, rule, parents }) => [name, rule, parents.length]), [['soup-uniform-1', 'uniform', 3], ['soup-uniform-2', 'uniform', 2]]);
  assert.equal(view.results?.rows.length, 8);
  const { rows } = await new RowReader(runFiles.rows(GOLDEN, 'member-1')).read();
  assert.equal(rows.length, 28);
  const { tensors } = await readSafetensors(runFiles.snapshot(GOLDEN, 'member-1'));
  assert.deepEqual(tensors.map(({ name, shape }) => [name, shape]), [['fc.weight', [3, 64]], ['fc.bias', [3]]]);
});

test('its stored predictions still give the same table, without its data', async (t) => {
  const folder = path.join(temporaryFolder(t), 'run');
  cpSync(GOLDEN, folder, { recursive: true });
  const before = (await viewRun(folder)).results;
  const { table, added } = await runTask('ensemble', [folder, '{"members":["member-1","member-3"]}']);
  assert.equal(added, 'ensemble-2');
  // Columns that came later are new, and nothing else changed.
  const rows = table.rows.map(({ meanPerClassAccuracy, validationMeanPerClassAccuracy, brier, ...row }) => {
    assert.ok([meanPerClassAccuracy, validationMeanPerClassAccuracy, brier].every(Number.isFinite));
    return row;
  });
  // Sums in another order may differ in their last digits.
  const rounded = (value: unknown): unknown => JSON.parse(JSON.stringify(value), (_, each: unknown) => (typeof each === 'number' ? Number(each.toPrecision(12)) : each));
  assert.deepEqual(rounded({ ...table, rows, createdAt: '' }), rounded({ ...before, createdAt: '' }));
});
