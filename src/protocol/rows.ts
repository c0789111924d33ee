/**
 * Rows of members/<name>/metrics.ndjson: append-only, one JSON object a line; a row is real once its newline is there.
 * A `resume` row says that training went back to `step`: every earlier row with a step beyond it is void.
 */
import * as v from 'valibot';

export const StepRowSchema = v.object({
  kind: v.literal('step'),
  step: v.number(), // from 1, within the member
  epoch: v.number(), // from 0
  loss: v.number(), // mean over the batch, nats
  accuracy: v.number(), // of the batch, 0..1
  learningRate: v.number(),
  wallMs: v.number(), // training time of the member up to here, pauses excluded
  waitMs: v.optional(v.number()), // of this step, waiting for its images
});
export const EpochRowSchema = v.object({
  kind: v.literal('epoch'),
  step: v.number(), // last step of the epoch
  epoch: v.number(), // from 0
  trainLoss: v.number(), // mean over the epoch's steps
  validationLoss: v.number(),
  validationAccuracy: v.number(),
  imagesPerSecond: v.number(),
  wallMs: v.number(),
  waitShare: v.optional(v.number()), // of the epoch's training time, waiting for images, 0..1
  /** Of the trained weights after the epoch, |w - start|; these four are not there after every epoch where reading the weights would cost too much. */
  distanceToStart: v.optional(v.number()),
  distanceToPretrained: v.optional(v.number()), // without the head, unless the checkpoint's is kept; not there for a start from scratch
  distanceToMember1: v.optional(v.number()), // not there for member 1, nor while it trains
  cosineToFirst: v.optional(v.number()), // of w - start and the same after the first epoch
});
export const ResumeRowSchema = v.object({ kind: v.literal('resume'), step: v.number() });

export const RowSchema = v.variant('kind', [StepRowSchema, EpochRowSchema, ResumeRowSchema]);
export type StepRow = v.InferOutput<typeof StepRowSchema>;
export type EpochRow = v.InferOutput<typeof EpochRowSchema>;
export type Row = v.InferOutput<typeof RowSchema>;
