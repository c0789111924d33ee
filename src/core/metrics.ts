/**
 * How good predictions are. n objects, C classes, p = softmax of the logits, y the labels:
 *   accuracy = mean 1[argmax p = y];   NLL = -mean log p[y];   Brier = mean sum_c (p_c - 1[y=c])^2
 */
import type { Metric } from '../protocol/results.ts';
import { addSoftmax, logNormalisers } from './softmax.ts';

export interface Predictions {
  /** [count, classes]; of an ensemble the logarithm of its probabilities, whose softmax is the probabilities again. */
  logits: Float32Array | Float64Array;
  /** [count] */
  labels: Int32Array;
  classes: number;
  /** softmax of the logits, where it is known already, [count, classes]. */
  probabilities?: Float64Array;
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
export function probabilities({ logits, classes, probabilities: known }: Predictions): Float64Array {
  if (known !== undefined) return known;
  const all = new Float64Array(logits.length);
  addSoftmax(logits, classes, 1, all);
  return all;
}

/** The class of the highest logit of every row, the first of equals, [count]. */
export function predictedClasses({ logits, labels, classes }: Predictions): Int32Array {
  return labels.map((_, row) => {
    let best = 0;
    for (let label = 1; label < classes; label++) if (logits[row * classes + label] > logits[row * classes + best]) best = label;
    return best;
  });
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
export function losses({ logits, labels, classes }: Predictions): Float64Array {
  return logNormalisers(logits, classes).map((normaliser, row) => normaliser - logits[row * classes + labels[row]]);
}

/** 0 .. 2 */
export function brier(predictions: Predictions): number {
  return mean(brierScores(predictions));
}

/** sum_c (p_c - 1[y=c])^2 = sum_c p_c^2 - 2 p_y + 1 of every row, [count]. */
export function brierScores(predictions: Predictions): Float64Array {
  const { labels, classes } = predictions;
  const all = probabilities(predictions);
  return Float64Array.from(labels, (label, row) => {
    let sum = 1 - 2 * all[row * classes + label];
    for (let index = row * classes; index < (row + 1) * classes; index++) sum += all[index] * all[index];
    return sum;
  });
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index];
  return sum / values.length;
}
