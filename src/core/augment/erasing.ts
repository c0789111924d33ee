/**
 * Random erasing (Zhong et al. 2020): with some probability a rectangle of the image is covered, its share of the area uniform in
 * `area`, the logarithm of height / width uniform between those of 0.3 and 1 / 0.3, its place uniform. Ten tries for one that fits.
 * It is covered with the mean pixel of the normalization, which the network sees as 0.
 */
import type { Augmentation } from '../../protocol/plan-training.ts';
import { randomKey, uniform, type Key } from '../random.ts';
import type { Image } from './image.ts';
import type { Box } from './resize.ts';

type Erasing = NonNullable<Augmentation['erasing']>;

const TRIES = 10;
const DRAWS = 1 + 4 * TRIES;
const LOG_RATIO = Math.log(0.3);

export function erasingKey(memberSeed: number, epoch: number): Key {
  return randomKey(memberSeed, 'erasing', epoch);
}

/** What is covered of an image [height, width], or null. */
export function erasedOf({ probability, area }: Erasing, key: Key, image: number, height: number, width: number): Box | null {
  const first = DRAWS * image;
  if (uniform(key, first) >= probability) return null;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const draw = (index: number): number => uniform(key, first + 1 + 4 * attempt + index);
    const covered = height * width * (area[0] + (area[1] - area[0]) * draw(0));
    const ratio = Math.exp(LOG_RATIO * (1 - 2 * draw(1)));
    const part = { height: Math.round(Math.sqrt(covered * ratio)), width: Math.round(Math.sqrt(covered / ratio)) };
    if (part.height < 1 || part.width < 1 || part.height >= height || part.width >= width) continue;
    return { ...part, top: Math.floor(draw(2) * (height - part.height + 1)), left: Math.floor(draw(3) * (width - part.width + 1)) };
  }
  return null;
}

/** In place. @param filling one byte, or one a channel */
export function erase({ data, width, channels }: Image, box: Box, filling: ArrayLike<number>): void {
  for (let row = box.top; row < box.top + box.height; row++) {
    const start = (row * width + box.left) * channels;
    for (let index = 0; index < box.width * channels; index++) data[start + index] = filling[(index % channels) % filling.length];
  }
}
