/**
 * Schedules beyond the one of the plan (`protocol/schedule.ts`), as in the code published with arXiv 2303.03374.
 * Epochs count from 0 within a member.
 */
import { learningRateAt, type Cycle } from '../protocol/schedule.ts';

/** A cycle whose warm-up epochs stay at the peak instead of rising to it. @throws RangeError outside 0..epochs-1 */
export function constantWarmupRate(cycle: Cycle, epoch: number): number {
  return epoch >= 0 && epoch < cycle.warmupEpochs ? cycle.learningRate : learningRateAt(cycle, epoch);
}

/**
 * The rule for transformers (linear_warmup_cosine). For e < W a straight line from `warmupLearningRate` at epoch 0 to the
 * peak at epoch W, (1 - e/W) warmupLr + (e/W) lr; then the cosine over the E - W epochs that remain.
 * @throws RangeError outside 0..epochs-1
 */
export function linearWarmupCosine(cycle: Omit<Cycle, 'schedule'> & { warmupLearningRate: number }, epoch: number): number {
  if (epoch >= cycle.warmupEpochs || epoch < 0) return learningRateAt({ ...cycle, schedule: 'cosine' }, epoch);
  const risen = epoch / cycle.warmupEpochs;
  return (1 - risen) * cycle.warmupLearningRate + risen * cycle.learningRate;
}
