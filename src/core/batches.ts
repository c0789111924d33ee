/** Which examples go together, and what an evaluation sees of them. */
import { centreCrop } from './augment/crop.ts';
import type { Dataset } from './data.ts';
import { normalizedFeatures, type Normalization } from './normalization.ts';
import type { Pixels } from './pixels.ts';
import { permutation, randomKey } from './random.ts';

export function stepsPerEpoch(images: number, batchSize: number): number {
  return Math.ceil(images / batchSize);
}

/** Order of the training images in one epoch of a member. */
export function epochOrder(memberSeed: number, epoch: number, images: number): Uint32Array {
  return permutation(randomKey(memberSeed, 'order', epoch), images);
}

/** Positions 0 .. count-1 in batches, the last may be short. */
export function batchesInOrder(count: number, batchSize: number): Uint32Array[] {
  return Array.from({ length: Math.ceil(count / batchSize) }, (_, batch) =>
    Uint32Array.from({ length: Math.min(batchSize, count - batch * batchSize) }, (__, index) => batch * batchSize + index),
  );
}

/**
 * Examples without augmentation, batch after batch: the middle of images that are stored larger than the network sees them,
 * as bytes, or features, normalised. The next batch is read while the caller works on this one.
 * @throws StarsseError data-invalid
 */
export async function* plainBatches(dataset: Dataset, batches: readonly Uint32Array[], normalization: Normalization, [height, width]: readonly number[]): AsyncGenerator<{ positions: Uint32Array; images: Pixels }> {
  const [storedHeight, storedWidth, channels] = dataset.shape;
  const read = async (positions: Uint32Array): Promise<Uint8Array | Float32Array> => {
    const examples = await dataset.read(positions);
    const whole = storedHeight === height && storedWidth === width;
    const seen = whole ? examples : centreCrop(examples, dataset.shape, [height, width]);
    return dataset.values === 'features' ? normalizedFeatures(seen, normalization, channels) : seen;
  };
  let next = batches.length === 0 ? null : read(batches[0]);
  for (const [index, positions] of batches.entries()) {
    const data = await next!;
    next = index + 1 < batches.length ? read(batches[index + 1]) : null;
    next?.catch(() => undefined); // thrown where it is awaited, if it ever is
    yield { positions, images: { shape: [positions.length, height, width, channels], data } };
  }
}
