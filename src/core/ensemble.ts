/** One prediction from the stored logits of several members: arithmetic, no forward pass. */
import { StarsseError } from '../protocol/errors.ts';
import { logSoftmax, SMALLEST_PROBABILITY, type Predictions } from './metrics.ts';
import { addSoftmaxes } from './softmax.ts';

export type EnsembleRule = 'probability-mean' | 'logit-mean';

/**
 * The ensemble's prediction: the weighted mean of the members' softmax probabilities (its logits are their logarithms), or the
 * weighted mean of their logits.
 * @param weights one a member, any scale; all alike when left out
 * @throws StarsseError usage for no member or weights that do not fit, mismatch when members predicted different objects
 */
export function ensemble(members: readonly Predictions[], rule: EnsembleRule = 'probability-mean', weights?: readonly number[]): Predictions {
  checkSameObjects(members);
  const shares = sharesOf(weights, members.length);
  const [{ labels, classes }] = members;
  if (rule === 'logit-mean') return { logits: meanLogits(members, shares), labels, classes };
  const probabilities = weightedMean(members, shares);
  let logits: Float64Array | undefined;
  // Logarithms cost as much as a member; of what most measures need there is none.
  return { get logits() { return (logits ??= logarithms(probabilities, members, shares)); }, labels, classes, probabilities };
}

/** The weighted mean of the members' probabilities, [objects, classes]. @throws StarsseError as `ensemble` */
export function meanProbabilities(members: readonly Predictions[], weights?: readonly number[]): Float64Array {
  checkSameObjects(members);
  return weightedMean(members, sharesOf(weights, members.length));
}

function weightedMean(members: readonly Predictions[], shares: readonly number[]): Float64Array {
  const sum = new Float64Array(members[0].logits.length);
  const taken = members.flatMap(({ logits }, index) => (shares[index] > 0 ? [{ logits, share: shares[index] }] : []));
  addSoftmaxes(taken.map(({ logits }) => logits), members[0].classes, taken.map(({ share }) => share), sum);
  return sum;
}

/** Weights as shares of 1. @throws StarsseError usage for a count that is not that of the members, a negative weight, or none above 0 */
export function sharesOf(weights: readonly number[] | undefined, members: number): number[] {
  const given = weights ?? Array.from({ length: members }, () => 1);
  const sum = given.reduce((total, weight) => total + weight, 0);
  if (given.length !== members) throw new StarsseError('usage', `${given.length} weights for ${members} members`, { hint: 'Give one weight a member, in the order of the members.' });
  if (given.some((weight) => !(weight >= 0)) || !(sum > 0) || !Number.isFinite(sum)) throw new StarsseError('usage', `Weights ${given.join(', ')}: each has to be a number from 0, and one above 0`);
  return given.map((weight) => weight / sum);
}

/** @throws StarsseError usage for no member, mismatch when the labels or the number of classes differ */
export function checkSameObjects(members: readonly Predictions[], names?: readonly string[]): void {
  if (members.length === 0) throw new StarsseError('usage', 'An ensemble of no members', { hint: 'Choose at least one.' });
  const [{ labels, classes }] = members;
  for (const [index, member] of members.entries()) {
    if (member.classes === classes && isSame(member.labels, labels)) continue;
    const who = names === undefined ? `Members 1 and ${index + 1} of the ensemble` : `${names[0]} and ${names[index]}`;
    throw new StarsseError('mismatch', `${who} predicted different objects`, { hint: 'An ensemble is of predictions for the same data in the same order.' });
  }
}

function isSame(one: Int32Array, other: Int32Array): boolean {
  if (one.length !== other.length) return false;
  for (let row = 0; row < one.length; row++) if (one[row] !== other[row]) return false;
  return true;
}

function meanLogits(members: readonly Predictions[], shares: readonly number[]): Float64Array {
  const sum = new Float64Array(members[0].logits.length);
  for (const [member, { logits }] of members.entries()) for (let index = 0; index < sum.length; index++) sum[index] += shares[member] * logits[index];
  return sum;
}

function logarithms(means: Float64Array, members: readonly Predictions[], shares: readonly number[]): Float64Array {
  const logs = new Float64Array(means.length);
  const { classes } = members[0];
  for (let start = 0; start < means.length; start += classes) {
    let isSmall = false;
    for (let index = start; index < start + classes; index++) {
      if (means[index] < SMALLEST_PROBABILITY) isSmall = true;
      logs[index] = Math.log(means[index]);
    }
    if (isSmall) logs.set(stableRow(members, shares, start), start);
  }
  return logs;
}

/** log sum_k w_k p_k = log sum_k exp(log w_k + log p_k) of one row, however small the probabilities. */
function stableRow(members: readonly Predictions[], shares: readonly number[], start: number): Float64Array {
  const all = members.flatMap(({ logits, classes }, member) => (shares[member] > 0 ? [{ logs: logSoftmax(logits.subarray(start, start + classes), classes), logShare: Math.log(shares[member]) }] : []));
  return all[0].logs.map((_, label) => {
    const terms = all.map(({ logs, logShare }) => logs[label] + logShare);
    const highest = Math.max(...terms);
    return highest === -Infinity ? highest : highest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - highest), 0));
  });
}
