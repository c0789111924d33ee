/**
 * How much the way between two networks rises above the straight line between its ends:
 *   barrier = max_a [L(a) - (1-a) L(0) - a L(1)]          (Neyshabur et al. 2020)
 *   barrier of Frankle = max_a L(a) - (L(0) + L(1)) / 2    (Frankle et al. 2020)
 */
export interface Barrier {
  /** Never below 0, for the endpoints lie on the line. */
  barrier: number;
  frankleBarrier: number;
}

/** Barriers of a curve on an even grid from 0 to 1, endpoints included. A loss that is no finite number is infinitely high. */
export function barrierOf(values: readonly number[]): Barrier {
  if (!values.every(Number.isFinite)) return { barrier: Infinity, frankleBarrier: Infinity };
  const last = values.length - 1;
  // In this form it is exactly 0 on a constant curve and exactly the same from the other end.
  const excess = values.map((value, point) => ((last - point) / last) * (value - values[0]) + (point / last) * (value - values[last]));
  return { barrier: Math.max(...excess), frankleBarrier: Math.max(...values) - (values[0] + values[last]) / 2 };
}
