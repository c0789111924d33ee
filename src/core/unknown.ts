/**
 * How well predictions tell unknown images from known ones. The more unsure a prediction is, the likelier its image is unknown:
 *   confidence   1 - max p (Hendrycks and Gimpel 2017);   entropy   H(p);   mutual information of an ensemble's members
 * Unknown images are the positives of AUROC and AUPR. FPR95 is the share of unknown images that are taken for known where 95 % of the known
 * ones are: there the known are the positives.
 */
import { detection, type Detection } from './detection.ts';
import { entropies, mutualInformation } from './diversity.ts';
import { probabilities, type Predictions } from './metrics.ts';
import { confidences } from './reliability.ts';

/** @param known @param unknown how unsure the predictions are */
export function unknownDetection(known: Float64Array, unknown: Float64Array): Detection {
  const { auroc, aupr } = detection(unknown, known);
  return { auroc, aupr, fpr95: detection(known.map((score) => -score), unknown.map((score) => -score)).fpr95 };
}

export function byConfidence(known: Predictions, unknown: Predictions): Detection {
  const [one, other] = [known, unknown].map((predictions) => confidences(predictions).map((confidence) => 1 - confidence));
  return unknownDetection(one, other);
}

export function byEntropy(known: Predictions, unknown: Predictions): Detection {
  const [one, other] = [known, unknown].map((predictions) => entropies(probabilities(predictions), predictions.classes));
  return unknownDetection(one, other);
}

/** @param known @param unknown of each member */
export function byMutualInformation(known: readonly Predictions[], unknown: readonly Predictions[], weights?: readonly number[]): Detection {
  return unknownDetection(mutualInformation(known, weights), mutualInformation(unknown, weights));
}
