/**
 * RandAugment (Cubuk et al. 2020): N operations of the 14 of the paper, each drawn evenly and with replacement, all of one strength
 * M of 10. What an operation does at strength M, with s = M / 10; those marked +- take either sign, evenly:
 *   identity, autocontrast, equalize: the same at every strength
 *   rotate: +- 30 s degrees         shear x, shear y: slope +- 0.3 s        translate x, y: +- 150/331 s of the side
 *   color (saturation), contrast, brightness, sharpness: factor 1 +- 0.9 s
 *   posterize: keeps 8 - round(4 s) bits                                   solarize: negative from 255 (1 - s) up
 * Moved images are taken by the nearest pixel; what comes from outside is black.
 */
import type { Augmentation } from '../../protocol/plan-training.ts';
import { integer, randomKey, uniform, type Key } from '../random.ts';
import { rotate, shearX, shearY, translate } from './affine.ts';
import { adjustBrightness, adjustContrast, adjustSaturation, adjustSharpness } from './color.ts';
import type { Image } from './image.ts';
import { autocontrast, equalize, posterize, solarize } from './tones.ts';

type Settings = NonNullable<Augmentation['randAugment']>;

/** @param strength 0..1, and with a sign for those that take one */
const OPERATIONS = {
  identity: () => undefined,
  autocontrast: (image: Image) => autocontrast(image),
  equalize: (image: Image) => equalize(image),
  rotate: (image: Image, strength: number) => rotate(image, 30 * strength),
  solarize: (image: Image, strength: number) => solarize(image, 255 * (1 - Math.abs(strength))),
  color: (image: Image, strength: number) => adjustSaturation(image, 1 + 0.9 * strength),
  posterize: (image: Image, strength: number) => posterize(image, 8 - Math.round(4 * Math.abs(strength))),
  contrast: (image: Image, strength: number) => adjustContrast(image, 1 + 0.9 * strength),
  brightness: (image: Image, strength: number) => adjustBrightness(image, 1 + 0.9 * strength),
  sharpness: (image: Image, strength: number) => adjustSharpness(image, 1 + 0.9 * strength),
  shearX: (image: Image, strength: number) => shearX(image, 0.3 * strength),
  shearY: (image: Image, strength: number) => shearY(image, 0.3 * strength),
  translateX: (image: Image, strength: number) => translate(image, Math.trunc((150 / 331) * image.width * strength), 0),
  translateY: (image: Image, strength: number) => translate(image, 0, Math.trunc((150 / 331) * image.height * strength)),
} as const;
export type Operation = keyof typeof OPERATIONS;
const NAMES = Object.keys(OPERATIONS) as Operation[];

export function operationsKey(memberSeed: number, epoch: number): Key {
  return randomKey(memberSeed, 'operations', epoch);
}

/** What is done to an image, in order; `strength` is M / 10 with a sign. */
export function operationsOf({ operations, magnitude }: Settings, key: Key, image: number): { operation: Operation; strength: number }[] {
  return Array.from({ length: operations }, (_, place) => {
    const draw = 2 * (operations * image + place);
    return { operation: NAMES[integer(key, draw, NAMES.length)], strength: (uniform(key, draw + 1) < 0.5 ? -magnitude : magnitude) / 10 };
  });
}

/** In place. */
export function applyOperation(image: Image, operation: Operation, strength: number): void {
  OPERATIONS[operation](image, strength);
}

/** In place. */
export function randAugment(pixels: Image, settings: Settings, key: Key, image: number): void {
  for (const { operation, strength } of operationsOf(settings, key, image)) applyOperation(pixels, operation, strength);
}
