/** Contours of a figure on a grid, by d3-contour (marching squares), in the grid's own coordinates. */
import { contours } from 'd3-contour';
import type { Measured, MeasuredSet } from '../../../protocol/basin.ts';
import type { Contour, Surface, SurfacePoint } from '../../../protocol/plane.ts';

const LEVELS = 12;

/**
 * @param points of a square grid, of which some may be missing: the contours are those of the finest level that is whole
 * @returns none where no level is whole
 */
export function contoursOf({ columns, rows, measuring: { sets } }: Pick<Surface, 'columns' | 'rows' | 'measuring'>, points: readonly SurfacePoint[]): Surface['contours'] {
  const known = new Map(points.map((point) => [`${point.column} ${point.row}`, point]));
  const size = columns.length;
  const stride = strides(size).find((each) => isWhole(size, each, known));
  if (stride === undefined) return [];
  const side = (size - 1) / stride + 1;
  const grid = Array.from({ length: side * side }, (_, index) => known.get(`${(index % side) * stride} ${Math.floor(index / side) * stride}`)!);
  return sets.flatMap((set) =>
    (['loss', 'error'] as const).map((figure) => {
      const values = finiteValues(grid, set, figure);
      const levels = figure === 'loss' ? geometric(values) : even(values);
      // d3-contour puts the value of column c at c + 0.5.
      const place = (axis: readonly number[], at: number): number => interpolated(axis, (at - 0.5) * stride);
      const multi = contours().size([side, side]).thresholds(levels)(values);
      return { set, figure, levels: multi.map(({ value, coordinates }): Contour => ({ value, polygons: coordinates.map((polygon) => polygon.map((ring) => ring.map(([x, y]) => [place(columns, x), place(rows, y)]))) })) };
    }),
  );
}

function strides(size: number): number[] {
  const found: number[] = [];
  for (let stride = 1; stride < size; stride *= 2) found.push(stride);
  return found;
}

function isWhole(size: number, stride: number, known: ReadonlyMap<string, SurfacePoint>): boolean {
  for (let row = 0; row < size; row += stride) for (let column = 0; column < size; column += stride) if (!known.has(`${column} ${row}`)) return false;
  return true;
}

/** What is infinitely high is as high as the highest that is not. */
function finiteValues(grid: readonly SurfacePoint[], set: MeasuredSet, figure: keyof Measured): number[] {
  const values = grid.map(({ sets }) => sets[set]![figure]);
  const highest = Math.max(...values.filter((value) => value !== null));
  return values.map((value) => value ?? highest);
}

/** Heights between the lowest and the highest value, at equal ratios: a loss bends over orders of magnitude. */
function geometric(values: readonly number[]): number[] {
  const [low, high] = [Math.max(Math.min(...values), 1e-9), Math.max(...values)];
  return high > low ? Array.from({ length: LEVELS }, (_, level) => low * (high / low) ** ((level + 1) / (LEVELS + 1))) : [];
}

function even(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return high > low ? Array.from({ length: LEVELS }, (_, level) => low + ((high - low) * (level + 1)) / (LEVELS + 1)) : [];
}

/** The coordinate at a place between columns; d3-contour closes regions half a step outside, which is the edge here. */
function interpolated(axis: readonly number[], at: number): number {
  const inside = Math.min(axis.length - 1, Math.max(0, at));
  const before = Math.min(axis.length - 2, Math.floor(inside));
  return axis[before] + (inside - before) * (axis[before + 1] - axis[before]);
}
