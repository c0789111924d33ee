/** One set of labelled examples, as the files of a plan gave it. */
import { subset, type Dataset } from '../../../core/data.ts';

/** Of the SHA-256 of a record, enough to tell records apart. */
export const HASH_BYTES = 16;

export interface ExampleSet {
  dataset: Dataset;
  /** [count, HASH_BYTES] of the examples as they are stored. */
  hashes: Uint8Array;
  /** For people: a file, or "image 17 of <file>". */
  nameOf(position: number): string;
  /** [count, 2] width and height of the image files; null where the data are none. */
  sizes: Uint32Array | null;
  /** What could not be read and is not among the examples: "<file>: <reason>". */
  unreadable: string[];
  /** Files that are no images, or in no class folder. */
  ignored: string[];
}

/** The three sets that a run needs, or what they are drawn from. */
export interface PlanSets {
  classes: string[];
  train: ExampleSet;
  validation: ExampleSet | null;
  test: ExampleSet | null;
}

/** The examples at the given positions; what could not be read stays with the whole. */
export function subsetOfExamples(whole: ExampleSet, positions: Uint32Array): ExampleSet {
  const hashes = new Uint8Array(positions.length * HASH_BYTES);
  for (const [target, position] of positions.entries()) hashes.set(whole.hashes.subarray(position * HASH_BYTES, (position + 1) * HASH_BYTES), target * HASH_BYTES);
  const { sizes } = whole;
  return {
    dataset: subset(whole.dataset, positions),
    hashes,
    nameOf: (position) => whole.nameOf(positions[position]),
    sizes: sizes === null ? null : Uint32Array.from({ length: 2 * positions.length }, (_, index) => sizes[2 * positions[index >> 1] + (index & 1)]),
    unreadable: [],
    ignored: [],
  };
}
