/** What a back end does once before the first step of a kind, done while the state to train from is not there yet. */
import * as tf from '@tensorflow/tfjs-core';
import { Course, type CourseSettings } from './course.ts';
import type { HostBatch } from './batch.ts';
import type { Input } from './input.ts';
import { LiveState } from './live-state.ts';
import { parametersOf } from './network.ts';
import { drawNoise } from './noise.ts';
import { freshSlots } from './optimizer.ts';
import type { Pixels } from './pixels.ts';
import { freshState } from './state.ts';
import type { StepperMaker } from './stepper.ts';
import { batchSizes, type TrainingJob } from './train.ts';
import { disposeTensors } from './weights.ts';

export type RehearsalJob = Omit<CourseSettings, 'input' | 'probeInput'> & Pick<TrainingJob, 'validation' | 'evaluationBatchSize'> & { stepper: StepperMaker };

/**
 * Makes a stepper as the first steps of a member will ask for it, and takes a step and an evaluation of each size, all of zeros. Worth it where
 * the maker keeps what it prepared.
 * @throws whatever the back end throws
 */
export function rehearse(job: RehearsalJob): void {
  const { network, member, images, training, validation, evaluationBatchSize } = job;
  const course = new Course({ ...job, input: NO_INPUT, probeInput: NO_INPUT });
  const now = course.at(0);
  const weights = new Map(parametersOf(network).map(({ name, shape }) => [name, tf.zeros([...shape])]));
  const sizes = { steps: batchSizes(images, training.batchSize), evaluations: batchSizes(validation.labels.length, evaluationBatchSize) };
  const live = new LiveState(job.stepper, member, now, freshState(weights, freshSlots(now.program)), sizes);
  try {
    const blank = (count: number): Pixels => {
      const shape: Pixels['shape'] = [count, ...network.inputShape];
      const length = shape.reduce((product, size) => product * size, 1);
      return { shape, data: now.program.images.normalization === null ? new Float32Array(length) : new Uint8Array(length) };
    };
    for (const size of sizes.steps) {
      const noise = drawNoise(network, size, now.noise, now.program.frozen);
      const batch: HostBatch = { images: blank(size), targets: new Float32Array(size * network.classes), share: 1 };
      const { loss, correct } = live.step(now, batch, noise);
      loss.dispose();
      correct.dispose();
      disposeTensors(noise);
    }
    live.evaluate(blank(Math.max(...sizes.evaluations))).dispose();
  } finally {
    live.drop();
  }
}

const NO_INPUT: Input = {
  ahead: 0,
  batch: () => Promise.reject(new Error('a rehearsal asks for no batch')),
  close: () => Promise.resolve(),
};
