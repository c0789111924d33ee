/** Augmentation that does not fit the data is refused before a run is made. */
import { StarsseError } from '../../protocol/errors.ts';
import type { Augmentation } from '../../protocol/plan-training.ts';
import type { Dataset } from '../data.ts';
import type { Size } from './augmenter.ts';

/** @param size height and width of what the network sees. @throws StarsseError plan-invalid, data-invalid */
export function checkAugmentation(augmentation: Augmentation, { shape, values }: Pick<Dataset, 'shape' | 'values'>, size: Size): void {
  if (values === 'features') checkFeatures(augmentation);
  if (shape[0] < size[0] || shape[1] < size[1]) {
    throw new StarsseError('data-invalid', `The network sees images of ${size.join(' x ')}, the data are ${shape[0]} x ${shape[1]}`, { hint: 'Store images at least as large (data.image.stored).' });
  }
  const { resizedCrop, erasing, cropPadding } = augmentation;
  if (resizedCrop !== null && cropPadding > 0) {
    throw new StarsseError('plan-invalid', `training.augmentation has a resizedCrop and a cropPadding of ${cropPadding}`, { hint: 'Choose one of the two crops.' });
  }
  checkRange('resizedCrop.scale', resizedCrop?.scale, 1);
  checkRange('resizedCrop.ratio', resizedCrop?.ratio, Infinity);
  checkRange('erasing.area', erasing?.area, 1);
}

function checkFeatures({ cropPadding, resizedCrop, flip, colorJitter, randAugment, erasing, cutmix }: Augmentation): void {
  const ofImages = { cropPadding: cropPadding > 0, resizedCrop: resizedCrop !== null, flip, colorJitter: colorJitter !== null, randAugment: randAugment !== null, erasing: erasing !== null, cutmix: cutmix > 0 };
  const asked = Object.entries(ofImages).flatMap(([name, on]) => (on ? [`training.augmentation.${name}`] : []));
  if (asked.length > 0) throw new StarsseError('plan-invalid', `${asked.join(', ')}: the data are features and no images`, { hint: 'Of features only mixup can be used.' });
}

function checkRange(name: string, range: readonly [number, number] | undefined, most: number): void {
  if (range === undefined || (range[0] <= range[1] && range[1] <= most)) return;
  throw new StarsseError('plan-invalid', `training.augmentation.${name} is from ${range[0]} to ${range[1]}`, { hint: `Give the smaller number first${most === Infinity ? '' : `, and none above ${most}`}.` });
}
