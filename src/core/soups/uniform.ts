/** Uniform soup (Wortsman et al. 2022, "Model soups: averaging weights of multiple fine-tuned models improves accuracy"): W = (W1 + ... + WK) / K. */
import { linear } from './linear.ts';
import type { SoupRule } from './rule.ts';

export function uniform(parents: number): SoupRule {
  const shares = { weights: new Array<number>(parents).fill(1), divisor: parents };
  return linear(() => shares);
}
