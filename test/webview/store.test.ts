import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorJson } from '../../src/protocol/errors.ts';
import type { ToView } from '../../src/protocol/messages.ts';
import { EMPTY, historyOf, reduce, type Model, type StoreEvent } from '../../webview-ui/dashboard/store.ts';
import { epochRow, resultRow, resultTable, runView, stepRow } from './run-fixture.ts';

const snapshot = (more: Partial<Extract<ToView, { type: 'snapshot' }>> = {}): ToView => ({
  type: 'snapshot', run: runView(), rows: [{ member: 'member-1', rows: [stepRow(1), stepRow(2)] }], tasks: [], texts: {}, ...more,
});
const append = (from: number, ...steps: number[]): ToView => ({ type: 'append', member: 'member-1', from, rows: steps.map((step) => stepRow(step)) });
const after = (...events: StoreEvent[]): Model => events.reduce(reduce, EMPTY);
const steps = (model: Model, member = 'member-1'): number[] => historyOf(model, member).rows.map(({ step }) => step);
const refusal = (code: ErrorJson['code']): ErrorJson => ({ code, message: 'No.', hint: 'Try.' });

test('a snapshot is the whole picture', () => {
  const model = after(snapshot());
  assert.equal(model.run?.name, 'A');
  assert.equal(model.awaiting, false);
  assert.deepEqual(steps(model), [1, 2]);
  assert.deepEqual(steps(model, 'member-2'), []);
});

test('a second snapshot replaces the first', () => {
  const model = after(snapshot(), append(2, 3), snapshot({ rows: [{ member: 'member-1', rows: [stepRow(9)] }] }));
  assert.deepEqual(steps(model), [9]);
  assert.equal(historyOf(model, 'member-1').received, 1);
});

test('rows in order are appended, also those of a member that had none', () => {
  const model = after(snapshot(), append(2, 3), append(3, 4, 5), { type: 'append', member: 'member-2', from: 0, rows: [stepRow(1)] });
  assert.deepEqual(steps(model), [1, 2, 3, 4, 5]);
  assert.deepEqual(steps(model, 'member-2'), [1]);
  assert.equal(model.awaiting, false);
});

test('a gap, and rows that were there already, ask for a snapshot and change nothing else', () => {
  for (const from of [0, 1, 3, 9]) {
    const before = after(snapshot());
    const model = reduce(before, append(from, 7));
    assert.equal(model.awaiting, true, `from ${from}`);
    assert.deepEqual(steps(model), [1, 2]);
  }
});

test('while a snapshot is awaited, rows and runs of the older picture are left alone', () => {
  const waiting = after(snapshot(), append(5, 9));
  assert.equal(reduce(waiting, append(2, 3)), waiting);
  assert.equal(reduce(waiting, { type: 'run', run: runView({ name: 'B' }) }), waiting);
  const mended = reduce(waiting, snapshot({ rows: [{ member: 'member-1', rows: [stepRow(1), stepRow(2), stepRow(3)] }] }));
  assert.deepEqual(steps(reduce(mended, append(3, 4))), [1, 2, 3, 4]);
});

test('before the first snapshot nothing is believed', () => {
  assert.equal(reduce(EMPTY, append(0, 1)), EMPTY);
  assert.equal(reduce(EMPTY, { type: 'run', run: runView() }), EMPTY);
});

test('a resume row makes the rows after its step void, and counts as a row', () => {
  const model = after(
    snapshot({ rows: [{ member: 'member-1', rows: [stepRow(9), stepRow(10), epochRow(0), stepRow(11), stepRow(12)] }] }),
    { type: 'append', member: 'member-1', from: 5, rows: [{ kind: 'resume', step: 10 }, stepRow(11, { loss: 7 })] },
    append(7, 12),
  );
  assert.equal(model.awaiting, false);
  assert.deepEqual(
    historyOf(model, 'member-1').rows.map((row) => `${row.kind} ${row.step}`),
    ['step 9', 'step 10', 'epoch 10', 'step 11', 'step 12'],
  );
  assert.equal(historyOf(model, 'member-1').received, 8);
});

test('a run message replaces the run and keeps the rows', () => {
  const model = after(snapshot(), { type: 'run', run: runView({ status: 'stopped' }) });
  assert.equal(model.run?.status, 'stopped');
  assert.deepEqual(steps(model), [1, 2]);
});

test('a question is a task until its answer', () => {
  const asked = after(snapshot(), { type: 'asked', id: 1, question: { kind: 'soup', members: ['member-1', 'member-2'] } });
  assert.deepEqual(asked.tasks, [{ id: 1, question: { kind: 'soup', members: ['member-1', 'member-2'] }, fraction: null, message: '' }]);
  const underWay = reduce(asked, { type: 'progress', id: 1, fraction: 0.5, message: 'half' });
  assert.deepEqual([underWay.tasks[0].fraction, underWay.tasks[0].message], [0.5, 'half']);
  assert.deepEqual(reduce(underWay, { type: 'progress', id: 9, fraction: 1, message: 'x' }).tasks, underWay.tasks);
  const table = resultTable({ rows: [resultRow('soup-uniform-1')] });
  const answered = reduce(underWay, { type: 'answer', id: 1, result: { kind: 'table', table, added: 'soup-uniform-1' }, error: null });
  assert.deepEqual(answered.tasks, []);
  assert.equal(answered.run?.results, table);
  assert.equal(answered.added, 'soup-uniform-1');
  assert.equal(answered.notice, null);
});

test('a refusal is shown until it is dismissed or something else is asked', () => {
  const asked = after(snapshot(), { type: 'asked', id: 1, question: { kind: 'ensemble', members: ['member-1', 'member-2'] } });
  const refused = reduce(asked, { type: 'answer', id: 1, result: null, error: refusal('mismatch') });
  assert.deepEqual(refused.notice, { kind: 'error', error: refusal('mismatch') });
  assert.equal(reduce(refused, { type: 'dismissed' }).notice, null);
  const again = reduce(refused, { type: 'asked', id: 2, question: { kind: 'reveal' } });
  assert.equal(again.notice, null);
  assert.equal(again.lastId, 2);
});

test('a cancelled question leaves no trace', () => {
  const asked = after(snapshot(), { type: 'asked', id: 1, question: { kind: 'soup', members: [] } });
  const cancelled = reduce(asked, { type: 'answer', id: 1, result: null, error: refusal('cancelled') });
  assert.deepEqual([cancelled.tasks, cancelled.notice], [[], null]);
});

test('an answer without a result says which question it was', () => {
  const asked = after(snapshot(), { type: 'asked', id: 1, question: { kind: 'stop' } });
  assert.deepEqual(reduce(asked, { type: 'answer', id: 1, result: { kind: 'done' }, error: null }).notice, { kind: 'done', question: 'stop' });
  assert.equal(reduce(asked, { type: 'answer', id: 8, result: { kind: 'done' }, error: null }).notice, null);
});

test('a view that was hidden finds its tasks, and gives new questions higher ids', () => {
  const task = { id: 7, question: { kind: 'soup', members: ['member-1'] }, fraction: 0.2, message: 'on' } as const;
  const model = after(snapshot({ tasks: [{ ...task, question: { kind: 'soup', members: ['member-1'] } }] }));
  assert.equal(model.lastId, 7);
  assert.equal(model.tasks.length, 1);
  assert.equal(after(snapshot(), { type: 'asked', id: 9, question: { kind: 'stop' } }, snapshot()).lastId, 9);
});

test('an answer that came while the view was hidden is taken without its task', () => {
  const table = resultTable();
  assert.equal(after(snapshot(), { type: 'answer', id: 3, result: { kind: 'table', table, added: 'ensemble-2' }, error: null }).added, 'ensemble-2');
  assert.equal(after(snapshot(), { type: 'answer', id: 3, result: null, error: refusal('disk') }).notice?.kind, 'error');
});

test('an older table never takes the place of a newer one, whichever way it comes', () => {
  const old = resultTable({ createdAt: '2026-05-12T10:00:00Z' });
  const young = resultTable({ createdAt: '2026-05-12T11:00:00Z' });
  const answer = (table: typeof old): ToView => ({ type: 'answer', id: 1, result: { kind: 'table', table, added: null }, error: null });
  assert.equal(after(snapshot(), answer(young), { type: 'run', run: runView({ results: old }) }).run?.results, young);
  assert.equal(after(snapshot(), answer(young), { type: 'run', run: runView() }).run?.results, young);
  assert.equal(after(snapshot(), answer(old), { type: 'run', run: runView({ results: young }) }).run?.results, young);
  assert.equal(after(snapshot({ run: runView({ results: young }) }), answer(old)).run?.results, young);
  assert.equal(after(snapshot(), answer(young), snapshot({ run: runView({ results: old }) })).run?.results, young);
});

test('the table of another run is no newer table', () => {
  const other = runView({ folder: '/runs/b' });
  assert.equal(after(snapshot({ run: runView({ results: resultTable() }) }), snapshot({ run: other })).run?.results, null);
});

test('no event changes the state it was given', () => {
  const frozen = structuredClone(after(snapshot()));
  const model = structuredClone(frozen);
  for (const event of [append(2, 3), append(9, 1), snapshot(), { type: 'dismissed' } as const]) reduce(model, event);
  assert.deepEqual(model, frozen);
});
