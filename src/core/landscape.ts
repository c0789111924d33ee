/**
 * The loss between two networks: W(a) = (1-a) A + a B for a on a grid from 0 to 1, and its barrier
 *   barrier = max_a [L(a) - (1-a) L(0) - a L(1)]          (Neyshabur et al. 2020)
 *   barrier of Frankle = max_a L(a) - (L(0) + L(1)) / 2    (Frankle et al. 2020)
 */
import type { TensorData } from '../protocol/tensor.ts';
import { interpolate, type Ingredient } from './soup.ts';

export interface Barrier {
  /** Of each point of the grid, endpoints included. */
  values: number[];
  /** Never below 0, for the endpoints lie on the line. */
  barrier: number;
  frankleBarrier: number;
}

/**
 * @param measure loss or error of the weights at a point; statistics of batch norm are its affair
 * @param points of the grid, endpoints included, at least 2
 * @throws StarsseError mismatch when the two do not have the same tensors
 */
export async function barrierBetween(a: Ingredient, b: Ingredient, measure: (tensors: TensorData[]) => Promise<number>, points = 11): Promise<Barrier> {
  const values: number[] = [];
  // Both shares are quotients, so that the way back meets exactly the same weights.
  for (let point = 0; point < points; point++) values.push(await measure(interpolate(a, b, [(points - 1 - point) / (points - 1), point / (points - 1)])));
  return { values, ...barrierOf(values) };
}

/** Barriers of a curve on an even grid from 0 to 1. */
export function barrierOf(values: readonly number[]): Omit<Barrier, 'values'> {
  const last = values.length - 1;
  // In this form it is exactly 0 on a constant curve and exactly the same from the other end.
  const excess = values.map((value, point) => ((last - point) / last) * (value - values[0]) + (point / last) * (value - values[last]));
  return { barrier: Math.max(...excess), frankleBarrier: Math.max(...values) - (values[0] + values[last]) / 2 };
}
