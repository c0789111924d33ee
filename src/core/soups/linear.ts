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
  for (let start = 0; start < result.length; start += BLOCK) {
    const count = Math.min(BLOCK, result.length - start);
    sums.fill(0, 0, count);
    let parent = 0;
    for (; parent + 3 < stretch.length; parent += 4) addFour(stretch, weights, parent, start, count);
    for (; parent < stretch.length; parent++) addOne(stretch[parent], weights[parent], start, count);
    if (divisor === 1) for (let index = 0; index < count; index++) result[start + index] = sums[index];
    else for (let index = 0; index < count; index++) result[start + index] = sums[index] / divisor;
  }
}

function addOne(a: Floats, weight: number, start: number, count: number): void {
  for (let index = 0; index < count; index++) sums[index] += weight * a[start + index];
}

/** Four parents at once: the sums are fetched and put back once for all. */
function addFour(stretch: Stretch, weights: readonly number[], first: number, start: number, count: number): void {
  const [a, b, c, d] = [stretch[first], stretch[first + 1], stretch[first + 2], stretch[first + 3]];
  const [wa, wb, wc, wd] = [weights[first], weights[first + 1], weights[first + 2], weights[first + 3]];
  for (let index = 0, at = start; index < count; index++, at++) sums[index] = sums[index] + wa * a[at] + wb * b[at] + wc * c[at] + wd * d[at];
}
