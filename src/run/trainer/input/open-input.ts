/** The batches of a member: made by threads beside the trainer where that pays. */
import { availableParallelism } from 'node:os';
import { inputInProcess, type Input, type InputSettings } from '../../../core/input.ts';
import type { Dataset } from '../../../core/data.ts';
import type { Device } from '../../../protocol/run.ts';
import { streamedFile, type DatasetSource } from '../data/open-dataset.ts';
import { ThreadedInput } from './threaded-input.ts';

/** Batches of fewer numbers are made in less time than it takes to hand them over. */
const SMALL_BATCH = 64_000;
/** What batches that wait for their step may take. */
const WAITING_BYTES = 128 * 2 ** 20;
/** A GPU is fast, so it needs several threads; a CPU is busy with training itself. */
const MOST_THREADS = 8;

export interface InputPlace {
  batchSize: number;
  device: Pick<Device, 'kind'>;
}

/**
 * @param dataset the training set
 * @throws StarsseError plan-invalid or data-invalid when normalization or augmentation do not fit the data
 */
export function openInput(dataset: Dataset, settings: InputSettings, { batchSize, device }: InputPlace): Input {
  const here = inputInProcess(dataset, settings);
  const numbers = batchSize * settings.size[0] * settings.size[1] * dataset.shape[2];
  if (dataset.source === undefined || numbers * workOf(settings) < SMALL_BATCH) return here;
  const threads = device.kind === 'gpu' ? Math.min(MOST_THREADS, Math.max(1, availableParallelism() - 1)) : 1;
  const ahead = Math.max(1, Math.min(Math.floor(WAITING_BYTES / (bytesOf(dataset) * numbers)), threads + 1));
  const file = streamedFile(dataset.source as DatasetSource);
  if (file !== null) console.log(`images are streamed from ${file}`);
  console.log(`batches are made ${ahead} ahead, by ${threads === 1 ? 'a thread' : `${threads} threads`} beside training`);
  return new ThreadedInput(dataset.source as DatasetSource, settings, { threads, ahead });
}

/** Of a number: pixels stay bytes, features are float32. */
function bytesOf({ values }: Dataset): number {
  return values === 'pixels' ? 1 : 4;
}

/** How much longer an image takes than one that is only shifted, about. */
function workOf({ augmentation: { resizedCrop, colorJitter, randAugment } }: InputSettings): number {
  return 1 + (resizedCrop === null ? 0 : 1) + (colorJitter === null ? 0 : 2) + (randAugment === null ? 0 : 2);
}
