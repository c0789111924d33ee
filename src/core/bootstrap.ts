/** Paired bootstrap over test objects (Efron 1979; percentile intervals): how far chance alone moves a mean difference. */
import { randomKey, threefry } from './random.ts';

export interface Interval {
  /** The mean over all objects. */
  estimate: number;
  low: number;
  high: number;
}

/**
 * 95 % intervals of mean differences. All share the same resamples, so they can be compared with each other.
 * @param differences one array a comparison: its difference on each object, [objects]
 */
export function bootstrapIntervals(differences: readonly ArrayLike<number>[], { samples, seed = 0 }: { samples: number; seed?: number }): Interval[] {
  if (differences.length === 0) return [];
  const objects = differences[0].length;
  const values = differences.map((each) => Float64Array.from(each));
  const means = values.map(() => new Float64Array(samples));
  const key = randomKey(seed, 'bootstrap');
  const words = new Uint32Array(2);
  const chosen = new Uint32Array(objects + 1);
  for (let sample = 0; sample < samples; sample++) {
    for (let draw = 0; draw < objects; draw += 2) {
      threefry(key, draw, sample, words);
      // A 32-bit word times the number of objects over 2^32; the bias is below objects / 2^32.
      chosen[draw] = (words[0] * objects) / 2 ** 32;
      chosen[draw + 1] = (words[1] * objects) / 2 ** 32;
    }
    for (const [comparison, each] of values.entries()) {
      let sum = 0;
      for (let draw = 0; draw < objects; draw++) sum += each[chosen[draw]];
      means[comparison][sample] = sum / objects;
    }
  }
  return values.map((each, comparison) => {
    const sorted = means[comparison].sort();
    return { estimate: each.reduce((a, b) => a + b, 0) / objects, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
  });
}

/** Linear between order statistics. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
