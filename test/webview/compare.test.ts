/** The comparison's table and parallel coordinates, as pure functions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SweepPoint, ToView } from '../../src/protocol/compare-messages.ts';
import { bestSoup, columns, fits, largestEnsemble, sortedRuns } from '../../webview-ui/compare/columns.ts';
import { axesOf, brushByKey, passes, placeOf, sweepOfRuns } from '../../webview-ui/compare/parallel.ts';
import { DEFAULTS, settingsFrom } from '../../webview-ui/compare/store.ts';
import { comparison } from './harness/simulated-comparison.ts';
import { resultRow, resultTable, runView } from './run-fixture.ts';

const { runs } = comparison() as Extract<ToView, { type: 'snapshot' }>;
const all = columns();
const by = (key: string) => all.find((column) => column.key === key)!;

test('runs are sorted by each column; those without a value come last both ways', () => {
  const names = (key: string, down: boolean): string[] => sortedRuns(runs, by(key), down).map(({ run }) => run.name);
  assert.deepEqual(names('ensemble', true), ['StarSSE, large cycles', 'Local DE', 'StarSSE, small cycles', 'SSE', 'Fine-tuning, four times as long']);
  assert.deepEqual(names('ensemble', false).at(-1), 'Fine-tuning, four times as long');
  assert.deepEqual(names('name', false)[0], 'Fine-tuning, four times as long');
});

test('the filter takes words of any column', () => {
  const found = (filter: string): number => runs.filter((run) => fits(run, filter, all)).length;
  assert.deepEqual([found('starsse large'), found('paper'), found('paper sse small'), found('nothing')], [1, 3, 1, 0]);
});

test('the soup is chosen by validation, the ensemble by its members', () => {
  const rows = [
    resultRow('soup-a-1', { kind: 'soup', accuracy: 0.9, validationAccuracy: 0.7 }), resultRow('soup-b-1', { kind: 'soup', accuracy: 0.8, validationAccuracy: 0.8 }),
    resultRow('ensemble-1', { kind: 'ensemble', members: ['member-1', 'member-2'] }), resultRow('ensemble-2', { kind: 'ensemble', members: ['member-1', 'member-2', 'member-3'] }),
  ];
  const compared = { run: runView({ results: resultTable({ rows }) }), curves: [], epochs: 8, learningRate: 0.1, trainedMs: 0 };
  assert.deepEqual([bestSoup(compared)?.name, largestEnsemble(compared)?.name], ['soup-b-1', 'ensemble-2']);
  assert.equal(bestSoup({ ...compared, run: runView() }), null);
});

test('axes have names or numbers; a point without a value has no place; one value lies in the middle', () => {
  const point = (method: string, rate: number | null): SweepPoint => ({ label: method, folder: null, values: { method, rate, same: 3 } });
  const points = [point('sse', 1), point('starsse', 3), point('fge', null)];
  const axes = axesOf(points);
  assert.deepEqual(axes, [{ key: 'method', names: ['fge', 'sse', 'starsse'], low: 0, high: 1 }, { key: 'rate', names: null, low: 1, high: 3 }, { key: 'same', names: null, low: 3, high: 3 }]);
  assert.deepEqual(points.map((each) => placeOf(axes[0], each)), [0.5, 1, 0]);
  assert.deepEqual(points.map((each) => placeOf(axes[1], each)), [0, 1, null]);
  assert.equal(placeOf(axes[2], points[0]), 0.5);
  const through = (brushes: Parameters<typeof passes>[2]): string[] => points.filter((each) => passes(each, axes, brushes)).map(({ label }) => label);
  assert.deepEqual(through({}), ['sse', 'starsse', 'fge']);
  assert.deepEqual(through({ rate: { from: 0.5, to: 1 } }), ['starsse']);
  assert.deepEqual(through({ rate: { from: 0, to: 1 }, method: { from: 0, to: 0.5 } }), ['sse']);
  assert.equal(axesOf(sweepOfRuns(runs).points).length, 7);
});

test('keys choose a stretch, move it, move its end and take it away', () => {
  assert.deepEqual(brushByKey(undefined, 'ArrowUp', false), { from: 0.75, to: 1 });
  assert.deepEqual(brushByKey({ from: 0.5, to: 0.75 }, 'ArrowDown', false), { from: 0.45, to: 0.7 });
  assert.deepEqual(brushByKey({ from: 0.75, to: 1 }, 'ArrowUp', false), { from: 0.75, to: 1 });
  assert.deepEqual(brushByKey({ from: 0.5, to: 0.53 }, 'ArrowDown', true), { from: 0.5, to: 0.55 });
  assert.equal(brushByKey({ from: 0, to: 1 }, 'Escape', false), null);
  assert.equal(brushByKey(undefined, 'x', false), undefined);
});

test('settings of another version do no harm', () => {
  assert.deepEqual(settingsFrom({ filter: 4, measure: 'loss', chosen: '/a' }), { ...DEFAULTS, measure: 'loss', chosen: '/a' });
});
