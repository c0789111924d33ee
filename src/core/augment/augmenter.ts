/** All augmentation of one image, in the order in which it is done; a function of (seed, epoch, image). */
import type { Augmentation } from '../../protocol/plan-training.ts';
import { colorKey, jitterColors } from './color-jitter.ts';
import { cropInto } from './crop.ts';
import { erase, erasedOf, erasingKey } from './erasing.ts';
import type { Image } from './image.ts';
import { isMirrored, placementKey, placementOf } from './place.ts';
import { operationsKey, randAugment } from './rand-augment.ts';
import { resize } from './resize.ts';
import { resizedCropKey, resizedCropOf } from './resized-crop.ts';

export type Size = readonly [height: number, width: number];
export type Shape = readonly [height: number, width: number, channels: number];

/** Augments an image of an epoch. @param image position in the training set; `source` [...shape], `target` [...size, channels] */
export type AugmentImage = (source: Uint8Array, target: Uint8Array, image: number) => void;

/**
 * @param shape of the stored images
 * @param size of what the network sees
 * @param filling what erased pixels become, one byte or one a channel
 */
export function augmenterOf(augmentation: Augmentation, seed: number, shape: Shape, size: Size, filling: ArrayLike<number>): (epoch: number) => AugmentImage {
  const { colorJitter, randAugment: operations, erasing } = augmentation;
  const cut = cutterOf(augmentation, seed, shape, size);
  return (epoch) => {
    const keys = { color: colorKey(seed, epoch), operations: operationsKey(seed, epoch), erasing: erasingKey(seed, epoch) };
    const cutImage = cut(epoch);
    return (source, target, image) => {
      cutImage(source, target, image);
      const pixels: Image = { data: target, height: size[0], width: size[1], channels: shape[2] };
      if (colorJitter !== null) jitterColors(pixels, colorJitter, keys.color, image);
      if (operations !== null) randAugment(pixels, operations, keys.operations, image);
      const covered = erasing === null ? null : erasedOf(erasing, keys.erasing, image, size[0], size[1]);
      if (covered !== null) erase(pixels, covered, filling);
    };
  };
}

/** The part of the image that is seen, mirrored or not. */
function cutterOf(augmentation: Augmentation, seed: number, shape: Shape, size: Size): (epoch: number) => AugmentImage {
  const [height, width, channels] = shape;
  const { resizedCrop, flip } = augmentation;
  const room = [height - size[0], width - size[1]] as const;
  return (epoch) => {
    const placement = placementKey(seed, epoch);
    if (resizedCrop === null) return (source, target, image) => cropInto(source, shape, target, size, placementOf(augmentation, placement, image, room));
    const crop = resizedCropKey(seed, epoch);
    return (source, target, image) => {
      const box = resizedCropOf(resizedCrop, crop, image, height, width);
      resize({ data: source, height, width, channels }, box, { data: target, height: size[0], width: size[1], channels }, isMirrored(flip, placement, image));
    };
  };
}
