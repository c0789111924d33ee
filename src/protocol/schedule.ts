/**
 * The learning rate of a member by epoch. One formula for the program that trains and the picture that is drawn.
 *
 * cosine of length L: factor(e) = 0.5 (1 + cos(pi e / L)), e = 0..L-1, so it never reaches 0; constant: factor 1.
 * Warm-up of V epochs inside the cycle: factor(e) = (e + 1) / V for e < V, then the schedule over the L - V that remain.
 * The cosine is the one of SGDR (Loshchilov and Hutter 2017) without restarts, stepped once an epoch.
 */
import type { Member } from './run.ts';

export type Cycle = Pick<Member, 'epochs' | 'learningRate' | 'schedule' | 'warmupEpochs'>;

/** Learning rate during epoch `epoch` (from 0) of a member or cycle. @throws RangeError outside 0..epochs-1 */
export function learningRateAt(cycle: Cycle, epoch: number): number {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch >= cycle.epochs) {
    throw new RangeError(`epoch ${epoch} is outside 0..${cycle.epochs - 1}`);
  }
  if (epoch < cycle.warmupEpochs) return (cycle.learningRate * (epoch + 1)) / cycle.warmupEpochs;
  if (cycle.schedule === 'constant') return cycle.learningRate;
  const position = (epoch - cycle.warmupEpochs) / (cycle.epochs - cycle.warmupEpochs);
  return cycle.learningRate * 0.5 * (1 + Math.cos(Math.PI * position));
}

/** Learning rate of each epoch, [epochs]. */
export function learningRates(cycle: Cycle): number[] {
  return Array.from({ length: cycle.epochs }, (_, epoch) => learningRateAt(cycle, epoch));
}
