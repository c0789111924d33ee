/** All augmentation of one image, in the order in which it is done; a function of (seed, epoch, image). */
import type { Augmentation } from '../../protocol/plan-training.ts';
import { cropInto } from './crop.ts';
import { placementKey, placementOf } from './place.ts';

export type Size = readonly [height: number, width: number];
export type Shape = readonly [height: number, width: number, channels: number];

/** Augments images of an epoch. @param image position in the training set; `source` [...shape], `target` [...size, channels] */
export type AugmentImage = (source: Uint8Array, target: Uint8Array, image: number) => void;

/** @param shape of the stored images @param size of what the network sees */
export function augmenterOf(augmentation: Augmentation, seed: number, shape: Shape, size: Size): (epoch: number) => AugmentImage {
  const room = [shape[0] - size[0], shape[1] - size[1]] as const;
  return (epoch) => {
    const placement = placementKey(seed, epoch);
    return (source, target, image) => {
      cropInto(source, shape, target, size, placementOf(augmentation, placement, image, room));
    };
  };
}
