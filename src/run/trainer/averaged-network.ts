/** From averaged weights to a network of the run: batch-norm statistics estimated anew on the training images, predictions, snapshot. */
import { predict, type EvaluationSettings } from '../../core/evaluate.ts';
import { accuracy } from '../../core/metrics.ts';
import { hasBatchNorm } from '../../core/network.ts';
import { reestimateStatistics } from '../../core/reestimate.ts';
import type { Runner } from '../../core/runner.ts';
import { disposeTensors, weightsToData, type Weights } from '../../core/weights.ts';
import type { Run } from '../../protocol/run.ts';
import type { PlanData } from './data/plan-data.ts';
import { removePredictions, writePredictions, writeSnapshot, type SnapshotOrigin } from './snapshot.ts';

export interface AveragedNetwork extends Omit<SnapshotOrigin, 'metrics'> {
  /** Taken over. */
  weights: Weights;
  /** Of a soup of one snapshot, which is that snapshot. */
  keepsStatistics?: boolean;
  /** Waited for before the snapshot is written; when it gives false, the soup is not to be. */
  isWanted?: () => Promise<boolean>;
}

/**
 * Writes the predictions, then the snapshot: a soup exists once its snapshot does.
 * @param runner of the run's network; it has other weights afterwards
 * @param onProgress called with what is being done and the share of it; what it throws ends the work
 * @throws StarsseError disk, data-invalid
 */
export async function writeAveraged(
  folder: string,
  run: Run,
  runner: Runner,
  data: PlanData,
  { weights: averaged, name, parents, rule, details, keepsStatistics = false, isWanted = () => Promise.resolve(true) }: AveragedNetwork,
  onProgress: (message: string, fraction: number) => void,
): Promise<void> {
  const settings = { batchSize: run.plan.evaluation.batchSize };
  const weights = keepsStatistics ? averaged : await withStatistics(runner, averaged, data, settings, (fraction) => onProgress('Estimating batch-norm statistics', 0.25 * fraction));
  try {
    runner.load(weights);
    const validation = await predict(runner, data.validation, settings, (fraction) => onProgress('Predicting validation images', 0.25 + 0.15 * fraction));
    await writePredictions(folder, run, name, 'validation', validation);
    const test = await predict(runner, data.test, settings, (fraction) => onProgress('Predicting test images', 0.4 + 0.6 * fraction));
    await writePredictions(folder, run, name, 'test', test);
    if (!(await isWanted())) return await removePredictions(folder, name);
    await writeSnapshot(folder, run, await weightsToData(runner.network, weights), { name, parents, rule, ...(details === undefined ? {} : { details }), metrics: { validationAccuracy: accuracy(validation) } });
  } finally {
    disposeTensors(weights);
  }
}

/** The same with batch-norm statistics of the training images; takes over `weights`. */
export async function withStatistics(runner: Runner, weights: Weights, data: PlanData, settings: EvaluationSettings, onProgress: (fraction: number) => void): Promise<Weights> {
  if (!hasBatchNorm(runner.network)) return weights;
  try {
    return await reestimateStatistics(runner, runner.network, weights, data.train, settings, { onProgress });
  } finally {
    disposeTensors(weights);
  }
}
