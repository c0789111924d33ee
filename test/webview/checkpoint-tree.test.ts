/** The tree of tensors, its rows, keys and figures, as pure functions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TensorDifference, TensorItem, TensorStatistics } from '../../src/protocol/checkpoint.ts';
import { differencesCsv, statisticsCsv } from '../../webview-ui/checkpoint/csv.ts';
import { changeOf, measuredOf, statusOf } from '../../webview-ui/checkpoint/facts.ts';
import { stepOf } from '../../webview-ui/checkpoint/keys.ts';
import { layersOf } from '../../webview-ui/checkpoint/layers.ts';
import { mostShown, rowsOf, windowOf, type Shape } from '../../webview-ui/checkpoint/rows.ts';
import { DEFAULTS, settingsFrom, sortedBy } from '../../webview-ui/checkpoint/settings.ts';
import { buildTree, tensorsOf, type Line } from '../../webview-ui/checkpoint/tree.ts';

const item = (name: string, shape: number[] = [2], dtype = 'F32'): TensorItem => ({ name, dtype, shape, sizeBytes: shape.reduce((a, b) => a * b, 4), start: 0 });
const line = (name: string, ...shape: number[]): Line => ({ name, a: item(name, shape.length === 0 ? [2] : shape), b: null });
const open: Shape = { flat: false, filter: '', sortValue: null, down: false, isOpen: () => true };
const words = (lines: Line[], shape: Partial<Shape> = {}): string[] => rowsOf(buildTree(lines), { ...open, ...shape }).map(({ node, level }) => `${'-'.repeat(level)}${node.label}`);

test('names are parted at dots and slashes; a layer with one layer inside is one with it; numbers count as numbers', () => {
  const lines = ['model.layers.10.weight', 'model.layers.2.weight', 'model.layers.2.bias', 'head/kernel', 'scale'].map((name) => line(name));
  assert.deepEqual(words(lines), ['-head', '--kernel', '-model.layers', '--2', '---bias', '---weight', '--10', '---weight', '-scale']);
});

test('a layer may have the name of a tensor; odd names and very deep ones are kept whole', () => {
  assert.deepEqual(words([line('a'), line('a.b'), line('.hidden')]), ['-.hidden', '-a', '--b', '-a']);
  const deep = Array.from({ length: 5000 }, (_, index) => index).join('.');
  const [leaf] = tensorsOf(buildTree([line(deep), line('x')]));
  assert.equal(leaf.line?.name, deep);
});

test('sums of a layer; sorting inside each layer and in one list; what has no value comes last', () => {
  const lines = [line('a.x', 10), line('a.y', 30), line('b.z', 20)];
  const root = buildTree(lines);
  assert.deepEqual([root.tensors, root.parameters, root.sizeBytes], [3, 60, 240]);
  const sortValue: Shape['sortValue'] = (node) => (node.line?.name === 'b.z' ? null : node.parameters);
  assert.deepEqual(words(lines, { sortValue, down: true }), ['-a', '--y', '--x', '-b', '--z']);
  assert.deepEqual(words(lines, { flat: true, sortValue, down: true }), ['-y', '-x', '-z']);
  assert.deepEqual(words(lines, { flat: true, sortValue }), ['-x', '-y', '-z']);
});

test('a filter looks into names, types and shapes, and unfolds what it finds', () => {
  const lines = [line('a.conv.weight', 8, 3, 3, 3), line('a.fc.weight', 10, 8), line('b.bias', 10)];
  const shut = { isOpen: (): boolean => false };
  assert.deepEqual(words(lines, shut), ['-a', '-b']);
  assert.deepEqual(words(lines, { ...shut, filter: 'WEIGHT 3x3' }), ['-a', '--conv', '---weight']);
  assert.deepEqual(words(lines, { ...shut, filter: 'f16' }), []);
});

test('only rows in sight and some around them are drawn', () => {
  assert.deepEqual(windowOf(10_000, 20, 100_000, 400), { from: 4992, to: 5028 });
  assert.deepEqual(windowOf(10_000, 20, 0, 400), { from: 0, to: 28 });
  assert.deepEqual(windowOf(3, 20, 900, 400), { from: 2, to: 3 });
  assert.deepEqual(windowOf(0, 20, 0, 400), { from: 0, to: 0 });
  const shown = Array.from({ length: 200 }, (_, top) => windowOf(10_000, 20, 1000 + top, 397)).map(({ from, to }) => to - from);
  assert.equal(Math.max(...shown), mostShown(20, 397));
});

test('keys move as in a treegrid', () => {
  const rows = rowsOf(buildTree([line('a.x'), line('a.y'), line('b')]), open);
  const shut = rowsOf(buildTree([line('a.x'), line('a.y'), line('b')]), { ...open, isOpen: () => false });
  assert.deepEqual(stepOf('ArrowDown', rows, -1, 5), { kind: 'select', row: 0 });
  assert.deepEqual(stepOf('ArrowUp', rows, 0, 5), { kind: 'select', row: 0 });
  assert.deepEqual(stepOf('End', rows, 0, 5), { kind: 'select', row: 3 });
  assert.deepEqual(stepOf('PageDown', rows, 0, 2), { kind: 'select', row: 2 });
  assert.deepEqual(stepOf('ArrowRight', rows, 0, 5), { kind: 'select', row: 1 });
  assert.deepEqual(stepOf('ArrowRight', shut, 0, 5), { kind: 'toggle', row: 0 });
  assert.deepEqual(stepOf('ArrowLeft', rows, 2, 5), { kind: 'select', row: 0 });
  assert.deepEqual(stepOf('ArrowLeft', rows, 0, 5), { kind: 'toggle', row: 0 });
  assert.deepEqual(stepOf('Enter', rows, 1, 5), { kind: 'act', row: 1 });
  assert.equal(stepOf('ArrowLeft', rows, 3, 5), null);
  assert.equal(stepOf('a', rows, 0, 5), null);
  assert.equal(stepOf('ArrowDown', [], -1, 5), null);
});

test('figures of a layer are those of all its numbers', () => {
  const root = buildTree([line('a.x'), line('a.y')]);
  const base: TensorStatistics = { name: 'a.x', count: 2, min: -1, max: 3, mean: 1, deviation: 2, norm: 3, zeros: 1, nan: 0, infinite: 0, histogram: [] };
  const statistics = new Map([['a.x', base], ['a.y', { ...base, name: 'a.y', count: 6, min: -5, max: 0, mean: -2, norm: 4, zeros: 0, nan: 2 }]]);
  assert.deepEqual(measuredOf(root, statistics), { tensors: 2, count: 8, min: -5, max: 3, mean: (2 - 8) / 6, deviation: null, norm: 5, zeros: 1, nan: 2, infinite: 0 });
  assert.equal(measuredOf(root, new Map()), null);
});

test('what changed: a distance, its share, a cosine; of layers as of one vector', () => {
  const root = buildTree([line('a.x'), line('a.y'), line('b')]);
  const base: TensorDifference = { name: 'a.x', count: 2, distance: 3, largest: 2, normA: 6, normB: 6, dot: 18 };
  const differences = new Map([['a.x', base], ['a.y', { ...base, name: 'a.y', distance: 4, largest: 1, normA: 8, normB: 8, dot: 32 }], ['b', { ...base, name: 'b', distance: null, dot: null, largest: null, normB: null }]]);
  const [a, b] = root.children;
  assert.deepEqual(changeOf(a, differences), { distance: 5, relative: 0.5, cosine: 0.5, largest: 2, normA: 10, normB: 10 });
  assert.deepEqual(changeOf(b, differences), { distance: null, relative: null, cosine: null, largest: null, normA: 6, normB: null });
  assert.deepEqual(layersOf(root, differences).map(({ name, change }) => [name, change.relative]), [['b', null], ['a', 0.5]]);
  const same = new Map([['b', { ...base, name: 'b', distance: 0, normA: 0, normB: 0, dot: 0 }]]);
  assert.deepEqual([changeOf(b, same)?.relative, changeOf(b, same)?.cosine], [0, 1]);
});

test('structure: only in one, another shape, another type', () => {
  const status = (a: TensorItem | null, b: TensorItem | null) => statusOf({ name: 'x', a, b });
  assert.deepEqual([status(item('x'), null), status(null, item('x')), status(item('x'), item('x', [3])), status(item('x'), item('x', [2], 'BF16')), status(item('x'), item('x'))], ['only-a', 'only-b', 'shape', 'dtype', 'same']);
});

test('CSV has whole digits, and no formula', () => {
  const tensors = tensorsOf(buildTree([line('=a'), { name: 'b,c', a: null, b: item('b,c') }]));
  assert.equal(statisticsCsv(tensors.slice(0, 1), new Map()).split('\r\n')[1], "'=a,2,F32,2,8,,,,,,,,");
  const csv = differencesCsv(tensors, new Map([['=a', { name: '=a', count: 2, distance: 0.1, largest: 0.1, normA: 1, normB: 1, dot: 1 }]])).split('\r\n');
  assert.deepEqual(csv.slice(1, 3), ["'=a,only-a,2,,F32,,2,0.1,0.1,1,0.1,1,1", '"b,c",only-b,,2,,F32,2,,,,,,']);
});

test('settings of another version do no harm; a click sorts the other way', () => {
  assert.deepEqual(settingsFrom({ filter: 3, toggled: 'x', sort: { by: 'bytes', down: true } }), { ...DEFAULTS, sort: { by: 'bytes', down: true } });
  assert.deepEqual(settingsFrom(null), DEFAULTS);
  assert.deepEqual(sortedBy({ by: 'name', down: false }, 'bytes'), { by: 'bytes', down: true });
  assert.deepEqual(sortedBy({ by: 'bytes', down: true }, 'bytes'), { by: 'bytes', down: false });
});
