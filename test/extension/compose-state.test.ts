import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { ComposeReader } from '../../src/extension/compose/composeState.ts';
import { readRun, runFiles } from '../../src/run/folder.ts';
import { runTask } from '../../src/run/tasks.ts';
import { readSnapshot, writeSnapshot } from '../../src/run/trainer/snapshot.ts';
import { goldenCopy } from '../run/golden-copy.ts';

test('what Compose shows of two runs: curves, layouts and what differs, how soups were made, ensembles of both as rows', async (t) => {
  const [home, other] = [goldenCopy(t), goldenCopy(t, (run) => (run.id = '20260102-000000-othr'))];
  const request = { members: ['member-1'], others: [{ run: other, members: ['member-2'] }], against: 'member-1' };
  const { added, report } = await runTask('ensemble', [home, JSON.stringify(request)]);
  const [first, ...rest] = await readSnapshot(other, 'member-3');
  await writeSnapshot(other, await readRun(other), [{ ...first, name: 'renamed' }, ...rest], { name: 'member-3', parents: ['member-1'], rule: null, metrics: {} });
  const reader = new ComposeReader();
  const state = await reader.read([home, other], new Set([added, 'soup-gone-1']), true);
  assert.deepEqual(state.runs.map(({ members }) => members.map(({ layout }) => layout)), [[0, 0, 0], [0, 0, 1]]);
  assert.match(state.differences[0].text, new RegExp(`^${first.name} F32 \\[.*\\] / –; renamed – / F32 \\[`));
  const [{ curve }] = state.runs[0].members;
  const rows = readFileSync(runFiles.rows(home, 'member-1'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { kind: string; validationAccuracy: number });
  assert.deepEqual(curve, rows.flatMap(({ kind, validationAccuracy }) => (kind === 'epoch' ? [validationAccuracy] : [])));
  const row = state.table!.rows.find(({ name }) => name === added)!;
  assert.deepEqual([row.members, row.accuracy, row.forwardPasses], [['member-1', '20260102-000000-othr/member-2'], report.measures.accuracy, 2]);
  assert.deepEqual(state.undoable, [added]);
  assert.equal(state.made['soup-uniform-1'].rule, 'uniform');
  // A header of another version is no reason to show nothing.
  writeFileSync(runFiles.ensemble(home, 'ensemble-9'), '{}');
  await assert.rejects(reader.read([home], new Set(), true), { code: 'file-invalid' });
});
