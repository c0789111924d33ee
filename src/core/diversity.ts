/**
 * How differently the members of an ensemble predict. err = error of a member, H = entropy in nats, p_k = softmax of member k:
 *   disagreement D_ij = mean 1[argmax_i != argmax_j];   normalised D_ij = D_ij / ((err_i + err_j) / 2), 0 where neither errs
 *   mutual information = H(mean_k p_k) - mean_k H(p_k), of an image; it is 0 where all members say the same
 */
import { StarsseError } from '../protocol/errors.ts';
import { checkSameObjects, meanProbabilities, sharesOf } from './ensemble.ts';
import { accuracy, mean, predictedClasses, probabilities, type Predictions } from './metrics.ts';

export interface Diversity {
  /** Averaged over the pairs. */
  disagreement: number;
  normalised: number;
}

export interface DiversityMatrices {
  /** [members, members], symmetric, 0 on the diagonal. */
  disagreement: number[][];
  normalised: number[][];
}

/** @throws StarsseError usage for fewer than two members, mismatch when they predicted different objects */
export function diversity(members: readonly Predictions[]): Diversity {
  const { disagreement, normalised } = diversityMatrices(members);
  return { disagreement: meanOfPairs(disagreement), normalised: meanOfPairs(normalised) };
}

/** @throws StarsseError as `diversity` */
export function diversityMatrices(members: readonly Predictions[]): DiversityMatrices {
  if (members.length < 2) throw new StarsseError('usage', `Diversity of ${members.length} members`, { hint: 'Choose at least two.' });
  checkSameObjects(members);
  const classes = members.map(predictedClasses);
  const errors = members.map((member) => 1 - accuracy(member));
  const disagreement = members.map(() => members.map(() => 0));
  const normalised = members.map(() => members.map(() => 0));
  for (let one = 0; one < members.length; one++) {
    for (let other = one + 1; other < members.length; other++) {
      const share = shareOfDifferences(classes[one], classes[other]);
      disagreement[one][other] = disagreement[other][one] = share;
      normalised[one][other] = normalised[other][one] = share === 0 ? 0 : share / ((errors[one] + errors[other]) / 2);
    }
  }
  return { disagreement, normalised };
}

/** The mean above the diagonal. */
export function meanOfPairs(matrix: readonly (readonly number[])[]): number {
  return mean(matrix.flatMap((row, one) => row.slice(one + 1)));
}

/** Of every image, nats, [count]. @param weights of the mean, and of the mean entropy. @throws StarsseError as `meanProbabilities` */
export function mutualInformation(members: readonly Predictions[], weights?: readonly number[]): Float64Array {
  const result = entropies(meanProbabilities(members, weights), members[0].classes);
  const shares = sharesOf(weights, members.length);
  for (const [index, member] of members.entries()) {
    for (const [row, entropy] of entropies(probabilities(member), member.classes).entries()) result[row] -= shares[index] * entropy;
  }
  return result;
}

/** -sum_c p_c log p_c of every row, nats, [count]. @param all [count, classes] */
export function entropies(all: Float64Array, classes: number): Float64Array {
  const result = new Float64Array(all.length / classes);
  for (let row = 0; row < result.length; row++) {
    for (let index = row * classes; index < (row + 1) * classes; index++) if (all[index] > 0) result[row] -= all[index] * Math.log(all[index]);
  }
  return result;
}

function shareOfDifferences(one: Int32Array, other: Int32Array): number {
  let different = 0;
  for (let row = 0; row < one.length; row++) if (one[row] !== other[row]) different++;
  return different / one.length;
}
