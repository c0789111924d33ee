/**
 * What training sees: batches of augmented images and their targets, made on the host. Every number is a
 * function of (seed, epoch, positions): asked for again, by another process or in another order, a batch is the same.
 */
import type { Augmentation } from '../protocol/plan-training.ts';
import { augmenterOf, type Size } from './augment/augmenter.ts';
import { checkAugmentation } from './augment/check.ts';
import { toByte } from './augment/image.ts';
import { exchangeBoxes, mixKey, mixOf, mixTargets } from './augment/mix.ts';
import { smoothedTargets } from './augment/targets.ts';
import type { Dataset } from './data.ts';
import { checkNormalization, normalizedFeatures, type Normalization } from './normalization.ts';
import type { Pixels } from './pixels.ts';

export interface TrainingBatch {
  /** Bytes; features are floats, normalised. */
  images: Pixels;
  /** [batch, classes], each row a distribution over the classes, mixed already. */
  targets: Float32Array;
  /** Mixup, which is left to the device: the share of an image itself, the rest is its mirror place's. 1 for a batch that is not mixed so. */
  share: number;
  /** For how long making it kept the trainer's own thread busy. */
  hereMs?: number;
}

export interface Input {
  /** The examples at the given positions of the training set, as `epoch` shows them. */
  batch(epoch: number, positions: Uint32Array): Promise<TrainingBatch>;
  /** Batches that may be asked for before the first of them is used; 1 when it does not say. */
  readonly ahead?: number;
  /** Ends what runs for it; batches that were asked for may fail. */
  close(): Promise<void>;
}

export interface InputSettings {
  /** The member's. */
  seed: number;
  augmentation: Augmentation;
  /** 0..1: this share of each target is spread over all classes. */
  labelSmoothing: number;
  normalization: Normalization;
  /** Height and width of what the network sees. */
  size: Size;
}

/** Batches made where they are asked for. @throws StarsseError plan-invalid or data-invalid when normalization or augmentation do not fit the data */
export function inputInProcess(dataset: Dataset, settings: InputSettings): Input {
  return { batch: batchMaker(dataset, settings), close: () => Promise.resolve() };
}

function batchMaker(dataset: Dataset, { seed, augmentation, labelSmoothing, normalization, size }: InputSettings): Input['batch'] {
  const { labels, shape, classes } = dataset;
  const channels = shape[2];
  checkNormalization(normalization, channels);
  checkAugmentation(augmentation, dataset, size);
  const augmenter = augmenterOf(augmentation, seed, shape, size, normalization.mean.map((mean) => toByte(255 * mean)));
  const [stored, seen] = [shape[0] * shape[1] * channels, size[0] * size[1] * channels];
  return async (epoch, positions) => {
    const examples = await dataset.read(positions);
    const startedMs = performance.now();
    let data: Pixels['data'];
    if (examples instanceof Uint8Array) {
      data = new Uint8Array(positions.length * seen);
      const augment = augmenter(epoch);
      for (const [place, position] of positions.entries()) {
        augment(examples.subarray(place * stored, (place + 1) * stored), data.subarray(place * seen, (place + 1) * seen), position);
      }
    } else {
      data = normalizedFeatures(examples, normalization, channels);
    }
    const targets = smoothedTargets(positions, labels, classes, labelSmoothing);
    const mix = mixOf(augmentation, mixKey(seed, epoch, positions[0]), size[0], size[1]);
    if (mix !== null) mixTargets(targets, positions.length, mix.share);
    if (mix !== null && mix.box !== null) exchangeBoxes(data, positions.length, [size[0], size[1], channels], mix.box);
    const images: Pixels = { shape: [positions.length, size[0], size[1], channels], data };
    return { images, targets, share: mix === null || mix.box !== null ? 1 : mix.share, hereMs: performance.now() - startedMs };
  };
}
