/** Batches of a dataset: in which order, and from pixels to normalised tensors. */
import * as tf from '@tensorflow/tfjs-core';
import { StarsseError } from '../protocol/errors.ts';
import type { Plan } from '../protocol/plan.ts';
import type { Placement } from './augment.ts';
import type { Dataset } from './data.ts';
import { permutation, randomKey } from './random.ts';
import type { Batch } from './step.ts';

export type Normalization = Plan['data']['normalization'];

export function stepsPerEpoch(images: number, batchSize: number): number {
  return Math.ceil(images / batchSize);
}

/** Order of the training images in one epoch of a member. */
export function epochOrder(memberSeed: number, epoch: number, images: number): Uint32Array {
  return permutation(randomKey(memberSeed, 'order', epoch), images);
}

/** What each pixel value becomes: (pixel / 255 - mean) / std, [channels, 256]. @throws StarsseError data-invalid */
export function normalizedValues({ mean, std }: Normalization, channels: number): Float32Array {
  for (const [name, values] of Object.entries({ mean, std })) {
    if (values.length !== channels && values.length !== 1) {
      throw new StarsseError('data-invalid', `data.normalization.${name}: ${values.length} values for images of ${channels} channels`, {
        hint: `Give one value, or one for each of the ${channels} channels.`,
      });
    }
  }
  return Float32Array.from({ length: channels * 256 }, (_, index) => {
    const channel = Math.floor(index / 256);
    return ((index % 256) / 255 - mean[channel % mean.length]) / std[channel % std.length];
  });
}

/**
 * The images at the given positions as tensors; the caller disposes them.
 * @param values from `normalizedValues`
 * @param placement of the image at a position; without it images are taken as they are
 */
export function makeBatch(dataset: Dataset, positions: Uint32Array, values: Float32Array, placement?: (position: number) => Placement): Batch {
  const [height, width, channels] = dataset.shape;
  const size = height * width * channels;
  const images = new Float32Array(positions.length * size);
  for (const [place, position] of positions.entries()) {
    const source = dataset.images.subarray(position * size, (position + 1) * size);
    const target = images.subarray(place * size, (place + 1) * size);
    if (placement === undefined) {
      for (let index = 0; index < size; index++) target[index] = values[(index % channels) * 256 + source[index]];
    } else {
      layImage(source, target, dataset.shape, values, placement(position));
    }
  }
  return {
    images: tf.tensor4d(images, [positions.length, height, width, channels]),
    labels: tf.tensor1d(Int32Array.from(positions, (position) => dataset.labels[position]), 'int32'),
  };
}

/** Pixels that come from outside the image are black. */
function layImage(source: Uint8Array, target: Float32Array, [height, width, channels]: Dataset['shape'], values: Float32Array, { top, left, mirrored }: Placement): void {
  let index = 0;
  for (let row = top; row < top + height; row++) {
    for (let column = 0; column < width; column++) {
      const from = left + (mirrored ? width - 1 - column : column);
      const inside = row >= 0 && row < height && from >= 0 && from < width;
      for (let channel = 0; channel < channels; channel++) {
        const pixel = inside ? source[(row * width + from) * channels + channel] : 0;
        target[index++] = values[channel * 256 + pixel];
      }
    }
  }
}
