/**
 * TIES (Yadav et al. 2023, "TIES-merging: resolving interference when merging models"), on what each member learned, T_k = W_k - W0:
 *   trim     of each T_k the largest numbers stay, a share `density` of all; the rest is 0
 *   elect    the sign of sum_k T_k, number by number
 *   merge    the mean of those that are not 0 and have that sign
 *   W = W0 + scale times that mean
 * Running statistics are the mean. How large a number must be to stay is found by counting the leading, then the trailing bits of all magnitudes, so
 * that nothing has to be sorted or held.
 */
import { StarsseError } from '../../protocol/errors.ts';
import { addUp } from './linear.ts';
import { isStatistic, type SoupRule, type Stretch } from './rule.ts';

export interface TiesSettings {
  /** Share of the numbers that stays, above 0, at most 1. */
  density: number;
  scale: number;
}

const LOW_BITS = 15;
const value = new Float32Array(1);
const bits = new Uint32Array(value.buffer);

/** @param parents without the pre-trained network, which comes last. @throws StarsseError usage */
export function ties(parents: number, { density, scale }: TiesSettings): SoupRule {
  if (!(density > 0 && density <= 1)) throw new StarsseError('usage', `TIES cannot keep a share of ${density}`, { hint: 'The share is above 0 and at most 1, for example 0.2.' });
  const thresholds = Array.from({ length: parents }, () => new Threshold(density));
  return {
    looks: 2,
    look(pass, tensor, stretch) {
      if (!isStatistic(tensor)) for (const [parent, threshold] of thresholds.entries()) threshold.count(pass, stretch[parent], stretch[parents]);
    },
    mix(tensor, stretch, _from, result) {
      if (isStatistic(tensor)) return addUp(stretch.slice(0, parents), { weights: new Array<number>(parents).fill(1), divisor: parents }, result);
      const least = thresholds.map((threshold) => threshold.least);
      const start = stretch[parents];
      for (let index = 0; index < result.length; index++) result[index] = start[index] + scale * merged(stretch, index, least);
    },
  };
}

/** One number of the merged task vector. @param least magnitude that stays, of each parent */
function merged(stretch: Stretch, index: number, least: readonly number[]): number {
  const start = stretch[least.length][index];
  let sum = 0;
  for (let parent = 0; parent < least.length; parent++) sum += trimmed(stretch[parent][index], start, least[parent]);
  let [total, count] = [0, 0];
  for (let parent = 0; parent < least.length; parent++) {
    const learned = trimmed(stretch[parent][index], start, least[parent]);
    if (learned * sum > 0) [total, count] = [total + learned, count + 1];
  }
  return count === 0 ? 0 : total / count;
}

function trimmed(weight: number, start: number, least: number): number {
  const learned = Math.fround(weight - start);
  return Math.abs(learned) >= least ? learned : 0;
}

/** The magnitude of the k-th largest number, k = density times all of them, at least 1: float32 magnitudes order as their bits do. */
class Threshold {
  readonly #density: number;
  #numbers = 0;
  readonly #high = new Float64Array(2 ** 16);
  readonly #low = new Float64Array(2 ** LOW_BITS);
  /** The leading bits of the wanted magnitude, and how many of those with the same are larger or equal. */
  #bin: { high: number; left: number } | null = null;
  #least: number | null = null;

  constructor(density: number) {
    this.#density = density;
  }

  count(pass: number, weights: ArrayLike<number>, start: ArrayLike<number>): void {
    if (pass === 0) this.#numbers += weights.length;
    else this.#bin ??= search(this.#high, Math.max(1, Math.round(this.#density * this.#numbers)));
    for (let index = 0; index < weights.length; index++) {
      value[0] = weights[index] - start[index];
      const magnitude = bits[0] & 0x7fffffff;
      if (pass === 0) this.#high[magnitude >>> LOW_BITS] += 1;
      else if (magnitude >>> LOW_BITS === this.#bin!.high) this.#low[magnitude & (2 ** LOW_BITS - 1)] += 1;
    }
  }

  get least(): number {
    if (this.#least === null) {
      bits[0] = (this.#bin!.high << LOW_BITS) | search(this.#low, this.#bin!.left).high;
      this.#least = value[0];
    }
    return this.#least;
  }
}

/** The place, from above, up to which `wanted` are counted, and how many of them lie in it. */
function search(counts: Float64Array, wanted: number): { high: number; left: number } {
  let left = wanted;
  for (let place = counts.length - 1; place > 0; place--) {
    if (counts[place] >= left) return { high: place, left };
    left -= counts[place];
  }
  return { high: 0, left };
}
