/** A batch of training: arrays on the host, tensors on the device, and what a step sees of them. */
import * as tf from '@tensorflow/tfjs-core';
import type { TrainingBatch } from './input.ts';
import { formOf, mixedOnDevice, normalisedOnDevice, upload } from './pixels.ts';
import type { ImageForm } from './program.ts';
import type { Batch } from './step.ts';

/** As it is on the host: see `TrainingBatch`. */
export type HostBatch = Pick<TrainingBatch, 'images' | 'targets' | 'share'>;

/** The same on the device. Whoever holds it disposes it. */
export interface UploadedBatch {
  /** As `upload` gives them. */
  images: tf.Tensor;
  /** [batch, classes] */
  targets: tf.Tensor2D;
  /** Mixup's share of an image itself. */
  share: tf.Scalar;
}

export function uploadBatch({ images, targets, share }: HostBatch): UploadedBatch {
  const [count] = images.shape;
  return { images: upload(images), targets: tf.tensor2d(targets, [count, targets.length / count]), share: tf.scalar(share) };
}

/** What a step sees: images normalised, then mixed. Runs in a tidy. @param shape [batch, height, width, channels] */
export function seenOf({ images, targets, share }: UploadedBatch, shape: readonly number[], { normalization, mixes }: ImageForm): Batch {
  const plain = normalisedOnDevice(images, shape, normalization);
  return { images: mixes ? mixedOnDevice(plain, share) : plain, targets };
}

/** From the host to what a step sees; the caller disposes both tensors. */
export function batchOnDevice(batch: HostBatch, { normalization, mixes }: ImageForm): Batch {
  return tf.tidy(() => ({ ...seenOf(uploadBatch(batch), batch.images.shape, { normalization: formOf(batch.images, normalization), mixes }) }));
}
