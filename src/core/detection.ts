/**
 * How well a score tells two sets of images apart, for example known and unknown ones. Positives should score higher.
 *   AUROC = P[positive > negative] + P[equal] / 2 (Mann and Whitney 1947);   AUPR = sum_k (R_k - R_k-1) P_k over thresholds
 *   FPR95 = share of negatives at or above the highest threshold that at least 95 % of the positives reach
 */
export interface Detection {
  auroc: number;
  aupr: number;
  fpr95: number;
}

/** @param positives @param negatives scores, at least one of each; equal scores are one threshold */
export function detection(positives: ArrayLike<number>, negatives: ArrayLike<number>): Detection {
  const scores = Float64Array.from({ length: positives.length + negatives.length }, (_, index) => (index < positives.length ? positives[index] : negatives[index - positives.length]));
  const order = Uint32Array.from(scores, (_, index) => index).sort((a, b) => scores[b] - scores[a]);
  let [hits, alarms, auroc, aupr] = [0, 0, 0, 0];
  let fpr95: number | null = null;
  for (let start = 0, end = 0; start < order.length; start = end) {
    let [newHits, newAlarms] = [0, 0];
    for (end = start; end < order.length && scores[order[end]] === scores[order[start]]; end++) {
      if (order[end] < positives.length) newHits++;
      else newAlarms++;
    }
    auroc += newAlarms * (hits + newHits / 2);
    hits += newHits;
    alarms += newAlarms;
    aupr += (newHits / positives.length) * (hits / (hits + alarms));
    if (fpr95 === null && hits >= 0.95 * positives.length) fpr95 = alarms / negatives.length;
  }
  return { auroc: auroc / (positives.length * negatives.length), aupr, fpr95: fpr95! };
}
