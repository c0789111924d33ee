/**
 * The line to the pre-trained weights (WiSE-FT: Wortsman et al. 2022, "Robust fine-tuning of zero-shot models"):
 *   W = (1 - alpha) W0 + alpha (W1 + ... + WK) / K
 */
import { linear } from './linear.ts';
import type { SoupRule } from './rule.ts';

/** Where the best alpha is looked for on held-out data. */
export const ALPHAS: readonly number[] = Array.from({ length: 11 }, (_, tenth) => tenth / 10);

/** @param parents without the pre-trained network, which comes last. @param alpha 0 is that one, 1 the mean of the parents */
export function wiseFt(parents: number, alpha: number): SoupRule {
  const shares = { weights: [...new Array<number>(parents).fill(alpha), (1 - alpha) * parents], divisor: parents };
  return linear(() => shares);
}
