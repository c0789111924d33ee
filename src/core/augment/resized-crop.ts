/**
 * A random part of an image, resized (Szegedy et al. 2015, "Going deeper with convolutions", section 6): its share of the area is
 * uniform in `scale`, the logarithm of width / height uniform in `ratio`, its place uniform. Ten tries; if none fits, the middle
 * of the image in the nearest allowed ratio.
 */
import type { Augmentation } from '../../protocol/plan-training.ts';
import { randomKey, uniform, type Key } from '../random.ts';
import type { Box } from './resize.ts';

const TRIES = 10;
const DRAWS = 4 * TRIES;

export function resizedCropKey(memberSeed: number, epoch: number): Key {
  return randomKey(memberSeed, 'crop', epoch);
}

/** @param image position in the training set @returns whole pixels of an image [height, width] */
export function resizedCropOf({ scale, ratio }: NonNullable<Augmentation['resizedCrop']>, key: Key, image: number, height: number, width: number): Box {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const draw = (index: number): number => uniform(key, DRAWS * image + 4 * attempt + index);
    const area = height * width * between(scale, draw(0));
    const proportion = Math.exp(between([Math.log(ratio[0]), Math.log(ratio[1])], draw(1)));
    const part = { width: Math.round(Math.sqrt(area * proportion)), height: Math.round(Math.sqrt(area / proportion)) };
    if (part.width < 1 || part.height < 1 || part.width > width || part.height > height) continue;
    return { ...part, top: Math.floor(draw(2) * (height - part.height + 1)), left: Math.floor(draw(3) * (width - part.width + 1)) };
  }
  const proportion = Math.min(Math.max(width / height, ratio[0]), ratio[1]);
  const part = { width: Math.min(width, Math.round(height * proportion)), height: Math.min(height, Math.round(width / proportion)) };
  return { ...part, top: Math.floor((height - part.height) / 2), left: Math.floor((width - part.width) / 2) };
}

function between([from, to]: readonly [number, number], share: number): number {
  return from + (to - from) * share;
}
