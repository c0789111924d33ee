import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_HISTORY, throughput, withDetail, withRows } from '../../webview-ui/dashboard/history.ts';
import { chartCsv } from '../../webview-ui/dashboard/plot/chart-csv.ts';
import { clipOf } from '../../webview-ui/charts/plot/clip.ts';
import { inRange, type Series } from '../../webview-ui/charts/plot/series.ts';
import { drawnHistory, EMPTY, reduce } from '../../webview-ui/dashboard/store.ts';
import { spansOf } from '../../webview-ui/dashboard/timeline.ts';
import { panBy, within, zoomBy } from '../../webview-ui/charts/plot/range.ts';
import { stepRanges } from '../../webview-ui/dashboard/step-ranges.ts';
import { epochRow, member, runView, stepRow } from './run-fixture.ts';

test('a range stays within the experiment and is never too narrow; as wide as all of it, it is none', () => {
  assert.deepEqual(within({ from: -3, to: 2 }, 30, 1), { from: 0, to: 5 });
  assert.deepEqual(within({ from: 29, to: 33 }, 30, 1), { from: 26, to: 30 });
  assert.deepEqual(within({ from: 10, to: 10.2 }, 30, 1), { from: 9.6, to: 10.6 });
  for (const range of [{ from: 0, to: 30 }, { from: -9, to: 90 }, { from: NaN, to: 1 }, { from: 0, to: Infinity }]) assert.equal(within(range, 30, 1), null);
});

test('zooming keeps the epoch under the pointer, panning the width', () => {
  assert.deepEqual(zoomBy({ from: 0, to: 30 }, 0.5, 10, 30, 1), { from: 5, to: 20 });
  assert.equal(zoomBy({ from: 5, to: 20 }, 2, 10, 30, 1), null);
  assert.deepEqual(zoomBy({ from: 5, to: 6 }, 0.1, 5.5, 30, 1), { from: 5, to: 6 });
  assert.deepEqual(panBy({ from: 10, to: 20 }, 0.2, 30), { from: 12, to: 22 });
  assert.deepEqual(panBy({ from: 10, to: 20 }, -5, 30), { from: 0, to: 10 });
  assert.deepEqual(panBy({ from: 10, to: 20 }, 5, 30), { from: 20, to: 30 });
});

test('the steps that a range shows, with half of it on both sides, of the members that have some', () => {
  const spans = spansOf([1, 2].map((number) => member(number))); // epochs 0 to 4, 4 to 6
  assert.deepEqual(stepRanges({ from: 1, to: 2 }, spans, 10), [{ member: 'member-1', from: 5, to: 25 }]);
  assert.deepEqual(stepRanges({ from: 3, to: 5 }, spans, 10), [{ member: 'member-1', from: 20, to: 40 }, { member: 'member-2', from: 1, to: 20 }]);
});

test('rows of a detail take the place of coarse ones between its ends, until a resume makes them void', () => {
  const coarse = withRows(NO_HISTORY, [stepRow(1), stepRow(10), epochRow(0), stepRow(20), stepRow(30)]);
  const detail = [stepRow(9), stepRow(10), epochRow(0), stepRow(11), stepRow(12)];
  assert.deepEqual(withDetail(coarse, detail).rows.map(({ step }) => step), [1, 9, 10, 10, 11, 12, 20, 30]);
  assert.equal(withDetail(coarse, []), coarse);
  let model = reduce(EMPTY, { type: 'snapshot', run: runView(), rows: [{ member: 'member-1', rows: [stepRow(1), stepRow(20)] }], tasks: [], texts: {} });
  model = reduce(model, { type: 'detail', id: 1, members: [{ member: 'member-1', from: 5, to: 15, rows: [stepRow(5), stepRow(15)] }] });
  assert.deepEqual(drawnHistory(model, 'member-1').rows.map(({ step }) => step), [1, 5, 15, 20]);
  assert.equal(drawnHistory(model, 'member-1'), drawnHistory(model, 'member-1'), 'worked out once');
  model = reduce(model, { type: 'append', member: 'member-1', from: 2, rows: [{ kind: 'resume', step: 10 }, stepRow(11, { loss: 9 })] });
  assert.deepEqual(drawnHistory(model, 'member-1').rows.map(({ step }) => step), [1, 5, 11]);
});

test('images a second over the last three seconds of training', () => {
  const rows = Array.from({ length: 100 }, (_, index) => stepRow(index + 1, { wallMs: 1000 * index }));
  assert.equal(throughput(withRows(NO_HISTORY, rows), 32), 32);
  assert.equal(throughput(withRows(NO_HISTORY, rows.slice(0, 1)), 32), null);
  assert.equal(throughput(NO_HISTORY, 32), null);
});

test('a log that is followed keeps its last lines; another takes its place; the machine keeps two minutes', () => {
  let model = reduce(EMPTY, { type: 'log', log: 'supervisor', lines: ['a'], restarted: true });
  model = reduce(model, { type: 'log', log: 'supervisor', lines: Array.from({ length: 600 }, (_, index) => String(index)), restarted: false });
  assert.deepEqual([model.log?.lines.length, model.log?.lines[0]], [500, '100']);
  model = reduce(model, { type: 'log', log: 'member-1', lines: ['b'], restarted: true });
  assert.deepEqual(model.log, { name: 'member-1', lines: ['b'] });
  const now = { atMs: 0, trainers: [], cores: 1, memory: { usedBytes: 1, totalBytes: 2 }, cards: [], disk: null, batchSize: 8, elsewhere: [] };
  for (let atMs = 0; atMs < 70; atMs++) model = reduce(model, { type: 'resources', now: { ...now, atMs } });
  assert.deepEqual([model.machine.length, model.machine[0].atMs], [60, 10]);
});

const line = (key: string, ys: number[]): Series => ({ key, label: key, data: ys.map((y, x) => ({ x, y })), borderColor: '#123456' });

test('clipping leaves out a spike and nothing of a curve without one', () => {
  const calm = Array.from({ length: 400 }, (_, index) => 1 + Math.sin(index));
  assert.equal(clipOf([line('member-1', calm)], { from: 0, to: 400 }), null);
  const spiky = calm.with(200, 80).with(300, -50);
  const clip = clipOf([line('member-1', spiky)], { from: 0, to: 400 });
  assert.ok(clip !== null && clip.max < 3 && clip.min > -1, JSON.stringify(clip));
  assert.deepEqual(clip.outside, [{ point: { x: 200, y: 80 }, colour: '#123456' }, { point: { x: 300, y: -50 }, colour: '#123456' }]);
  assert.equal(clipOf([line('member-1', spiky)], { from: 0, to: 150 }), null, 'what is not on show does not count');
});

test('the table of a chart has every digit of the points on show, and no plan', () => {
  const content = { series: [line('member-1', [0.1, 1 / 3, 2]), line('member-1 raw', [7, 7, 7]), line('plan member-1', [5])], annotations: {}, yScales: {}, lastEpoch: 2, least: 1, range: { from: 0.5, to: 2 } };
  assert.equal(chartCsv('validation', content), 'member,epoch,validation_accuracy\nmember-1,1,0.3333333333333333\nmember-1,2,2\n');
});

test('of a line only the points on show are drawn, with one more on each side; an end beyond the range is no live end', () => {
  const line = { key: 'a', label: 'a', live: true, data: [1, 2, 2, 3, 4].map((x, y) => ({ x, y })) } as Series;
  const drawn = (from: number, to: number): (number | boolean | undefined)[] => {
    const { data, live } = inRange(line, { from, to }, 100);
    return [...data.map(({ y }) => y), live];
  };
  assert.equal(inRange(line, { from: 0, to: 5 }, 100), line);
  assert.deepEqual(drawn(2, 2.5), [0, 1, 2, 3, false]);
  assert.deepEqual(drawn(2.5, 9), [2, 3, 4, true]);
  assert.deepEqual(drawn(7, 9), [4, true]);
  assert.deepEqual(drawn(0, 0.5), [0, false]);
});

test('of many points in a column of pixels the lowest and the highest are drawn, in their order; ends stay', () => {
  const ys = [5, 1, 9, 4, 3, 8, 2, 6, 7, 0.5, 6.5, 3.5];
  const line = { key: 'a', label: 'a', live: true, data: ys.map((y, x) => ({ x, y })) } as Series;
  const { data, live } = inRange(line, { from: 0, to: 12 }, 3);
  assert.deepEqual([data.map(({ y }) => y), live], [[5, 1, 9, 8, 2, 7, 0.5, 3.5], true]);
  assert.equal(inRange(line, { from: 0, to: 12 }, 6), line);
});
