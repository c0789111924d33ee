/** Labelled examples, wherever they lie, and the split into training and validation. */
import { StarsseError } from '../protocol/errors.ts';
import { permutation, randomKey } from './random.ts';

/** Labels are in memory; examples are read when they are needed. */
export interface Dataset {
  /** Class of every example, [count]. */
  labels: Int32Array;
  /** [height, width, channels]; features are [1, 1, count]. */
  shape: [number, number, number];
  classes: number;
  /** Pixels are bytes 0..255, features any numbers. */
  values: 'pixels' | 'features';
  /** The examples at the given positions, in that order, [positions, height, width, channels]; the caller's own to change. */
  read(positions: Uint32Array): Promise<Uint8Array | Float32Array>;
}

export interface Examples {
  /** [count, height, width, channels]; bytes are pixels, floats are features. */
  examples: Uint8Array | Float32Array;
  labels: Int32Array;
  shape: [number, number, number];
  classes: number;
}

/** A dataset of what is in memory. @param what named in errors. @throws StarsseError data-invalid when sizes do not fit or a label is no class */
export function datasetInMemory({ examples, labels, shape, classes }: Examples, what = 'The data'): Dataset {
  const size = shape[0] * shape[1] * shape[2];
  if (examples.length !== labels.length * size) {
    throw new StarsseError('data-invalid', `${what}: ${examples.length} numbers for ${labels.length} labels of examples ${shape.join(' x ')}`);
  }
  checkLabels(labels, classes, what);
  const read = (positions: Uint32Array): Promise<Uint8Array | Float32Array> => {
    const chosen = examples instanceof Uint8Array ? new Uint8Array(positions.length * size) : new Float32Array(positions.length * size);
    for (const [target, position] of positions.entries()) chosen.set(examples.subarray(position * size, (position + 1) * size), target * size);
    return Promise.resolve(chosen);
  };
  return { labels, shape, classes, values: examples instanceof Uint8Array ? 'pixels' : 'features', read };
}

/** @throws StarsseError data-invalid for a label that is no class */
export function checkLabels(labels: Int32Array, classes: number, what: string): void {
  const wrong = labels.findIndex((label) => label < 0 || label >= classes);
  if (wrong >= 0) {
    throw new StarsseError('data-invalid', `${what}: example ${wrong} has label ${labels[wrong]}, the plan names ${classes} classes`, {
      hint: 'List every class in data.classes, in the order of the labels from 0.',
    });
  }
}

/** The examples at the given positions, in that order: a view that reads from the whole. */
export function subset(dataset: Dataset, positions: Uint32Array): Dataset {
  const { labels, shape, classes, values } = dataset;
  return {
    labels: Int32Array.from(positions, (position) => labels[position]),
    shape,
    classes,
    values,
    read: (places) => dataset.read(places.map((place) => positions[place])),
  };
}

export interface Split {
  /** Positions in the labels, ascending. No position is in two of the three. */
  train: Uint32Array;
  validation: Uint32Array;
  /** What is left, for example to pre-train on without labels. */
  unused: Uint32Array;
}

/**
 * A stratified split: both parts hold the classes in the proportions of all labels, to within one image a class.
 * @param labels class of every image
 * @throws StarsseError data-invalid when there are too few images, in all or of one class
 */
export function splitDataset(labels: Int32Array, { train, validation, seed }: { train: number; validation: number; seed: number }): Split {
  if (train + validation > labels.length) {
    throw new StarsseError('data-invalid', `data.split: ${train} training and ${validation} validation images of ${labels.length}`, {
      hint: `Ask for at most ${labels.length} together.`,
    });
  }
  const byClass = positionsByClass(labels);
  const wanted = [...byClass].map(([label, positions]) => ({ label, positions, train: 0, validation: 0 })).sort((a, b) => a.label - b.label);
  const counts = wanted.map(({ positions }) => positions.length);
  const trainCounts = apportion(train, counts);
  // Validation is shared out over what training left of each class.
  const validationCounts = apportion(validation, counts, counts.map((count, index) => count - trainCounts[index]));
  const parts = { train: [] as number[], validation: [] as number[], unused: [] as number[] };
  for (const [index, { label, positions }] of wanted.entries()) {
    if (trainCounts[index] === 0) {
      throw new StarsseError('data-invalid', `data.split: ${train} training images leave none of class ${label}, which has ${positions.length} of ${labels.length}`, {
        hint: 'Ask for more training images.',
      });
    }
    const order = permutation(randomKey(seed, 'split', label), positions.length);
    const shuffled = Array.from(order, (place) => positions[place]);
    const ends = [trainCounts[index], trainCounts[index] + validationCounts[index]];
    parts.train.push(...shuffled.slice(0, ends[0]));
    parts.validation.push(...shuffled.slice(ends[0], ends[1]));
    parts.unused.push(...shuffled.slice(ends[1]));
  }
  const sorted = (positions: number[]) => Uint32Array.from(positions).sort();
  return { train: sorted(parts.train), validation: sorted(parts.validation), unused: sorted(parts.unused) };
}

function positionsByClass(labels: Int32Array): Map<number, number[]> {
  const byClass = new Map<number, number[]>();
  for (const [position, label] of labels.entries()) {
    const positions = byClass.get(label);
    if (positions === undefined) byClass.set(label, [position]);
    else positions.push(position);
  }
  return byClass;
}

/** Shares `total` out in proportion to `weights`, none above its limit: floors first, then one each by the largest remainder. */
function apportion(total: number, weights: number[], limits: number[] = weights): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const shares = exact.map((share, index) => Math.min(Math.floor(share), limits[index]));
  const byRemainder = exact.map((share, index) => ({ index, remainder: share - Math.floor(share) })).sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  let left = total - shares.reduce((a, b) => a + b, 0);
  while (left > 0) {
    for (const { index } of byRemainder) {
      if (left === 0) break;
      if (shares[index] < limits[index]) {
        shares[index]++;
        left--;
      }
    }
  }
  return shares;
}
