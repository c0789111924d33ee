/** Loss and error of any point of the space of weights, on fixed images, with batch-norm statistics estimated at that point. */
import type { Measured, MeasuredSet, MeasuredSets } from '../../protocol/basin.ts';
import type { NetworkSpec } from '../../protocol/network.ts';
import type { Dataset } from '../data.ts';
import { predict } from '../evaluate.ts';
import { correctness, mean, nll, type Predictions } from '../metrics.ts';
import { hasBatchNorm } from '../network.ts';
import { reestimateStatistics } from '../reestimate.ts';
import type { Runner } from '../runner.ts';
import { disposeTensors, type Weights } from '../weights.ts';
import { toTensors, type HostWeights } from './host-weights.ts';

export type Measure = (weights: HostWeights) => Promise<MeasuredSets>;

export interface MeasureSettings {
  runner: Runner;
  network: NetworkSpec;
  /** Training images from which batch-norm statistics are estimated at every point; null: those of the point, which are averages. */
  statistics: Dataset | null;
  sets: Partial<Record<MeasuredSet, Dataset>>;
  batchSize: number;
  /** Called after every batch; what it throws ends the work. */
  onBatch?: () => void;
}

/** @throws (when called) StarsseError data-invalid, what reading the images throws */
export function measureOf({ runner, network, statistics, sets, batchSize, onBatch }: MeasureSettings): Measure {
  const load = async (weights: Weights): Promise<void> => {
    if (statistics === null || !hasBatchNorm(network)) return runner.load(weights);
    const estimated = await reestimateStatistics(runner, network, weights, statistics, { batchSize }, { onProgress: onBatch });
    try {
      runner.load(estimated);
    } finally {
      disposeTensors(estimated);
    }
  };
  return async (point) => {
    const weights = toTensors(network, point);
    try {
      await load(weights);
    } finally {
      disposeTensors(weights);
    }
    const measured: MeasuredSets = {};
    for (const [name, dataset] of Object.entries(sets) as [MeasuredSet, Dataset][]) measured[name] = measuredOf(await predict(runner, dataset, { batchSize }, onBatch));
    return measured;
  };
}

/** A loss that is no finite number is null. */
export function measuredOf(predictions: Predictions): Measured {
  const loss = nll(predictions);
  return { loss: Number.isFinite(loss) ? loss : null, error: mean(correctness(predictions).map((right) => 1 - right)) };
}

/** Images through a network at each point. */
export function passesOfPoint({ network, statistics, sets }: Pick<MeasureSettings, 'network' | 'statistics' | 'sets'>): number {
  const estimated = statistics === null || !hasBatchNorm(network) ? 0 : statistics.labels.length;
  return Object.values(sets).reduce((sum, { labels }) => sum + labels.length, estimated);
}
