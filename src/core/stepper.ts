/** Who runs training steps and holds what they change: op by op here, or a back end in its own way. */
import * as tf from '@tensorflow/tfjs-core';
import { movedAverages, type AverageKind, type Averages } from './averages.ts';
import { batchOnDevice, type HostBatch } from './batch.ts';
import { foldedOf } from './fold.ts';
import { forward } from './forward.ts';
import { formOf, normalisedOnDevice, upload, type Pixels } from './pixels.ts';
import type { Program } from './program.ts';
import { trainStep, type StepInputs, type StepResult, type StepState } from './step.ts';
import type { StepFigures } from './unread-steps.ts';
import { disposeTensors } from './weights.ts';

/** What a stepper holds: beside what a step changes the averages that follow it. */
export interface HeldState extends StepState {
  averages: Averages;
}
/** Figures that are there with the step. */
export interface ScalarFigures extends StepFigures {
  loss: tf.Scalar;
  correct: tf.Scalar;
}
export interface Stepper<F extends StepFigures = StepFigures> {
  /**
   * One step, and one of the EMA where there is one: mean loss and images classified right before the update, which the caller disposes.
   * @param onCopied called when the batch is on the device and computing begins
   */
  step(batch: HostBatch, inputs: StepInputs, onCopied?: () => void): F;
  /** Moves the SWA towards the weights of now, by this share of the way. */
  moveSwa(share: number): void;
  /** Logits in evaluation mode with the weights of now, [batch, classes]; the caller disposes. */
  evaluate(images: Pixels): tf.Tensor2D;
  /** Tensors of TensorFlow.js that it holds now. */
  readonly tensors: number;
  /** The state of now, lent until the next step. */
  lend(): HeldState;
  /** Hands the state over; the stepper is done. */
  release(): HeldState;
}
/** Images that go through together, the shorter last batch of a pass included. */
export interface BatchSizes {
  steps: readonly number[];
  evaluations: readonly number[];
}
/** @param state is taken over; without averages there are none */
export type StepperMaker<F extends StepFigures = StepFigures> = (program: Program, state: StepState & Partial<HeldState>, sizes: BatchSizes) => Stepper<F>;

/** Steps run op by op, on every back end. */
export function eagerStepper(program: Program, start: StepState & Partial<HeldState>): Stepper<ScalarFigures> {
  let state: HeldState = { averages: new Map(), ...start };
  const move = (kind: AverageKind, share: tf.Scalar): void => {
    const moved = tf.tidy(() => movedAverages(state.averages, kind, state.weights, share));
    const averages = new Map(state.averages);
    for (const [name, mean] of moved) {
      averages.get(name)?.dispose();
      averages.set(name, mean);
    }
    state = { ...state, averages };
  };
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
      state = { ...state, ...result.state };
      if (inputs.emaShare !== undefined) move('ema', inputs.emaShare);
      return { loss: result.loss, correct: result.correct };
    },
    moveSwa(share) {
      const scalar = tf.scalar(share);
      move('swa', scalar);
      scalar.dispose();
    },
    evaluate: (images) =>
      tf.tidy(() => {
        const seen = normalisedOnDevice(upload(images), images.shape, formOf(images, program.images.normalization));
        const { network, fold } = foldedOf(program.network);
        return forward(network, fold(state.weights), seen, { training: false }).logits;
      }),
    get tensors() {
      return state.weights.size + state.slots.size + state.averages.size;
    },
    lend: () => state,
    release: () => state,
  };
}
