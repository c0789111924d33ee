/** A surface as it is drawn while it is measured: known points, between them what lies in the middle of their neighbours, and contour lines of all that. */
import { contours } from 'd3-contour';
import type { MeasuredSet } from '../../../src/protocol/basin.ts';
import type { Surface, SurfacePoint } from '../../../src/protocol/plane.ts';
import type { Figure } from './choices.ts';

/** Sides of the coarsest grid, as the trainer begins. */
const COARSE = 5;
const LEVELS = 12;
/** Points a side of the grid on which contours are drawn: the measured grid, made finer. */
const FINE = 129;

export interface Relief {
  /** Measured. */
  points: SurfacePoint[];
  /** [row * side + column]; null until the coarsest grid is whole. Loss as its logarithm. */
  grid: Float64Array | null;
  side: number;
  low: number;
  high: number;
  /** Heights of the contour lines, in the figure's own unit. */
  levels: number[];
  /** Of a measured point, in the figure's own unit: what is infinitely high is as high as the highest that is not. */
  heightOf(point: SurfacePoint): number;
}

/** A loss bends over orders of magnitude. */
function scaleOf(figure: Figure): { to(value: number): number; from(value: number): number } {
  return figure === 'loss' ? { to: (value) => Math.log(Math.max(value, 1e-9)), from: Math.exp } : { to: (value) => value, from: (value) => value };
}

export function reliefOf({ columns, kind }: Surface, measured: ReadonlyMap<string, SurfacePoint>, figure: Figure, set: MeasuredSet): Relief {
  const side = columns.length;
  const points = [...measured.values()].filter(({ sets }) => sets[set] !== undefined);
  const { to, from } = scaleOf(figure);
  const finite = points.flatMap(({ sets }) => sets[set]![figure] ?? []);
  const [low, high] = finite.length === 0 ? [0, 0] : [Math.min(...finite), Math.max(...finite)];
  const heightOf = ({ sets }: SurfacePoint): number => sets[set]![figure] ?? high;
  const levels = high > low ? Array.from({ length: LEVELS }, (_, level) => from(to(low) + ((to(high) - to(low)) * (level + 1)) / (LEVELS + 1))) : [];
  const grid = filled(side, new Map(points.map((point) => [point.row * side + point.column, to(heightOf(point))])), kind === 'simplex');
  return { points, grid, side, low, high, levels, heightOf };
}

/**
 * From the coarsest grid to the finest, each missing point the mean of its neighbours of the grid before; null while the coarsest is not whole.
 * @param isSimplex only points with column + row < side are there; the others go on straight from them
 */
export function filled(side: number, known: ReadonlyMap<number, number>, isSimplex = false): Float64Array | null {
  const grid = new Float64Array(side * side).fill(NaN);
  const isInside = (column: number, row: number): boolean => !isSimplex || column + row < side;
  let stride = Math.max(1, (side - 1) / (COARSE - 1));
  for (let row = 0; row < side; row += stride) {
    for (let column = 0; column < side; column += stride) {
      if (!isInside(column, row)) continue;
      const value = known.get(row * side + column);
      if (value === undefined) return null;
      grid[row * side + column] = value;
    }
  }
  for (; stride > 1; stride /= 2) {
    const half = stride / 2;
    for (let row = 0; row < side; row += half) {
      for (let column = 0; column < side; column += half) {
        const [y, x] = [row % stride === 0 ? 0 : half, column % stride === 0 ? 0 : half];
        if ((x === 0 && y === 0) || !isInside(column, row)) continue;
        const around = (isInside(column + x, row + y) ? [[-y, -x], [-y, x], [y, -x], [y, x]] : [[-y, x], [y, -x]]).map(([down, right]) => grid[(row + down) * side + column + right]);
        grid[row * side + column] = known.get(row * side + column) ?? around.reduce((sum, value) => sum + value, 0) / around.length;
      }
    }
  }
  if (isSimplex) goOnStraight(grid, side);
  return grid;
}

/** Beyond the long side of a simplex: as high above the nearest point of that side as the mirrored point is below it, so that contours have no kink there. */
function goOnStraight(grid: Float64Array, side: number): void {
  const last = side - 1;
  const onSide = (column: number): number => grid[(last - column) * side + column];
  for (let row = 1; row < side; row++) {
    for (let column = side - row; column < side; column++) {
      const foot = (column + last - row) / 2;
      grid[row * side + column] = onSide(Math.floor(foot)) + onSide(Math.ceil(foot)) - grid[(last - column) * side + last - row];
    }
  }
}

/** Where in a picture a place of the grid is: 0 is the first column or row, 1 the last. */
export type Placing = (column: number, row: number) => readonly [x: number, y: number];

/** SVG paths of the regions above each level, the lowest first. By marching squares (d3-contour) on the grid made finer by Catmull and Rom's cubic. */
export function contourPaths({ grid, side, levels }: Relief, figure: Figure, at: Placing): string[] {
  if (grid === null || levels.length === 0) return [];
  const { to } = scaleOf(figure);
  const fine = refined(grid, side, FINE);
  const place = (at: number): number => Math.min(1, Math.max(0, (at - 0.5) / (FINE - 1))); // d3-contour puts the value of column c at c + 0.5
  return contours().size([FINE, FINE]).thresholds(levels.map(to))(fine as unknown as number[]).map(({ coordinates }) =>
    coordinates.flatMap((polygon) => polygon.map((ring) => `M${ring.map(([x, y]) => at(place(x), place(y)).map((value) => value.toFixed(1)).join(' ')).join('L')}Z`)).join(''),
  );
}

function refined(grid: Float64Array, side: number, fine: number): Float64Array {
  const rows = new Float64Array(side * fine);
  for (let row = 0; row < side; row++) {
    for (let at = 0; at < fine; at++) rows[row * fine + at] = cubic((column) => grid[row * side + column], side, (at * (side - 1)) / (fine - 1));
  }
  const result = new Float64Array(fine * fine);
  for (let column = 0; column < fine; column++) {
    for (let at = 0; at < fine; at++) result[at * fine + column] = cubic((row) => rows[row * fine + column], side, (at * (side - 1)) / (fine - 1));
  }
  return result;
}

function cubic(value: (index: number) => number, count: number, at: number): number {
  const before = Math.min(count - 2, Math.floor(at));
  const t = at - before;
  const [b, c] = [value(before), value(before + 1)];
  // Beyond the edge it goes on straight.
  const a = before > 0 ? value(before - 1) : 2 * b - c;
  const d = before + 2 < count ? value(before + 2) : 2 * c - b;
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}
