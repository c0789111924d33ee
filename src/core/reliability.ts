/**
 * How well confidence tells accuracy: 15 equal bins (lo, hi] of the confidence max p (Guo et al. 2017),
 *   ECE = sum_b n_b / n |accuracy_b - confidence_b|.
 */
import type { ReliabilityBin } from '../protocol/measures.ts';
import { correctness, probabilities, type Predictions } from './metrics.ts';

export const BINS = 15;

/** @returns every bin from the lowest confidences on; of an empty one accuracy and confidence are null */
export function reliability(predictions: Predictions, bins = BINS): ReliabilityBin[] {
  const right = correctness(predictions);
  const [counts, rights, sums] = [new Float64Array(bins), new Float64Array(bins), new Float64Array(bins)];
  for (const [row, confidence] of confidences(predictions).entries()) {
    const bin = binOf(confidence, bins);
    counts[bin] += 1;
    rights[bin] += right[row];
    sums[bin] += confidence;
  }
  return Array.from(counts, (images, bin) => ({
    low: bin / bins, high: (bin + 1) / bins, images,
    confidence: images === 0 ? null : sums[bin] / images, accuracy: images === 0 ? null : rights[bin] / images,
  }));
}

/** Expected calibration error, 0 .. 1. */
export function ece(predictions: Predictions, bins = BINS): number {
  return eceOf(reliability(predictions, bins));
}

export function eceOf(bins: readonly ReliabilityBin[]): number {
  const all = bins.reduce((sum, { images }) => sum + images, 0);
  return bins.reduce((sum, { images, confidence, accuracy }) => sum + (images === 0 ? 0 : images * Math.abs(accuracy! - confidence!)), 0) / all;
}

/** The highest probability of every row, [count]. */
export function confidences(predictions: Predictions): Float64Array {
  const { classes, labels } = predictions;
  const all = probabilities(predictions);
  const found = new Float64Array(labels.length);
  for (let row = 0, start = 0; row < found.length; row++, start += classes) {
    let highest = 0;
    for (let index = start; index < start + classes; index++) if (all[index] > highest) highest = all[index];
    found[row] = highest;
  }
  return found;
}

/** The bin (b/bins, (b+1)/bins] that holds a confidence; edges belong to the bin below, whatever the rounding of the product. */
function binOf(confidence: number, bins: number): number {
  let bin = Math.min(Math.max(Math.ceil(confidence * bins) - 1, 0), bins - 1);
  if (bin > 0 && confidence <= bin / bins) bin--;
  else if (bin < bins - 1 && confidence > (bin + 1) / bins) bin++;
  return bin;
}
