/** One soup: averaged weights, batch-norm statistics estimated anew on the training images, predictions. */
import { startBackend } from '../../backends/choose.ts';
import { predict, type EvaluationSettings } from '../../core/evaluate.ts';
import { accuracy } from '../../core/metrics.ts';
import { hasBatchNorm } from '../../core/network.ts';
import { reestimateStatistics } from '../../core/reestimate.ts';
import { uniformSoup } from '../../core/soup.ts';
import { disposeTensors, weightsFrom, weightsToData, type Weights } from '../../core/weights.ts';
import type { NetworkSpec } from '../../protocol/network.ts';
import type { Run } from '../../protocol/run.ts';
import type { TaskContext } from './combine.ts';
import { readRunData, type PlanData } from './data/plan-data.ts';
import { readModel } from './run-network.ts';
import { readSnapshot, writePredictions, writeSnapshot } from './snapshot.ts';

/**
 * Makes a soup and writes its predictions, then its snapshot: a soup exists once its snapshot does.
 * @throws StarsseError mismatch, backend-missing, data-missing, cancelled
 */
export async function makeSoup(folder: string, run: Run, name: string, members: string[], { signal, onProgress }: TaskContext): Promise<void> {
  const step = (message: string, from: number, to: number) => (fraction: number): void => {
    signal.throwIfAborted();
    onProgress({ fraction: from + (to - from) * fraction, message });
  };
  step('Averaging weights', 0, 0)(0);
  const parents = await Promise.all(members.map(async (member) => ({ name: member, tensors: await readSnapshot(folder, member) })));
  const averaged = uniformSoup(parents);
  const { network } = await readModel(folder);
  await startBackend(run.plan.compute.backend, { threads: run.threads });
  const data = await readRunData(run);
  const settings = { normalization: run.plan.data.normalization, batchSize: run.plan.evaluation.batchSize };
  const weights = await withStatistics(network, weightsFrom(network, averaged, name), data, settings, step('Estimating batch-norm statistics', 0.1, 0.3));
  try {
    const validation = await predict(network, weights, data.validation, settings, step('Predicting validation images', 0.3, 0.4));
    const test = await predict(network, weights, data.test, settings, step('Predicting test images', 0.4, 1));
    await writePredictions(folder, run, name, 'validation', validation);
    await writePredictions(folder, run, name, 'test', test);
    await writeSnapshot(folder, run, await weightsToData(network, weights), { name, parents: members, rule: 'uniform', metrics: { validationAccuracy: accuracy(validation) } });
  } finally {
    disposeTensors(weights);
  }
}

/** Takes over `weights`. */
async function withStatistics(network: NetworkSpec, weights: Weights, data: PlanData, settings: EvaluationSettings, onProgress: (fraction: number) => void): Promise<Weights> {
  if (!hasBatchNorm(network)) return weights;
  try {
    return await reestimateStatistics(network, weights, data.train, settings, { onProgress });
  } finally {
    disposeTensors(weights);
  }
}
