/**
 * How good predictions are. n objects, C classes, p = softmax of the logits, y the labels:
 *   accuracy = mean 1[argmax p = y];   NLL = -mean log p[y];   Brier = mean sum_c (p_c - 1[y=c])^2
 */
import type { Metric } from '../protocol/results.ts';
import { addSoftmaxes, logNormalisers } from './softmax.ts';

export interface Predictions {
  /** [count, classes]; of an ensemble the logarithm of its probabilities, whose softmax is the probabilities again. */
  logits: Float32Array | Float64Array;
  /** [count] */
  labels: Int32Array;
  classes: number;
  /** softmax of the logits, where it is known already, [count, classes]. */
  probabilities?: Float64Array;
}

/** Below, a probability is too near the end of the doubles for its logarithm. */
export const SMALLEST_PROBABILITY = 1e-290;

/** Predictions for some of the images. @param chosen their places */
export function rowsOf({ logits, labels, classes }: Predictions, chosen: Uint32Array): Predictions {
  const picked = new Float32Array(chosen.length * classes);
  for (const [place, row] of chosen.entries()) picked.set(logits.subarray(row * classes, (row + 1) * classes), place * classes);
  return { logits: picked, labels: Int32Array.from(chosen, (row) => labels[row]), classes };
}

/** log softmax of every row, [count, classes]. */
export function logSoftmax(logits: Float32Array | Float64Array, classes: number): Float64Array {
  const result = Float64Array.from(logits);
  for (const [row, normaliser] of logNormalisers(logits, classes).entries()) {
    for (let index = row * classes; index < (row + 1) * classes; index++) result[index] -= normaliser;
  }
  return result;
}

/** softmax of every row, [count, classes]; not to be changed. */
export function probabilities(predictions: Predictions): Float64Array {
  if (predictions.probabilities !== undefined) return predictions.probabilities;
  const { logits, classes } = predictions;
  const all = new Float64Array(logits.length);
  addSoftmaxes([logits], classes, [1], all);
  return all;
}

/** The class of the highest logit (or known probability) of every row, the first of equals, [count]. */
export function predictedClasses(predictions: Predictions): Int32Array {
  const { labels, classes } = predictions;
  const scores = predictions.probabilities ?? predictions.logits;
  const found = new Int32Array(labels.length);
  for (let row = 0, start = 0; row < found.length; row++, start += classes) {
    let highest = scores[start];
    for (let label = 1; label < classes; label++) {
      if (!(scores[start + label] > highest)) continue;
      highest = scores[start + label];
      found[row] = label;
    }
  }
  return found;
}

/** 1 where the prediction is right, else 0, [count]. */
export function correctness(predictions: Predictions): Uint8Array {
  return Uint8Array.from(predictedClasses(predictions), (label, row) => (label === predictions.labels[row] ? 1 : 0));
}

export function accuracy(predictions: Predictions): number {
  return mean(correctness(predictions));
}

/** Mean of the accuracies of the classes that occur among the labels. */
export function meanPerClassAccuracy(predictions: Predictions): number {
  const totals = new Map<number, { right: number; count: number }>();
  for (const [row, right] of correctness(predictions).entries()) {
    const label = predictions.labels[row];
    const total = totals.get(label) ?? { right: 0, count: 0 };
    totals.set(label, { right: total.right + right, count: total.count + 1 });
  }
  return mean(Array.from(totals.values(), ({ right, count }) => right / count));
}

/** The metric that a plan chooses by, 0 .. 1. */
export function metricOf(predictions: Predictions, metric: Metric): number {
  return metric === 'accuracy' ? accuracy(predictions) : meanPerClassAccuracy(predictions);
}

/** Negative log-likelihood, nats. */
export function nll(predictions: Predictions): number {
  return mean(losses(predictions));
}

/** -log p[y] of every row, nats, [count]. */
export function losses(predictions: Predictions): Float64Array {
  const { labels, classes, probabilities: known } = predictions;
  if (known !== undefined) {
    return Float64Array.from(labels, (label, row) => {
      const share = known[row * classes + label];
      return share < SMALLEST_PROBABILITY ? -predictions.logits[row * classes + label] : -Math.log(share);
    });
  }
  return logNormalisers(predictions.logits, classes).map((normaliser, row) => normaliser - predictions.logits[row * classes + labels[row]]);
}

/** 0 .. 2 */
export function brier(predictions: Predictions): number {
  return mean(brierScores(predictions));
}

/** sum_c (p_c - 1[y=c])^2 = sum_c p_c^2 - 2 p_y + 1 of every row, [count]. */
export function brierScores(predictions: Predictions): Float64Array {
  const { labels, classes } = predictions;
  const all = probabilities(predictions);
  const found = new Float64Array(labels.length);
  for (let row = 0, start = 0; row < found.length; row++, start += classes) {
    let sum = 1 - 2 * all[start + labels[row]];
    for (let index = start; index < start + classes; index++) sum += all[index] * all[index];
    found[row] = sum;
  }
  return found;
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index];
  return sum / values.length;
}
