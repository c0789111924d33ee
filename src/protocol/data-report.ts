/** What `starsse data --json` prints and the editor shows: what a plan's data are, and what is wrong with them. */

/** `refused`: a run would not start; `warning`: it starts, and the log tells. */
export interface DataProblem {
  kind: 'unreadable' | 'leakage' | 'labels' | 'copies' | 'few' | 'upscaled' | 'sizes' | 'ignored';
  severity: 'refused' | 'warning';
  message: string;
  /** How many examples, files or classes it concerns. */
  count: number;
  /** The first of them: names of files, or "image 17 of <file>". */
  examples: string[];
}

export interface DataSetReport {
  name: 'train' | 'validation' | 'test';
  examples: number;
  /** Examples of each class, in the order of the labels. */
  perClass: number[];
}

/** Of the image files, before they were scaled. */
export interface ImageSizes {
  /** [width, height] of those with the fewest, the middle and the most pixels. */
  smallest: [number, number];
  median: [number, number];
  largest: [number, number];
}

export interface DataReport {
  plan: string;
  kind: string;
  classes: string[];
  /** [height, width, channels] of each example as it is stored; features are [1, 1, count]. */
  shape: [number, number, number];
  values: 'pixels' | 'features';
  sets: DataSetReport[];
  /** Labelled examples that the split leaves over. */
  unused: number;
  /** Null where the data are no image files. */
  sizes: ImageSizes | null;
  /** SHA-256 of the contents, labels and split, hex: what run.json has. */
  fingerprint: string;
  problems: DataProblem[];
  /** Decoded images of all plans, and where they are kept. */
  cache: { folder: string; sizeBytes: number };
  /** The picture that was asked for, absolute. */
  sheet: string | null;
}

/** What removing the decoded images gave back. */
export interface CacheCleared {
  folder: string;
  removed: number;
  freedBytes: number;
}
