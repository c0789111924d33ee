/** Who runs training steps and holds what they change: op by op here, or a back end in its own way. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Program } from './program.ts';
import { trainStep, type Batch, type StepInputs, type StepState } from './step.ts';
import { disposeTensors } from './weights.ts';

export interface Stepper {
  /** One step: mean loss and images classified right before the update, scalars that the caller disposes. */
  step(batch: Batch, inputs: StepInputs): { loss: tf.Scalar; correct: tf.Scalar };
  /** The state of now, lent until the next step. */
  lend(): StepState;
  /** Hands the state over; the stepper is done. */
  release(): StepState;
}
/** @param state is taken over. @param batchSizes images a step, the shorter last batch of an epoch included */
export type StepperMaker = (program: Program, state: StepState, batchSizes: readonly number[]) => Stepper;

/** Steps run op by op, on every back end. */
export function eagerStepper(program: Program, start: StepState): Stepper {
  let state = start;
  return {
    step(batch, inputs) {
      const result = trainStep(program, state, batch, inputs);
      disposeTensors(state.weights);
      disposeTensors(state.slots);
      state = result.state;
      return { loss: result.loss, correct: result.correct };
    },
    lend: () => state,
    release: () => state,
  };
}
