/** One prediction from the stored logits of several members: arithmetic, no forward pass. */
import { StarsseError } from '../protocol/errors.ts';
import { logSoftmax, type Predictions } from './metrics.ts';

export type EnsembleRule = 'probability-mean' | 'logit-mean';

/**
 * The ensemble's prediction: the mean of the members' softmax probabilities (its logits are their logarithms), or the mean
 * of their logits.
 * @throws StarsseError usage for no member, mismatch when members predicted different objects
 */
export function ensemble(members: readonly Predictions[], rule: EnsembleRule = 'probability-mean'): Predictions {
  if (members.length === 0) throw new StarsseError('usage', 'An ensemble of no members', { hint: 'Choose at least one.' });
  const [{ labels, classes }] = members;
  for (const [index, member] of members.entries()) {
    if (member.classes !== classes || member.labels.length !== labels.length || member.labels.some((label, row) => label !== labels[row])) {
      throw new StarsseError('mismatch', `Members 1 and ${index + 1} of the ensemble predicted different objects`);
    }
  }
  return { logits: rule === 'logit-mean' ? meanLogits(members) : logMeanProbabilities(members), labels, classes };
}

function meanLogits(members: readonly Predictions[]): Float64Array {
  const sum = new Float64Array(members[0].logits.length);
  for (const { logits } of members) for (let index = 0; index < sum.length; index++) sum[index] += logits[index];
  return sum.map((total) => total / members.length);
}

/** log mean_k p_k = log sum_k exp(log p_k) - log K, stable however small the probabilities. */
function logMeanProbabilities(members: readonly Predictions[]): Float64Array {
  const all = members.map(({ logits, classes }) => logSoftmax(logits, classes));
  return all[0].map((_, index) => {
    const highest = all.reduce((best, logs) => Math.max(best, logs[index]), -Infinity);
    const sum = all.reduce((total, logs) => total + Math.exp(logs[index] - highest), 0);
    return highest + Math.log(sum) - Math.log(all.length);
  });
}
