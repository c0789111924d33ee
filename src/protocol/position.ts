/** Where the training of a member stands: with the weights and optimizer slots of that moment, all that resuming needs. */
import * as v from 'valibot';

const notNegative = v.pipe(v.number(), v.minValue(0));

export const PositionSchema = v.strictObject({
  /** Steps done. */
  step: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Of the current epoch so far: sum of the steps' losses, and training time without evaluation. */
  epochLoss: v.number(),
  epochMs: notNegative,
  /** Training and evaluation of the member so far, pauses excluded. */
  trainedMs: notNegative,
});
export type Position = v.InferOutput<typeof PositionSchema>;

export const BEGINNING: Position = { step: 0, epochLoss: 0, epochMs: 0, trainedMs: 0 };
