/** Soup with weights of the user's choice: W = (a1 W1 + ... + aK WK) / (a1 + ... + aK). */
import { StarsseError } from '../../protocol/errors.ts';
import { linear } from './linear.ts';
import type { SoupRule } from './rule.ts';

/** @param weights one a parent, not below 0, whatever they add up to. @throws StarsseError usage */
export function weighted(weights: readonly number[]): SoupRule {
  const shares = { weights, divisor: shareSum(weights) };
  return linear(() => shares);
}

/** What weights add up to. @throws StarsseError usage for weights that are no weights */
export function shareSum(weights: readonly number[]): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!weights.every((weight) => Number.isFinite(weight) && weight >= 0) || sum === 0) {
    throw new StarsseError('usage', `${weights.join(', ')} are no weights of a soup`, { hint: 'Each has to be a number from 0 up, and one of them above 0.' });
  }
  return sum;
}
