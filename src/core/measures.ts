/** Everything that stored predictions tell of one network or ensemble, and of two of them on the same images. */
import type { Measures, PairedComparison } from '../protocol/measures.ts';
import type { Metric } from '../protocol/results.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { atTemperature, calibratedNll, fitTemperature } from './calibration.ts';
import { checkSameObjects } from './ensemble.ts';
import { mcnemar } from './mcnemar.ts';
import { accuracy, brier, brierScores, correctness, losses, mean, meanPerClassAccuracy, nll, type Predictions } from './metrics.ts';
import { ece, eceOf, reliability } from './reliability.ts';
import { riskCoverage } from './risk-coverage.ts';

/**
 * @param validation what the temperature is fitted on
 * @param seed of the halves for calibration
 */
export function measuresOf(shown: Predictions, validation: Predictions, classNames: readonly string[], seed: number): Measures {
  const temperature = fitTemperature(validation);
  const tempered = atTemperature(shown, temperature);
  const bins = reliability(shown);
  return {
    images: shown.labels.length,
    accuracy: accuracy(shown),
    meanPerClassAccuracy: meanPerClassAccuracy(shown),
    nll: nll(shown),
    calibratedNll: calibratedNll(shown, { seed }),
    brier: brier(shown),
    ece: eceOf(bins),
    temperature,
    temperatureNll: nll(tempered),
    temperatureEce: ece(tempered),
    reliability: bins,
    perClass: perClass(shown, classNames),
    riskCoverage: riskCoverage(shown),
  };
}

/**
 * One minus the other, on the same images.
 * @throws StarsseError mismatch when they predicted different objects
 */
export function compared(one: Predictions, other: Predictions, { against, metric, bootstrapSamples, seed }: { against: string; metric: Metric; bootstrapSamples: number; seed: number }): PairedComparison {
  checkSameObjects([one, other], ['This', against]);
  const right = [one, other].map(correctness);
  const minus = (a: ArrayLike<number>, b: ArrayLike<number>): Float64Array => Float64Array.from(a, (value, row) => value - b[row]);
  const options = { samples: bootstrapSamples, seed };
  const [accuracies] = bootstrapIntervals([minus(right[0], right[1])], { ...options, classes: metric === 'accuracy' ? null : one.labels });
  const [nlls, briers] = bootstrapIntervals([minus(losses(one), losses(other)), minus(brierScores(one), brierScores(other))], options);
  return { against, accuracy: accuracies, nll: nlls, brier: briers, bootstrapSamples, mcnemar: mcnemar(right[0], right[1]) };
}

function perClass(predictions: Predictions, classNames: readonly string[]): Measures['perClass'] {
  const { labels } = predictions;
  const [right, loss] = [correctness(predictions), losses(predictions)];
  const rows = Array.from(classNames, (): number[] => []);
  for (const [row, label] of labels.entries()) rows[label].push(row);
  return rows.map((own, label) => ({
    name: classNames[label],
    images: own.length,
    accuracy: own.length === 0 ? null : mean(own.map((row) => right[row])),
    nll: own.length === 0 ? null : mean(own.map((row) => loss[row])),
  }));
}
