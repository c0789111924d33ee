/**
 * Mixup (Zhang et al. 2018): each image becomes l image + (1 - l) other, and its target likewise. CutMix (Yun et al. 2019): a
 * rectangle of 1 - l of the area, its middle anywhere, is taken from the other image; the targets are mixed by the area that was
 * really taken. l is drawn from Beta(alpha, alpha) once a batch, and the partner of an image is its mirror place in the batch: the
 * first goes with the last. With both, each batch takes one of the two, evenly. As timm does it by default. Targets and CutMix's
 * pixels are mixed here, mixup's pixels on the device (core/pixels.ts).
 */
import type { Augmentation } from '../../protocol/plan-training.ts';
import { beta, integer, randomKey, uniform, type Key } from '../random.ts';
import type { Box } from './resize.ts';

export interface Mix {
  /** Share of an image itself in its target and, in mixup, in its pixels. */
  share: number;
  /** CutMix: the rectangle that comes from the partner. Null for mixup. */
  box: Box | null;
}

/** @param first position of the first image of the batch: no other batch of the epoch has it */
export function mixKey(memberSeed: number, epoch: number, first: number): Key {
  return randomKey(memberSeed, 'mix', epoch, first);
}

/** How the images of a batch, [height, width] each, are mixed; null when they are not. */
export function mixOf({ mixup, cutmix }: Pick<Augmentation, 'mixup' | 'cutmix'>, key: Key, height: number, width: number): Mix | null {
  if (mixup === 0 && cutmix === 0) return null;
  if (cutmix === 0 || (mixup > 0 && uniform(key, 0) >= 0.5)) return { share: beta(key, 3, mixup), box: null };
  const side = Math.sqrt(1 - beta(key, 3, cutmix));
  const [top, bottom] = ends(integer(key, 1, height), Math.trunc(height * side), height);
  const [left, right] = ends(integer(key, 2, width), Math.trunc(width * side), width);
  const box = { top, left, height: bottom - top, width: right - left };
  return { share: 1 - (box.height * box.width) / (height * width), box };
}

/** A stretch about a middle, as far as it lies within 0 .. size. */
function ends(middle: number, length: number, size: number): [number, number] {
  const half = Math.floor(length / 2);
  return [Math.max(0, middle - half), Math.min(size, middle + half)];
}

/** Targets of a batch, mixed with those of the mirror places, in place. @param targets [batch, classes] */
export function mixTargets(targets: Float32Array, batch: number, share: number): void {
  const classes = targets.length / batch;
  for (let one = 0, other = batch - 1; one < other; one++, other--) {
    for (let index = 0; index < classes; index++) {
      const [a, b] = [targets[one * classes + index], targets[other * classes + index]];
      targets[one * classes + index] = share * a + (1 - share) * b;
      targets[other * classes + index] = share * b + (1 - share) * a;
    }
  }
}

/** CutMix: the box of each image changes places with that of its mirror place. @param images [batch, height, width, channels] */
export function exchangeBoxes(images: Uint8Array | Float32Array, batch: number, [, width, channels]: readonly [number, number, number], box: Box): void {
  const size = images.length / batch;
  for (let one = 0, other = batch - 1; one < other; one++, other--) {
    for (let row = box.top; row < box.top + box.height; row++) {
      const start = (row * width + box.left) * channels;
      exchange(images, one * size + start, other * size + start, box.width * channels);
    }
  }
}

function exchange(numbers: Uint8Array | Float32Array, one: number, other: number, length: number): void {
  const kept = numbers.slice(one, one + length);
  numbers.copyWithin(one, other, other + length);
  numbers.set(kept, other);
}
