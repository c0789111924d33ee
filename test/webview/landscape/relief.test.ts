import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Surface, SurfacePoint } from '../../../src/protocol/plane.ts';
import { contourPaths, filled, reliefOf, type Placing } from '../../../webview-ui/dashboard/landscape/relief.ts';

const SIDE = 9;
/** The first row at the bottom. */
const within = (width: number, height: number): Placing => (column, row) => [width * column, height * (1 - row)];
const surface = { columns: Array.from({ length: SIDE }, (_, at) => at), rows: Array.from({ length: SIDE }, (_, at) => at) } as unknown as Surface;

/** A point of the plane error = column / 8, loss = e^row. */
function point(column: number, row: number, level: number): SurfacePoint {
  return { column, row, level, sets: { test: { loss: Math.exp(row), error: column / 8 } } };
}
function known(stride: number): Map<string, SurfacePoint> {
  const points = new Map<string, SurfacePoint>();
  for (let row = 0; row < SIDE; row += stride) for (let column = 0; column < SIDE; column += stride) points.set(`${column} ${row}`, point(column, row, stride === 2 ? 0 : 1));
  return points;
}

test('nothing is filled in before the coarsest grid is whole', () => {
  const coarse = known(2);
  assert.ok(reliefOf(surface, coarse, 'error', 'test').grid !== null);
  coarse.delete('4 4');
  const relief = reliefOf(surface, coarse, 'error', 'test');
  assert.equal(relief.grid, null);
  assert.equal(relief.points.length, 24);
  assert.deepEqual(contourPaths(relief, 'error', within(100, 100)), []);
});

test('a missing point is the mean of its neighbours, a measured one is itself', () => {
  const values = new Map<number, number>();
  for (let row = 0; row < SIDE; row += 2) for (let column = 0; column < SIDE; column += 2) values.set(row * SIDE + column, column + 10 * row);
  const grid = filled(SIDE, values)!;
  assert.equal(grid[1], 1); // between columns 0 and 2
  assert.equal(grid[SIDE], 10); // between rows 0 and 2
  assert.equal(grid[SIDE + 1], 11); // amid four
  values.set(SIDE + 1, 99);
  assert.equal(filled(SIDE, values)![SIDE + 1], 99);
  assert.equal(filled(SIDE, values)![1], 1, 'a finer point changes nothing but itself');
});

test('levels of an error are at equal steps, of a loss at equal ratios, all between the lowest and the highest', () => {
  const error = reliefOf(surface, known(2), 'error', 'test');
  assert.deepEqual([error.low, error.high], [0, 1]);
  assert.ok(error.levels.every((level, index) => Math.abs(level - (index + 1) / 13) < 1e-12));
  const loss = reliefOf(surface, known(2), 'loss', 'test');
  assert.ok(loss.levels.every((level, index) => Math.abs(Math.log(level) - (8 * (index + 1)) / 13) < 1e-9));
});

test('contours of a slope are straight: the region above 1/13 begins a thirteenth from the left', () => {
  const [lowest] = contourPaths(reliefOf(surface, known(2), 'error', 'test'), 'error', within(1300, 100));
  const xs = [...lowest.matchAll(/[ML](-?[\d.]+) /g)].map(([, x]) => Number(x));
  assert.ok(Math.abs(Math.min(...xs) - 100) < 1, `${Math.min(...xs)}`);
  assert.equal(Math.max(...xs), 1300);
});

test('the first row is at the bottom', () => {
  const [lowest] = contourPaths(reliefOf(surface, known(2), 'loss', 'test'), 'loss', within(100, 1300));
  const ys = [...lowest.matchAll(/ ([\d.]+)(?=[LZ])/g)].map(([, y]) => Number(y));
  assert.equal(Math.min(...ys), 0);
  assert.ok(Math.abs(Math.max(...ys) - 1200) < 1, `${Math.max(...ys)}`);
});

test('a loss that is infinitely high is drawn as high as the highest', () => {
  const points = known(2);
  points.get('8 8')!.sets.test!.loss = null;
  const { grid, high } = reliefOf(surface, points, 'loss', 'test');
  assert.equal(high, Math.exp(8));
  assert.equal(grid![8 * SIDE + 8], 8);
});

test('a simplex is whole when its half of the grid is; beyond its long side a slope goes straight on', () => {
  const simplex = { ...surface, kind: 'simplex' } as Surface;
  const points = new Map([...known(2)].filter(([, { column, row }]) => column + row < SIDE));
  assert.equal(points.size, 15);
  const { grid, points: measured } = reliefOf(simplex, points, 'error', 'test');
  assert.equal(measured.length, 15);
  for (const [column, row] of [[0, 0], [4, 2], [8, 0], [6, 6], [8, 8], [4, 6]]) assert.equal(grid![row * SIDE + column], column / 8, `${column} ${row}`);
  points.delete('2 4');
  assert.equal(reliefOf(simplex, points, 'error', 'test').grid, null);
});
