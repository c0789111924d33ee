/** Where a training image is cut out: a crop of the image padded with black, and a mirror image for every second one on average. */
import type { Augmentation } from '../../protocol/plan-training.ts';
import { integer, randomKey, uniform, type Key } from '../random.ts';
import type { Placement } from './crop.ts';

export function placementKey(memberSeed: number, epoch: number): Key {
  return randomKey(memberSeed, 'augmentation', epoch);
}

/**
 * With images stored as large as the network sees them, a shift by up to `cropPadding` pixels each way; else any part of the
 * padded image.
 * @param image its position in the training set, not in the batch: the order of images does not matter
 * @param room how much larger the stored image is, [rows, columns]
 */
export function placementOf({ cropPadding, flip }: Pick<Augmentation, 'cropPadding' | 'flip'>, key: Key, image: number, room: readonly [number, number] = [0, 0]): Placement {
  const shift = (draw: 0 | 1): number => {
    const places = room[draw] + 2 * cropPadding + 1;
    return places === 1 ? 0 : integer(key, 3 * image + draw, places) - cropPadding;
  };
  return { top: shift(0), left: shift(1), mirrored: isMirrored(flip, key, image) };
}

export function isMirrored(flip: boolean, key: Key, image: number): boolean {
  return flip && uniform(key, 3 * image + 2) < 0.5;
}
