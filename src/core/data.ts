/** Labelled examples, wherever they lie. */
import { StarsseError } from '../protocol/errors.ts';

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
  /** Where the examples lie, for a thread that reads them itself; can be cloned. Without it they are read by this object alone. */
  source?: unknown;
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
  const { labels, shape, classes, values, source } = dataset;
  return {
    labels: Int32Array.from(positions, (position) => labels[position]),
    shape,
    classes,
    values,
    read: (places) => dataset.read(places.map((place) => positions[place])),
    ...(source === undefined ? {} : { source: { of: source, positions } }),
  };
}
