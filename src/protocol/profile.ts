/** members/<name>/profile.json: where the time of a member's training went, over all starts of its trainer. */
import * as v from 'valibot';

/**
 * input: waiting for images, or making them in the trainer's own thread; copy: handing batch and noise to the back end; compute:
 * the step; read: waiting for its loss; log: rows, state and saving; evaluation: of epochs; other: what is left. On a GPU a step is
 * only issued in `compute`, and waited for in `read`.
 */
export const PHASES = ['input', 'copy', 'compute', 'read', 'log', 'evaluation', 'other'] as const;
export type Phase = (typeof PHASES)[number];

const ms = v.pipe(v.number(), v.minValue(0));

export const ProfileSchema = v.object({
  steps: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Milliseconds by phase; they sum to the time of the training. */
  ms: v.object({ input: ms, copy: ms, compute: ms, read: ms, log: ms, evaluation: ms, other: ms }),
});
export type ProfileTotals = v.InferOutput<typeof ProfileSchema>;

/** A stretch of one phase, milliseconds of a clock of its process. */
export interface Span {
  phase: Phase;
  startMs: number;
  ms: number;
}

export function emptyProfile(): ProfileTotals {
  return { steps: 0, ms: { input: 0, copy: 0, compute: 0, read: 0, log: 0, evaluation: 0, other: 0 } };
}

export function sumOfProfiles(profiles: readonly ProfileTotals[]): ProfileTotals {
  const sum = emptyProfile();
  for (const { steps, ms: times } of profiles) {
    sum.steps += steps;
    for (const phase of PHASES) sum.ms[phase] += times[phase];
  }
  return sum;
}

/** Milliseconds of all phases together. */
export function wholeOf({ ms: times }: ProfileTotals): number {
  return PHASES.reduce((sum, phase) => sum + times[phase], 0);
}
