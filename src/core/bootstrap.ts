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
  const comparisons = differences.map(differing);
  const meanOf = classes === null ? mean : meanOfClasses(classes);
  const means = comparisons.map(() => new Float64Array(samples));
  const key = randomKey(seed, 'bootstrap');
  const words = new Uint32Array(2);
  // How often each object was drawn.
  const times = new Uint32Array(objects);
  // A 32-bit word times the number of objects over 2^32; the bias is below objects / 2^32.
  const objectOf = (word: number): number => Math.floor((word * objects) / 2 ** 32);
  for (let sample = 0; sample < samples; sample++) {
    times.fill(0);
    for (let draw = 0; draw < objects; draw += 2) {
      threefry(key, draw, sample, words);
      times[objectOf(words[0])]++;
      if (draw + 1 < objects) times[objectOf(words[1])]++;
    }
    const resampled = meanOf(times);
    for (const [comparison, each] of comparisons.entries()) means[comparison][sample] = resampled(each);
  }
  const whole = meanOf(times.fill(1));
  return comparisons.map((each, comparison) => {
    const sorted = means[comparison].sort();
    return { estimate: whole(each), low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
  });
}

/** Networks agree on most objects: those on which a difference is not 0, and the differences. */
interface Differing {
  objects: Uint32Array;
  values: Float64Array;
}

function differing(differences: ArrayLike<number>): Differing {
  const objects = Uint32Array.from(Array.from(differences).flatMap((value, object) => (value === 0 ? [] : [object])));
  return { objects, values: Float64Array.from(objects, (object) => differences[object]) };
}

/** The mean of a comparison over objects of which each counts so many times. */
type Mean = (times: Uint32Array) => (comparison: Differing) => number;

const mean: Mean =
  (times) =>
  ({ objects, values }) => {
    let sum = 0;
    for (let place = 0; place < objects.length; place++) sum += times[objects[place]] * values[place];
    return sum / times.length;
  };

/** Given the resample the mean per-class accuracy is linear in the objects, so that of a difference is the difference of both. */
function meanOfClasses(classes: ArrayLike<number>): Mean {
  const count = 1 + Array.from(classes).reduce((highest, label) => Math.max(highest, label), -1);
  return (times) => {
    const sizes = new Uint32Array(count);
    for (let object = 0; object < times.length; object++) sizes[classes[object]] += times[object];
    const present = sizes.filter((size) => size > 0).length;
    return ({ objects, values }) => {
      const sums = new Float64Array(count);
      for (let place = 0; place < objects.length; place++) sums[classes[objects[place]]] += times[objects[place]] * values[place];
      return sums.reduce((total, sum, label) => (sizes[label] === 0 ? total : total + sum / sizes[label]), 0) / present;
    };
  };
}

/** Linear between order statistics. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
