/** Points of a surface in the order in which they are computed: a coarse grid first, then what lies between, until it is fine. */
import { StarsseError } from '../../protocol/errors.ts';
import type { SurfacePoint } from '../../protocol/plane.ts';

/** The sides of grids whose coarser grids are part of them. */
export const GRID_SIZES = [3, 5, 9, 17, 33, 65] as const;
export const SIMPLEX_SIZES = [2, 4, 8, 16, 32] as const;
/** Points a side of the first level. */
const COARSE = 5;

export type GridPoint = Pick<SurfacePoint, 'column' | 'row' | 'level'>;

/** A square grid, level 0 first. @throws StarsseError usage for a size that is not 2^k + 1 */
export function squareGrid(size: number): GridPoint[] {
  if (!GRID_SIZES.some((known) => known === size)) throw new StarsseError('usage', `A grid of ${size} x ${size} points`, { hint: `Sides of grids are ${GRID_SIZES.join(', ')}: each holds the coarser ones.` });
  const first = Math.max(1, (size - 1) / (COARSE - 1));
  return byLevel(size, first, () => true);
}

/** Barycentric points (column, row, size - column - row) / size of a simplex, level 0 first. @throws StarsseError usage for a size that is no power of two */
export function simplexGrid(size: number): GridPoint[] {
  if (!SIMPLEX_SIZES.some((known) => known === size)) throw new StarsseError('usage', `A simplex of ${size} steps a side`, { hint: `Steps are ${SIMPLEX_SIZES.join(', ')}: each holds the coarser ones.` });
  return byLevel(size + 1, Math.max(1, size / (COARSE - 1)), (column, row) => column + row <= size);
}

/** @param first the stride of level 0, a power of two; the stride halves with each level */
function byLevel(size: number, first: number, isInside: (column: number, row: number) => boolean): GridPoint[] {
  const points: GridPoint[] = [];
  for (let stride = first, level = 0; stride >= 1; stride /= 2, level++) {
    const isOld = (place: number): boolean => level > 0 && place % (2 * stride) === 0;
    for (let row = 0; row < size; row += stride) {
      for (let column = 0; column < size; column += stride) {
        if (isInside(column, row) && !(isOld(column) && isOld(row))) points.push({ column, row, level });
      }
    }
  }
  return points;
}
