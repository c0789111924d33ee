/**
 * Augmentation of training images, a function of (member seed, epoch, image): a crop of the image padded with black, that
 * is a shift by up to `cropPadding` pixels each way, and a mirror image for every second one on average.
 */
import type { Plan } from '../protocol/plan.ts';
import { integer, randomKey, uniform, type Key } from './random.ts';

export type Augmentation = Plan['training']['augmentation'];

/** How an image is laid into its place. */
export interface Placement {
  /** The pixel shown at the top left, before mirroring: -cropPadding .. cropPadding. */
  top: number;
  left: number;
  mirrored: boolean;
}

export function augmentationKey(memberSeed: number, epoch: number): Key {
  return randomKey(memberSeed, 'augmentation', epoch);
}

/** @param image its position in the training set, not in the batch: the order of images does not matter */
export function placementOf({ cropPadding, flip }: Augmentation, key: Key, image: number): Placement {
  const shift = (draw: number) => (cropPadding === 0 ? 0 : integer(key, 3 * image + draw, 2 * cropPadding + 1) - cropPadding);
  return { top: shift(0), left: shift(1), mirrored: flip && uniform(key, 3 * image + 2) < 0.5 };
}
