/**
 * Selective prediction (Geifman and El-Yaniv 2017): when only the share of images with the highest confidence is answered (its
 * coverage), the risk is the error among them. Area = mean of the risks at coverages 1/n, 2/n, ..., 1. Images of equal
 * confidence come together: each counts the mean error of its group.
 */
import type { Measures } from '../protocol/measures.ts';
import { correctness, type Predictions } from './metrics.ts';
import { confidences } from './reliability.ts';

/** A curve has so many points at most. */
const POINTS = 100;

export function riskCoverage(predictions: Predictions): Measures['riskCoverage'] {
  const errors = errorsByConfidence(predictions);
  const count = errors.length;
  const risks = new Float64Array(count);
  let [sum, area] = [0, 0];
  for (let answered = 1; answered <= count; answered++) {
    sum += errors[answered - 1];
    risks[answered - 1] = sum / answered;
    area += risks[answered - 1] / count;
  }
  const points = Math.min(POINTS, count);
  return {
    area,
    points: Array.from({ length: points }, (_, index) => {
      const answered = Math.ceil(((index + 1) * count) / points);
      return { coverage: answered / count, risk: risks[answered - 1] };
    }),
  };
}

/** The errors from the most confident image on, groups of equals evened out, [count]. */
function errorsByConfidence(predictions: Predictions): Float64Array {
  const all = confidences(predictions);
  const right = correctness(predictions);
  const order = Uint32Array.from(all, (_, row) => row).sort((a, b) => all[b] - all[a]);
  const errors = new Float64Array(order.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    let wrong = 0;
    for (end = start; end < order.length && all[order[end]] === all[order[start]]; end++) wrong += 1 - right[order[end]];
    errors.fill(wrong / (end - start), start, end);
  }
  return errors;
}
