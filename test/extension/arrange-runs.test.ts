import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEntry } from '../../src/extension/runs/runCatalog.ts';
import { draggedFiles, membersAmong } from '../../src/extension/tree/dragged.ts';
import { isFilter, parseFilter, termsOf, toggled } from '../../src/extension/tree/filter.ts';
import { byteSize } from '../../src/extension/tree/format.ts';
import { dayOf, grouped } from '../../src/extension/tree/grouping.ts';
import { childrenOf, contextValueOf, idOf, parentOf, type EnsembleNode, type GroupNode, type RunNode } from '../../src/extension/tree/nodes.ts';
import { shownOf } from '../../src/extension/tree/shown.ts';
import type { RunView } from '../../src/protocol/run.ts';
import { resultRow, runView } from './run-view.ts';

function entry(letter: string, more: Partial<RunView> = {}, tags: string[] = []): RunEntry {
  const folder = `/runs/20260101-000000-${letter}`;
  const done = { status: 'done', memberStatus: 'done' } as const;
  return { folder, view: { ...runView({ folder, ...done }), labels: { name: null, tags, archived: false }, ...more }, error: null };
}

const entries: RunEntry[] = [
  entry('a', { name: 'First Soup', planName: 'Clothes', createdAt: '2026-05-13T12:00:00' }, ['good', 'cheap']),
  entry('b', { name: 'Clothes', planName: 'Clothes', status: 'failed', method: 'sse', createdAt: '2026-05-12T12:00:00' }, ['good']),
  entry('c', { name: 'Digits', planName: 'Digits', status: 'running', createdAt: '2026-05-12T11:00:00' }),
  { folder: '/runs/20260101-000000-torn', view: null, error: { code: 'file-invalid', message: 'torn' } },
];
const letters = (found: readonly RunEntry[]) => found.map(({ folder }) => folder.slice('/runs/20260101-000000-'.length)).join(' ');
const shows = (filter: string) => letters(shownOf(entries, { filter, archived: false }).entries);

test('a filter of words looks into names, plans, ids and tags, whatever the case', () => {
  assert.equal(shows(''), 'a b c torn');
  assert.equal(shows('CLOTHES'), 'a b');
  assert.equal(shows('clothes soup'), 'a');
  assert.equal(shows('cheap'), 'a');
  assert.equal(shows('torn'), 'torn');
  assert.equal(shows('20260101 -c'), 'c');
});

test('any of the statuses, all of the tags, and a term that is being typed says nothing', () => {
  assert.equal(shows('@status:done @status:failed'), 'a b');
  assert.equal(shows('@tag:good @tag:cheap'), 'a');
  assert.equal(shows('@method:sse'), 'b');
  assert.equal(shows('@tag:go'), '');
  for (const typed of ['@', '@tag', '@tag:', '@status:', ' ']) {
    assert.equal(isFilter(typed), false, typed);
    assert.equal(shows(typed), 'a b c torn');
  }
  assert.deepEqual(parseFilter('a@b @other:x').words, ['a@b', '@other:x']);
});

test('archived runs are left out and counted, unless they are asked for', () => {
  const archived = entry('z', { labels: { name: null, tags: ['good'], archived: true } });
  const all = [...entries, archived];
  assert.deepEqual({ ...shownOf(all, { filter: '@tag:good', archived: false }), entries: [] }, { entries: [], filteredOut: 2, archived: 1 });
  assert.equal(letters(shownOf(all, { filter: '@tag:good', archived: true }).entries), 'a b z');
});

test('terms to pick: those that some run has, put in and taken out of the text', () => {
  const views = entries.flatMap(({ view }) => view ?? []);
  assert.deepEqual(termsOf(views).map(({ term, runs }) => `${term} ${runs}`), ['@status:done 1', '@status:failed 1', '@status:running 1', '@tag:cheap 1', '@tag:good 2', '@method:sse 1', '@method:starsse 2']);
  assert.equal(toggled('soup', '@tag:good'), 'soup @tag:good');
  assert.equal(toggled('@tag:good  soup ', '@tag:good'), 'soup');
});

const groups = (grouping: GroupNode['grouping']) => grouped(entries, grouping).map(({ key, entries: found }) => `${key}: ${letters(found)}`);

test('groups by method, plan and day come in the order of their newest run, the unreadable last', () => {
  assert.deepEqual(groups('method'), ['starsse: a c', 'sse: b', 'null: torn']);
  assert.deepEqual(groups('plan'), ['Clothes: a b', 'Digits: c', 'null: torn']);
  assert.deepEqual(groups('day'), ['2026-05-13: a', '2026-05-12: b c', 'null: torn']);
  assert.equal(dayOf('2026-01-02T03:04:05'), '2026-01-02');
});

test('by status what needs a look comes first; by tag a run is under each of its tags', () => {
  assert.deepEqual(groups('status'), ['running: c', 'failed: b', 'done: a', 'null: torn']);
  assert.deepEqual(groups('tag'), ['cheap: a', 'good: a b', 'null: c torn']);
});

function nodeUnder(group: GroupNode | undefined): RunNode {
  const view = entries[0].view!;
  return { kind: 'run', folder: view.folder, run: view, ...(group === undefined ? {} : { group }) };
}

test('one run under two tags is two nodes, with their members', () => {
  const [good, cheap] = ['good', 'cheap'].map((key): GroupNode => {
    const group: GroupNode = { kind: 'group', grouping: 'tag', key, runs: [] };
    group.runs = [nodeUnder(group)];
    return group;
  });
  const all = [good, cheap].flatMap((group) => [group, ...childrenOf(group), ...childrenOf(group).flatMap(childrenOf)]);
  assert.equal(new Set(all.map(idOf)).size, all.length);
  assert.equal(parentOf(good.runs[0]), good);
  assert.equal(parentOf(good), undefined);
  assert.equal(contextValueOf(good), 'group');
  assert.equal(idOf(nodeUnder(undefined)), entries[0].folder);
});

test('an archived run says so to menus', () => {
  const node = nodeUnder(undefined);
  node.run = { ...node.run, labels: { name: null, tags: [], archived: true } };
  assert.equal(contextValueOf(node), 'run.done.archived.mixable');
});

test('what is dragged: members by run, each once; a run stands for all that are done, a group for its runs', () => {
  const run = nodeUnder(undefined);
  const [one, two] = childrenOf(run);
  const { folder } = run;
  const named = (...numbers: number[]) => numbers.map((number) => ({ run: folder, name: `member-${number}` }));
  assert.deepEqual(membersAmong([one, ...childrenOf(one), two]), named(1, 2));
  assert.deepEqual(membersAmong([run, one]), named(1, 2, 3));
  const group: GroupNode = { kind: 'group', grouping: 'plan', key: 'Clothes', runs: [run] };
  assert.deepEqual(membersAmong([group]), named(1, 2, 3));
  const ensemble: EnsembleNode = { kind: 'ensemble', parent: run, row: resultRow('ensemble-1', 'ensemble', ['member-3', 'other/member-1', 'member-1'], 0.8) };
  assert.deepEqual(membersAmong([two, ensemble]), named(2, 1, 3));
  const queued: RunNode = { kind: 'run', folder: '/runs/q', run: runView({ folder: '/runs/q', status: 'queued', memberStatus: 'queued' }) };
  assert.deepEqual(membersAmong([queued, ...childrenOf(queued), { kind: 'broken', folder: '/runs/b', error: { code: 'file-invalid', message: '' } }]), []);
  assert.deepEqual(draggedFiles([one, run]), [`${folder}/snapshots/member-1.safetensors`]);
});

test('sizes in decimal units', () => {
  assert.deepEqual([0, 850, 1_200_000, 99_600_000, 7_345_000_000].map((bytes) => byteSize(bytes, 'en')), ['0 byte', '850 byte', '1.2 MB', '100 MB', '7.3 GB']);
});
