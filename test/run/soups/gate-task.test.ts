/** What Compose asks of the trainer: who may go in before a soup is made, what was tried on the way, soups of several runs, and taking all of it away again. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ModelFile } from '../../../src/protocol/network.ts';
import type { TaskStep } from '../../../src/protocol/task-steps.ts';
import { runFiles } from '../../../src/run/folder.ts';
import { madeNames, removeMade } from '../../../src/run/removal.ts';
import { readSafetensorsHeader } from '../../../src/run/safetensors-file.ts';
import { runTask } from '../../../src/run/tasks.ts';
import { viewRun } from '../../../src/run/view.ts';
import { goldenCopy } from '../golden-copy.ts';
import { filesOf } from '../real-run.ts';

const all = ['member-1', 'member-2', 'member-3'];

test('the gate tells each member as it looks, and the points of the line; nothing is written', async (t) => {
  const folder = goldenCopy(t);
  const before = filesOf(folder);
  const steps: TaskStep[] = [];
  const { gate, line } = await runTask('gate', [folder, JSON.stringify({ rule: 'wise-ft' })], { onProgress: ({ step }) => step !== undefined && steps.push(step) });
  assert.deepEqual(steps.flatMap((step) => (step.kind === 'gate' ? [step.member] : [])), gate.members);
  assert.deepEqual(gate.members.map(({ name }) => name).sort(), all);
  assert.deepEqual(steps.flatMap(({ kind, ...point }) => (kind === 'line' ? [point] : [])), line);
  assert.deepEqual(line?.map(({ alpha }) => alpha), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  assert.deepEqual(filesOf(folder), before);
  // Nobody may go in with an impossible threshold: told here, where `soup` refuses.
  const strict = await runTask('gate', [folder, JSON.stringify({ members: ['member-1', 'member-2'], threshold: { loss: 0, error: 0, quality: 0 } })]);
  assert.ok(strict.gate.members.length === 2 && strict.line === null);
});

test('greedy steps are told as they are taken, and kept in the header', async (t) => {
  const folder = goldenCopy(t);
  const steps: TaskStep[] = [];
  const { added } = await runTask('soup', [folder, JSON.stringify({ rule: 'greedy' })], { onProgress: ({ step }) => step?.kind === 'try' && steps.push(step) });
  const { metadata } = await readSafetensorsHeader(runFiles.snapshot(folder, added!));
  assert.deepEqual(JSON.parse(metadata.path), steps);
  const [first, ...tries] = steps.filter((step) => step.kind === 'try');
  assert.deepEqual([first.parents.length, first.taken, tries.length], [1, true, 2]);
  let best = first;
  for (const each of tries) {
    assert.equal(each.taken, each.score > best.score);
    if (each.taken) best = each;
  }
  assert.equal(metadata.parents, best.parents.join());
});

test('members of two runs make one soup where network and data are the same; else it is refused with the reason', async (t) => {
  const [folder, other] = [goldenCopy(t), goldenCopy(t, (run) => (run.id = '20260102-000000-othr'))];
  const request = { members: ['member-1'], others: [{ run: other, members: ['member-2'] }], insist: true };
  const { added, table, gate } = await runTask('soup', [folder, JSON.stringify(request)]);
  assert.deepEqual(table.rows.find(({ name }) => name === added)?.members, ['member-1', '20260102-000000-othr/member-2']);
  assert.equal(gate?.members.length, 2);
  // The same weights as those of one run make the same soup.
  const alone = await runTask('soup', [folder, JSON.stringify({ members: ['member-1', 'member-2'], insist: true })]);
  const [a, b] = [added, alone.added].map((name) => table.rows.concat(alone.table.rows).find((row) => row.name === name)!);
  assert.deepEqual([a.accuracy, a.nll], [b.accuracy, b.nll]);
  assert.equal((await runTask('soup', [folder, JSON.stringify(request)])).added, added);
  const model = JSON.parse(readFileSync(runFiles.model(other), 'utf8')) as ModelFile;
  writeFileSync(runFiles.model(other), JSON.stringify({ ...model, normalization: { mean: [0.5], std: [0.5] } }));
  await assert.rejects(runTask('gate', [folder, JSON.stringify(request)]), { code: 'mismatch', message: /normalised in another way/ });
});

test('what was made is taken away as a whole: rows, files and figures; members stay', async (t) => {
  const folder = goldenCopy(t);
  const start = filesOf(folder);
  const table = (): string => JSON.stringify(JSON.parse(readFileSync(runFiles.table(folder), 'utf8')).rows);
  await runTask('ensemble', [folder, JSON.stringify({ members: ['member-1'] })]);
  const { added } = await runTask('ensemble', [folder, JSON.stringify({ members: ['member-2', 'member-3'], against: 'member-1' })]);
  const rows = table();
  await removeMade(folder, added);
  assert.ok(!existsSync(runFiles.ensemble(folder, added)) && !table().includes(`"${added}"`) && !readFileSync(runFiles.classes(folder), 'utf8').includes(`"${added}"`));
  const soup = await runTask('soup', [folder, JSON.stringify({ members: ['member-2', 'member-3'], rule: 'slerp', insist: true })]);
  await runTask('measures', [folder, JSON.stringify({ name: soup.added })]);
  assert.ok((await madeNames(folder)).includes('soup-slerp-1'));
  writeFileSync(runFiles.robustness(folder), JSON.stringify({
    images: 1, seed: 0, key: '', bestMember: 'member-1', leftOut: [], createdAt: '', rows: [],
    cells: [{ corruption: 'fog', severity: 1, rows: { 'member-1': { error: 0, nll: 0 }, 'soup-slerp-1': { error: 1, nll: 1 } } }],
  }));
  await removeMade(folder, 'soup-slerp-1');
  assert.doesNotMatch(readFileSync(runFiles.robustness(folder), 'utf8'), /soup-slerp-1/);
  assert.ok(!rows.includes('soup-slerp-1') && !table().includes('soup-slerp-1') && !existsSync(runFiles.measures(folder, 'soup-slerp-1')));
  assert.deepEqual(filesOf(folder).filter((file) => !start.includes(file)).filter((file) => /slerp/.test(file)), []);
  await assert.rejects(removeMade(folder, 'member-1'), { code: 'usage', message: /no soup or ensemble "member-1"/ });
  assert.equal((await viewRun(folder)).members.length, 3);
});
