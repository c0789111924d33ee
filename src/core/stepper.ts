/** Who runs training steps and holds what they change: op by op here, or a back end in its own way. */
import * as tf from '@tensorflow/tfjs-core';
import { batchOnDevice, type HostBatch } from './batch.ts';
import { forward } from './forward.ts';
import { formOf, normalisedOnDevice, upload, type Pixels } from './pixels.ts';
import type { Program } from './program.ts';
import { trainStep, type StepInputs, type StepResult, type StepState } from './step.ts';
import { disposeTensors } from './weights.ts';

export interface Stepper {
  /**
   * One step: mean loss and images classified right before the update, scalars that the caller disposes.
   * @param onCopied called when the batch is on the device and computing begins
   */
  step(batch: HostBatch, inputs: StepInputs, onCopied?: () => void): { loss: tf.Scalar; correct: tf.Scalar };
  /** Logits in evaluation mode with the weights of now, [batch, classes]; the caller disposes. */
  evaluate(images: Pixels): tf.Tensor2D;
  /** Tensors of TensorFlow.js that it holds now. */
  readonly tensors: number;
  /** The state of now, lent until the next step. */
  lend(): StepState;
  /** Hands the state over; the stepper is done. */
  release(): StepState;
}
/** Images that go through together, the shorter last batch of a pass included. */
export interface BatchSizes {
  steps: readonly number[];
  evaluations: readonly number[];
}
/** @param state is taken over */
export type StepperMaker = (program: Program, state: StepState, sizes: BatchSizes) => Stepper;

/** Steps run op by op, on every back end. */
export function eagerStepper(program: Program, start: StepState): Stepper {
  let state = start;
  return {
    step(hostBatch, inputs, onCopied) {
      const batch = batchOnDevice(hostBatch, program.images);
      onCopied?.();
      let result: StepResult;
      try {
        result = trainStep(program, state, batch, inputs);
      } finally {
        tf.dispose([batch.images, batch.targets]);
      }
      disposeTensors(state.weights);
      disposeTensors(state.slots);
      state = result.state;
      return { loss: result.loss, correct: result.correct };
    },
    evaluate: (images) =>
      tf.tidy(() => {
        const seen = normalisedOnDevice(upload(images), images.shape, formOf(images, program.images.normalization));
        return forward(program.network, state.weights, seen, { training: false }).logits;
      }),
    get tensors() {
      return state.weights.size + state.slots.size;
    },
    lend: () => state,
    release: () => state,
  };
}
