/** analyses/sharpness.json: how sharp the minima of a run's networks are. */
import * as v from 'valibot';
import { BudgetSchema, MeasuringSchema, MEASURED_SETS } from './basin.ts';

const number = v.nullable(v.number());

export const SharpnessRowSchema = v.object({
  network: v.string(),
  /** Mean loss of the images, nats, with the network's own statistics. */
  loss: number,
  /** Length of the gradient of that loss. */
  gradientNorm: number,
  /** The largest eigenvalue of the Hessian of the loss, by power iteration with central differences of gradients. */
  topEigenvalue: number,
  /** Products that it took, and whether the last two estimates agree. */
  iterations: v.number(),
  converged: v.boolean(),
  /** Hutchinson's estimate of the Hessian's trace and its standard error. */
  trace: number,
  traceError: number,
  /** Loss after random weights of length `radius` |w| were added to each tensor w: mean and standard deviation over `draws`. */
  noise: v.array(v.object({ radius: v.number(), loss: number, deviation: number, error: v.number() })),
});
export type SharpnessRow = v.InferOutput<typeof SharpnessRowSchema>;

export const SharpnessSchema = v.object({
  createdAt: v.string(),
  key: v.string(),
  set: v.picklist(MEASURED_SETS),
  measuring: MeasuringSchema,
  budget: BudgetSchema,
  /** Most products of the power iteration; of the trace; noises of each radius. */
  iterations: v.number(),
  samples: v.number(),
  draws: v.number(),
  rows: v.array(SharpnessRowSchema),
});
export type Sharpness = v.InferOutput<typeof SharpnessSchema>;
