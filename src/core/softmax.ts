/**
 * Softmax of many rows at once. exp(z) = 2^(q / 4096) exp(d) with q = trunc(4096 z / ln 2) and |d| < ln 2 / 4096: the first factor
 * comes from two tables, the second is 1 + d + d^2/2 + d^3/6, whose rest is below 4e-17. Doubles reach from e^-708 to e^709, so
 * the highest logit of a row need not be known first; rows with logits beyond 700 take the slow way.
 */
const STEPS = 4096;
const PER_NAT = STEPS / Math.LN2;
const NATS = Math.LN2 / STEPS;
const FRACTIONS = Float64Array.from({ length: STEPS }, (_, step) => 2 ** (step / STEPS));
/** 2^(index - 1024) */
const POWERS = Float64Array.from({ length: 2048 }, (_, index) => 2 ** (index - 1024));
/** Logits up to here, either sign, are for the tables. */
const FURTHEST = 700;

/** Adds the sum over k of weight k x softmax of every row of member k to `sum`. */
export type SoftmaxSum = (members: readonly Float32Array[], classes: number, weights: readonly number[], sum: Float64Array) => void;

let fast: SoftmaxSum | null = null;

/** A faster form for logits in float32, equal to the one here within 1e-13; null for none. */
export function useSoftmaxSum(form: SoftmaxSum | null): void {
  fast = form;
}

/**
 * Adds the sum over k of weight k x softmax of every row of member k to `sum`.
 * @param members [count, classes] each
 * @param sum [count, classes]
 */
export function addSoftmaxes(members: readonly (Float32Array | Float64Array)[], classes: number, weights: readonly number[], sum: Float64Array): void {
  if (fast !== null && members.every((logits) => logits instanceof Float32Array)) fast(members, classes, weights, sum);
  else for (const [index, logits] of members.entries()) addSoftmax(logits, classes, weights[index], sum);
}

/** The same of one member, by the tables. */
function addSoftmax(logits: Float32Array | Float64Array, classes: number, weight: number, sum: Float64Array): void {
  const exponentials = new Float64Array(classes);
  for (let start = 0; start < logits.length; start += classes) {
    let total = fillExponentials(logits, start, exponentials);
    if (Number.isNaN(total)) {
      const highest = highestOf(logits, start, classes);
      total = 0;
      for (let label = 0; label < classes; label++) total += exponentials[label] = Math.exp(logits[start + label] - highest);
    }
    const scale = weight / total;
    for (let label = 0; label < classes; label++) sum[start + label] += exponentials[label] * scale;
  }
}

/** log sum_c exp(z_c) of every row, [count]. @param logits [count, classes] */
export function logNormalisers(logits: Float32Array | Float64Array, classes: number): Float64Array {
  const exponentials = new Float64Array(classes);
  const result = new Float64Array(logits.length / classes);
  for (let row = 0; row < result.length; row++) {
    const start = row * classes;
    const total = fillExponentials(logits, start, exponentials);
    result[row] = Number.isNaN(total) ? slowNormaliser(logits, start, classes) : Math.log(total);
  }
  return result;
}

/** exp(z) of one row into `exponentials`. @returns their sum; NaN for a row that is not for the tables */
function fillExponentials(logits: Float32Array | Float64Array, start: number, exponentials: Float64Array): number {
  let total = 0;
  let isFar = false;
  for (let label = 0; label < exponentials.length; label++) {
    const logit = logits[start + label];
    const place = logit * PER_NAT;
    const step = place | 0;
    const rest = (place - step) * NATS;
    const exponential = FRACTIONS[step & (STEPS - 1)] * POWERS[((step >> 12) + 1024) & 2047] * (1 + rest * (1 + rest * (0.5 + rest * (1 / 6))));
    exponentials[label] = exponential;
    total += exponential;
    if (logit > FURTHEST || logit < -FURTHEST) isFar = true;
  }
  return isFar ? NaN : total;
}

function highestOf(logits: Float32Array | Float64Array, start: number, classes: number): number {
  let highest = -Infinity;
  for (let label = 0; label < classes; label++) highest = Math.max(highest, logits[start + label]);
  return highest;
}

function slowNormaliser(logits: Float32Array | Float64Array, start: number, classes: number): number {
  const highest = highestOf(logits, start, classes);
  let total = 0;
  for (let label = 0; label < classes; label++) total += Math.exp(logits[start + label] - highest);
  return highest + Math.log(total);
}
