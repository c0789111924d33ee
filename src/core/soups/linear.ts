/** Rules that are a sum: W = (c1 W1 + c2 W2 + ...) / divisor, in double precision and rounded once. */
import type { Floats, SoupRule, Stretch, TensorInfo } from './rule.ts';

export interface Shares {
  /** One a parent. */
  weights: readonly number[];
  divisor: number;
}

export function linear(sharesOf: (tensor: TensorInfo) => Shares): SoupRule {
  return { looks: 0, mix: (tensor, stretch, _from, result) => addUp(stretch, sharesOf(tensor), result) };
}

/** Numbers that are summed before the next ones: their sums stay in the processor's cache. */
const BLOCK = 4096;
const sums = new Float64Array(BLOCK);

/** @param result as long as each of the stretch */
export function addUp(stretch: Stretch, { weights, divisor }: Shares, result: Floats): void {
  const last = stretch.length - 1;
  for (let start = 0; start < result.length; start += BLOCK) {
    const count = Math.min(BLOCK, result.length - start);
    let parent = 0;
    if (last >= 4) {
      beginFour(stretch, weights, start, count);
      parent = 4;
    } else sums.fill(0, 0, count);
    for (; parent < last; parent++) addOne(stretch[parent], weights[parent], start, count);
    finish(stretch[last], weights[last], divisor, start, count, result);
  }
}

/** Four parents at once, so that the sums are written once for all. */
function beginFour([a, b, c, d]: Stretch, [wa, wb, wc, wd]: readonly number[], start: number, count: number): void {
  for (let index = 0, at = start; index < count; index++, at++) sums[index] = wa * a[at] + wb * b[at] + wc * c[at] + wd * d[at];
}

function addOne(a: Floats, weight: number, start: number, count: number): void {
  for (let index = 0; index < count; index++) sums[index] += weight * a[start + index];
}

/** With the last parent. */
function finish(a: Floats, weight: number, divisor: number, start: number, count: number, result: Floats): void {
  for (let index = 0, at = start; index < count; index++, at++) result[at] = (sums[index] + weight * a[at]) / divisor;
}
