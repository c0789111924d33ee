/** Paired bootstrap over test objects (Efron 1979; percentile intervals): how far chance alone moves a mean difference. */
import { randomKey, threefry } from './random.ts';

export interface Interval {
  /** The mean over all objects. */
  estimate: number;
  low: number;
  high: number;
}

export interface BootstrapOptions {
  /** Resamples. */
  samples: number;
  seed?: number;
  /** The class of each object, [objects]: the mean is then that of the means of the classes present in the resample. */
  classes?: ArrayLike<number> | null;
}

/**
 * 95 % intervals of mean differences. All share the same resamples, so they can be compared with each other.
 * @param differences one array a comparison: its difference on each object, [objects]
 */
export function bootstrapIntervals(differences: readonly ArrayLike<number>[], { samples, seed = 0, classes = null }: BootstrapOptions): Interval[] {
  if (differences.length === 0) return [];
  const objects = differences[0].length;
  const values = differences.map((each) => Float64Array.from(each));
  const meanOf = classes === null ? mean : meanOfClasses(classes);
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
    const draws = chosen.subarray(0, objects);
    for (const [comparison, each] of values.entries()) means[comparison][sample] = meanOf(each, draws);
  }
  const every = Uint32Array.from({ length: objects }, (_, object) => object);
  return values.map((each, comparison) => {
    const sorted = means[comparison].sort();
    return { estimate: meanOf(each, every), low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
  });
}

function mean(values: Float64Array, chosen: Uint32Array): number {
  let sum = 0;
  for (let draw = 0; draw < chosen.length; draw++) sum += values[chosen[draw]];
  return sum / chosen.length;
}

/** Given the resample the mean per-class accuracy is linear in the objects, so that of a difference is the difference of both. */
function meanOfClasses(classes: ArrayLike<number>): (values: Float64Array, chosen: Uint32Array) => number {
  let size = 0;
  for (let object = 0; object < classes.length; object++) size = Math.max(size, classes[object] + 1);
  const sums = new Float64Array(size);
  const counts = new Uint32Array(size);
  return (values, chosen) => {
    sums.fill(0);
    counts.fill(0);
    for (let draw = 0; draw < chosen.length; draw++) {
      sums[classes[chosen[draw]]] += values[chosen[draw]];
      counts[classes[chosen[draw]]]++;
    }
    let total = 0;
    let present = 0;
    for (let label = 0; label < size; label++) {
      if (counts[label] === 0) continue;
      total += sums[label] / counts[label];
      present++;
    }
    return total / present;
  };
}

/** Linear between order statistics. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
