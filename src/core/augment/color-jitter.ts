/**
 * Colour jitter: brightness, contrast and saturation by factors uniform in [max(0, 1 - x), 1 + x], the hue turned by a part of the
 * circle uniform in [-x, x], in a random order. What is 0 in the plan is left out.
 */
import type { Augmentation } from '../../protocol/plan-training.ts';
import { integer, randomKey, uniform, type Key } from '../random.ts';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from './color.ts';
import type { Image } from './image.ts';

type Jitter = NonNullable<Augmentation['colorJitter']>;
type Change = 'brightness' | 'contrast' | 'saturation' | 'hue';
const CHANGES: readonly Change[] = ['brightness', 'contrast', 'saturation', 'hue'];
/** 3 for the order, then one for each change. */
const DRAWS = CHANGES.length + 3;

export function colorKey(memberSeed: number, epoch: number): Key {
  return randomKey(memberSeed, 'color', epoch);
}

/** What is done to an image, in order. `amount` is a factor, of hue a part of the circle. */
export function changesOf(jitter: Jitter, key: Key, image: number): { change: Change; amount: number }[] {
  const first = DRAWS * image;
  const order = [...CHANGES];
  for (let last = order.length - 1; last > 0; last--) {
    const other = integer(key, first + last - 1, last + 1);
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order.flatMap((change): { change: Change; amount: number }[] => {
    const strength = jitter[change];
    if (strength === 0) return [];
    const share = uniform(key, first + 3 + CHANGES.indexOf(change));
    if (change === 'hue') return [{ change, amount: strength * (2 * share - 1) }];
    const lowest = Math.max(0, 1 - strength);
    return [{ change, amount: lowest + (1 + strength - lowest) * share }];
  });
}

const APPLY: Record<Change, (image: Image, amount: number) => void> = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: adjustHue,
};

/** In place. */
export function jitterColors(pixels: Image, jitter: Jitter, key: Key, image: number): void {
  for (const { change, amount } of changesOf(jitter, key, image)) APPLY[change](pixels, amount);
}
