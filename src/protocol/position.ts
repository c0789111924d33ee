/** Where the training of a member stands: with the weights and optimizer slots of that moment, all that resuming needs. */
import * as v from 'valibot';

const notNegative = v.pipe(v.number(), v.minValue(0));

export const PositionSchema = v.strictObject({
  /** Steps done, the probe's included. */
  step: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Of the current epoch so far: sum of the steps' losses, training time without evaluation, and how much of it was waiting for images. */
  epochLoss: v.number(),
  epochMs: notNegative,
  epochWaitMs: v.optional(notNegative, 0),
  /** Training and evaluation of the member so far, pauses excluded. */
  trainedMs: notNegative,
  /** Was the network once clearly better than guessing? */
  learned: v.optional(v.boolean(), false),
  /** Epochs in a row that ended no better than guessing, up to now. */
  guessingEpochs: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
});
export type Position = v.InferOutput<typeof PositionSchema>;

export const BEGINNING: Position = { step: 0, epochLoss: 0, epochMs: 0, epochWaitMs: 0, trainedMs: 0, learned: false, guessingEpochs: 0 };
