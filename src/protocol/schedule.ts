/**
 * The learning rate of a member by step. One formula for the program that trains and the picture that is drawn.
 *
 * With e the time in epochs (whole epochs done where the rate changes by epoch, steps / steps an epoch where by step):
 * cosine of length L: factor(e) = 0.5 (1 + cos(pi e / L)), so it never reaches 0; constant: factor 1.
 * Warm-up of V epochs: rise (e + 1) / V by epoch, (step + 1) / (V steps) by step; hold 1; line from a start rate to the
 * peak, (1 - e/V) start + (e/V) peak. Then the schedule over the L - V epochs that remain.
 * Triangle of N steps (always by step): from 0.01 up to 1 in floor(N/2) steps, and back in the rest.
 * The cosine is the one of SGDR (Loshchilov and Hutter 2017) without restarts; the triangle is FGE's (Garipov et al. 2018).
 * A linear probe comes first, at a constant rate. From the first epoch of an average (SWA) on, its own rate where it has one.
 */
import type { Member } from './run.ts';

export type Cycle = Pick<Member, 'epochs' | 'learningRate' | 'schedule' | 'warmupEpochs'> &
  Partial<Pick<Member, 'warmup' | 'warmupLearningRate' | 'scheduleBy' | 'probe' | 'swa'>>;

/** Epochs of a member, the probe's included. */
export function epochsOf({ epochs, probe }: Pick<Cycle, 'epochs' | 'probe'>): number {
  return epochs + (probe?.epochs ?? 0);
}

/** Where each member's training lies, in epochs [start, end) of the whole experiment: it starts where the one it starts from ends, pre-trained weights end at 0. */
export function epochSpans(members: readonly Pick<Member, 'name' | 'startsFrom' | 'epochs' | 'probe'>[]): { start: number; end: number }[] {
  const ends = new Map<string, number>();
  return members.map((member) => {
    const start = ends.get(member.startsFrom) ?? 0;
    const end = start + epochsOf(member);
    ends.set(member.name, end);
    return { start, end };
  });
}

/**
 * Learning rate of step `step` (from 0, the probe's steps first) of a member or cycle.
 * @throws RangeError outside 0 .. epochs x stepsPerEpoch - 1
 */
export function learningRateAt(cycle: Cycle, step: number, stepsPerEpoch: number): number {
  const steps = epochsOf(cycle) * stepsPerEpoch;
  if (!Number.isInteger(step) || step < 0 || step >= steps) throw new RangeError(`step ${step} is outside 0..${steps - 1}`);
  const { probe = null, learningRate: peak, warmupEpochs, warmup = 'rise', warmupLearningRate = 0, scheduleBy = 'epoch', swa = null } = cycle;
  const probeSteps = (probe?.epochs ?? 0) * stepsPerEpoch;
  if (probe !== null && step < probeSteps) return probe.learningRate;
  const done = step - probeSteps;
  const epoch = Math.floor(done / stepsPerEpoch);
  if (swa !== null && swa.learningRate !== null && epoch >= swa.startEpoch) return swa.learningRate;
  if (cycle.schedule === 'triangle') return peak * triangle(done, cycle.epochs * stepsPerEpoch);
  const time = scheduleBy === 'step' ? done / stepsPerEpoch : epoch;
  if (time < warmupEpochs) {
    if (warmup === 'hold') return peak;
    if (warmup === 'line') return (1 - time / warmupEpochs) * warmupLearningRate + (time / warmupEpochs) * peak;
    return (peak * (time + (scheduleBy === 'step' ? 1 / stepsPerEpoch : 1))) / warmupEpochs;
  }
  if (cycle.schedule === 'constant') return peak;
  return peak * 0.5 * (1 + Math.cos((Math.PI * (time - warmupEpochs)) / (cycle.epochs - warmupEpochs)));
}

/** Learning rate at the first step of each epoch, [epochs, the probe's first]. */
export function learningRates(cycle: Cycle, stepsPerEpoch = 1): number[] {
  return Array.from({ length: epochsOf(cycle) }, (_, epoch) => learningRateAt(cycle, epoch * stepsPerEpoch, stepsPerEpoch));
}

/** Does the rate change within an epoch? */
export function changesByStep({ schedule, scheduleBy = 'epoch' }: Pick<Cycle, 'schedule' | 'scheduleBy'>): boolean {
  return schedule === 'triangle' || scheduleBy === 'step';
}

/** Steps at which a phase of the schedule begins: between them the rate is smooth. Ascending, from 0. */
export function cornerSteps(cycle: Cycle, stepsPerEpoch: number): number[] {
  const { epochs, probe = null, swa = null, schedule, warmupEpochs } = cycle;
  const first = (probe?.epochs ?? 0) * stepsPerEpoch;
  const after = [0, schedule === 'triangle' ? Math.floor((epochs * stepsPerEpoch) / 2) : warmupEpochs * stepsPerEpoch];
  if (swa !== null && swa.learningRate !== null) after.push(swa.startEpoch * stepsPerEpoch);
  const corners = new Set([0, ...after.map((step) => first + step)]);
  return [...corners].filter((step) => step < epochsOf(cycle) * stepsPerEpoch).sort((a, b) => a - b);
}

/** The highest rate of the whole member, its probe's and average's included. */
export function highestRate({ learningRate, probe = null, swa = null }: Pick<Cycle, 'learningRate' | 'probe' | 'swa'>): number {
  return Math.max(learningRate, probe?.learningRate ?? 0, swa?.learningRate ?? 0);
}

function triangle(step: number, steps: number): number {
  const up = Math.floor(steps / 2);
  const height = step < up ? step / up : (steps - step) / (steps - up);
  return 0.01 + 0.99 * height;
}
