/** How figures of the landscape are written, and the words for its verdicts. */
import { t } from '@vscode/l10n';
import type { MeasuredSet, Verdict } from '../../../src/protocol/basin.ts';
import { nats, percent } from '../../words/figures.ts';
import type { Figure, RelationName, Way } from './choices.ts';
import type { Relief } from './relief.ts';

/** A barrier: percentage points of error, nats of loss. */
export function barrier(value: number, figure: Figure): string {
  if (!Number.isFinite(value)) return '∞';
  return figure === 'error' ? nats(100 * value, 1) : nats(value, value >= 10 ? 1 : 2);
}

export function barrierWithUnit(value: number, figure: Figure): string {
  return figure === 'error' ? t('{0} points', barrier(value, figure)) : t('{0} nats', barrier(value, figure));
}

/** A height: an error as a percentage, a loss in nats. */
export function heightText(value: number, figure: Figure): string {
  if (!Number.isFinite(value)) return '∞';
  return figure === 'error' ? percent(value) : nats(value, value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 3);
}

export function figureName(figure: Figure): string {
  return figure === 'error' ? t('Error') : t('Loss');
}

export function setName(set: MeasuredSet): string {
  return { train: t('training images'), validation: t('validation images'), test: t('test images') }[set];
}

export function verdictName(verdict: Verdict): string {
  return { inside: t('inside'), border: t('border'), outside: t('outside') }[verdict];
}

export function relationTitle(relation: RelationName): string {
  return {
    disagreement: t('Disagreement'),
    normalised: t('Disagreement over mean error'),
    distance: t('Distance'),
    cosine: t('Cosine of weights'),
    angle: t('Angle of ways'),
  }[relation];
}

export function relationText(relation: RelationName, value: number): string {
  switch (relation) {
    case 'disagreement':
      return percent(value);
    case 'angle':
      return `${nats(value, 0)}°`;
    case 'cosine':
      return nats(value, 3);
    default:
      return nats(value, 2);
  }
}

export function wayName(way: Way): string {
  return {
    distanceToStart: t('Distance to the start'),
    distanceToPretrained: t('Distance to the pre-trained weights'),
    distanceToMember1: t('Distance to member 1'),
    cosineToFirst: t('Cosine to the first epoch'),
  }[way];
}

/** A picture of a surface, for those who do not see it. */
export function reliefWords(label: string, { points, low, high }: Relief, figure: Figure): string {
  const ends = points.length === 0 ? [] : [t('lowest {0}, highest {1}', heightText(low, figure), heightText(high, figure))];
  return [label, ...ends, t('{0} grid points measured', points.length)].join(', ');
}
