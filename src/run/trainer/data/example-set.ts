/** One set of labelled examples, as some kind of data gave it. */
import type { Dataset } from '../../../core/data.ts';

export interface ExampleSet {
  dataset: Dataset;
  /** Whatever of the examples matters to a run: what the fingerprint is made of. */
  content: Uint8Array[];
}
