/** What the trainer and its input threads say to each other. */
import type { ErrorJson } from '../../../protocol/errors.ts';
import type { InputSettings, TrainingBatch } from '../../../core/input.ts';
import type { DatasetSource } from '../data/open-dataset.ts';

/** Given to a thread at its start. */
export interface ThreadStart {
  source: DatasetSource;
  settings: InputSettings;
}
/** To the thread. */
export interface BatchRequest {
  id: number;
  epoch: number;
  positions: Uint32Array;
}
/** From the thread; its arrays are handed over, not copied. */
export type BatchAnswer = { id: number; batch: TrainingBatch } | { id: number; error: ErrorJson };
