/**
 * DARE (Yu et al. 2024, "Language models are super Mario: absorbing abilities from homologous models as a free lunch"): of what each member learned, W_k - W0,
 * a random share p of the numbers is dropped and the rest grows by 1 / (1 - p); the mean of what is left is added to the pre-trained weights:
 *   W = W0 + scale / K sum_k m_k (W_k - W0) / (1 - p),   m_k = 1 with probability 1 - p, else 0
 * Running statistics are the mean. Which numbers are dropped follows from the seed, the member's place and the name of the tensor alone.
 */
import { StarsseError } from '../../protocol/errors.ts';
import { randomKey, uniform, type Key } from '../random.ts';
import { addUp } from './linear.ts';
import { isStatistic, type SoupRule } from './rule.ts';

export interface DareSettings {
  /** Share of the numbers that is dropped, 0 .. below 1. */
  drop: number;
  scale: number;
  seed: number;
}

/** @param parents without the pre-trained network, which comes last. @throws StarsseError usage */
export function dare(parents: number, { drop, scale, seed }: DareSettings): SoupRule {
  if (!(drop >= 0 && drop < 1)) throw new StarsseError('usage', `DARE cannot drop a share of ${drop}`, { hint: 'The share is from 0 to below 1, for example 0.9.' });
  const factor = scale / (parents * (1 - drop));
  return {
    looks: 0,
    mix(tensor, stretch, from, result) {
      if (isStatistic(tensor)) return addUp(stretch.slice(0, parents), { weights: new Array<number>(parents).fill(1), divisor: parents }, result);
      const start = stretch[parents];
      const keys = Array.from({ length: parents }, (_, parent): Key => randomKey(seed, 'soup', parent, hashOf(tensor.name)));
      for (let index = 0; index < result.length; index++) {
        let sum = 0;
        for (let parent = 0; parent < parents; parent++) {
          if (drop === 0 || uniform(keys[parent], from + index) >= drop) sum += stretch[parent][index] - start[index];
        }
        result[index] = start[index] + factor * sum;
      }
    },
  };
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
