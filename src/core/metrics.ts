/**
 * How good predictions are. n objects, C classes, p = softmax of the logits, y the labels:
 *   accuracy = mean 1[argmax p = y];   NLL = -mean log p[y];   Brier = mean sum_c (p_c - 1[y=c])^2
 *   ECE = sum_b n_b/n |accuracy_b - confidence_b| over 15 equal bins (lo, hi] of the confidence max p (Guo et al. 2017)
 */
import type { Metric } from '../protocol/results.ts';

export interface Predictions {
  /** [count, classes]; of an ensemble the logarithm of its probabilities, whose softmax is the probabilities again. */
  logits: Float32Array | Float64Array;
  /** [count] */
  labels: Int32Array;
  classes: number;
}

/** log softmax of every row, [count, classes]. */
export function logSoftmax(logits: Float32Array | Float64Array, classes: number): Float64Array {
  const result = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let highest = -Infinity;
    for (let index = start; index < start + classes; index++) highest = Math.max(highest, logits[index]);
    let sum = 0;
    for (let index = start; index < start + classes; index++) sum += Math.exp(logits[index] - highest);
    const normaliser = highest + Math.log(sum);
    for (let index = start; index < start + classes; index++) result[index] = logits[index] - normaliser;
  }
  return result;
}

/** softmax of every row, [count, classes]. */
export function probabilities({ logits, classes }: Predictions): Float64Array {
  return logSoftmax(logits, classes).map(Math.exp);
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
export function nll({ logits, labels, classes }: Predictions): number {
  const logProbabilities = logSoftmax(logits, classes);
  return -mean(Array.from(labels, (label, row) => logProbabilities[row * classes + label]));
}

/** 0 .. 2 */
export function brier(predictions: Predictions): number {
  const { labels, classes } = predictions;
  let sum = 0;
  for (const [index, probability] of probabilities(predictions).entries()) {
    const target = labels[Math.floor(index / classes)] === index % classes ? 1 : 0;
    sum += (probability - target) ** 2;
  }
  return sum / labels.length;
}

/** Expected calibration error, 0 .. 1. */
export function ece(predictions: Predictions, bins = 15): number {
  const { classes, labels } = predictions;
  const all = probabilities(predictions);
  const right = correctness(predictions);
  const gaps = new Float64Array(bins); // sum of (right - confidence) in each bin
  for (let row = 0; row < labels.length; row++) {
    let confidence = 0;
    for (let label = 0; label < classes; label++) confidence = Math.max(confidence, all[row * classes + label]);
    gaps[binOf(confidence, bins)] += right[row] - confidence;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / labels.length;
}

/** The bin (b/bins, (b+1)/bins] that holds a confidence; edges belong to the bin below, whatever the rounding of the product. */
function binOf(confidence: number, bins: number): number {
  let bin = Math.min(Math.max(Math.ceil(confidence * bins) - 1, 0), bins - 1);
  if (bin > 0 && confidence <= bin / bins) bin--;
  else if (bin < bins - 1 && confidence > (bin + 1) / bins) bin++;
  return bin;
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index];
  return sum / values.length;
}
