/** The training of one member, from any step of it to its end or to a stop. */
import * as tf from '@tensorflow/tfjs-core';
import { StarsseError } from '../protocol/errors.ts';
import type { NetworkSpec } from '../protocol/network.ts';
import type { Training } from '../protocol/plan-training.ts';
import type { Position } from '../protocol/position.ts';
import type { Row } from '../protocol/rows.ts';
import { averagesAfter, averagesAt, checkAverages } from './averages.ts';
import { BatchesAhead, Course, type CourseSettings, type CourseStep } from './course.ts';
import type { Dataset } from './data.ts';
import { predict } from './evaluate.ts';
import { frozenLayers } from './freeze.ts';
import { checkEpoch, checkStepLoss, guessing, isLearned, TensorWatch } from './guard.ts';
import type { TrainingBatch } from './input.ts';
import { accuracy, nll } from './metrics.ts';
import { drawNoise } from './noise.ts';
import type { Normalization } from './normalization.ts';
import { stepRates } from './optimizer.ts';
import { checkSlots, disposeState, withFreshSlots, type TrainState } from './state.ts';
import { partsOf, trainStep } from './step.ts';

export interface TrainingJob extends CourseSettings {
  normalization: Normalization;
  validation: Dataset;
  evaluationBatchSize: number;
  /** How a step is run; a back end may bring its own form of `trainStep`. */
  step?: typeof trainStep;
}

/** Where training stands after a step. The state is lent: read it before returning, it is freed after the next step. */
export interface Progress {
  state: TrainState;
  position: Position;
  /** The step's row, and the epoch's after its last step. */
  rows: Row[];
}

export interface TrainingHooks {
  /** After every step; training waits for it, its time is not counted. */
  onStep(progress: Progress): void | Promise<void>;
  /** Asked before every step. */
  shouldStop(): boolean;
}

/** `stopped` leaves off before step `position.step + 1`. The caller disposes the state. */
export interface Outcome {
  status: 'done' | 'stopped';
  state: TrainState;
  position: Position;
}

const NO_GUARDS: Training['guards'] = { maxLoss: Infinity, collapse: false };

/**
 * Trains a member from a position to its end. Everything random is a function of (seed, epoch, image), so going on from a
 * saved state and position gives the same weights as never having stopped.
 * @param start its state is taken over: it is disposed when training moves on or fails
 * @throws StarsseError diverged when a guard stops it; data-invalid when a batch does not fit the network; mismatch when the
 *   state does not fit the training; what the input throws
 */
export async function trainMember(job: TrainingJob, start: { state: TrainState; position: Position }, { onStep, shouldStop }: TrainingHooks): Promise<Outcome> {
  let { state, position } = start;
  try {
    checkBatches(job.network, job.images, job.training);
    const course = new Course(job);
    const batches = new BatchesAhead(course);
    const watch = new TensorWatch();
    if (position.step < course.steps) state = prepared(job, course, state, position);
    if (position.step === 0) position = { ...position, learned: await hasLearned(job, state) };
    while (position.step < course.steps) {
      if (shouldStop()) return { status: 'stopped', state, position };
      const startedMs = performance.now();
      const now = course.at(position.step);
      if (now.isTurn) state = withFreshSlots(state, now.program);
      const { batch, waitMs } = await batches.take(position.step);
      const { loss, right, next } = await oneStep(job, course, now, state, position.step, batch);
      disposeState({ weights: state.weights, slots: state.slots });
      state = next;
      const stepMs = performance.now() - startedMs;
      const step = position.step + 1;
      position = {
        ...position, step, epochLoss: position.epochLoss + loss, epochMs: position.epochMs + stepMs,
        epochWaitMs: position.epochWaitMs + waitMs, trainedMs: position.trainedMs + stepMs,
      };
      const images = batch.targets.length / job.network.classes;
      const rows: Row[] = [{ kind: 'step', step, epoch: now.epoch, loss, accuracy: right / images, learningRate: now.learningRate, wallMs: Math.round(position.trainedMs), waitMs: rounded(waitMs) }];
      if (step % course.stepsPerEpoch === 0) {
        const ended = await endEpoch(job, course, state, position, now.epoch);
        rows.push(ended.row);
        position = ended.position;
        watch.check(job.member, tf.memory().numTensors - state.weights.size - state.slots.size - state.averages.size);
      }
      await onStep({ state, position, rows });
      await tf.nextFrame();
    }
    return { status: 'done', state, position };
  } catch (error) {
    disposeState(state);
    throw error;
  }
}

/**
 * Refuses freezing that means nothing, and batches of a single image for networks with batch norm that learns.
 * @throws StarsseError plan-invalid, data-invalid
 */
export function checkBatches(network: NetworkSpec, images: number, { batchSize, accumulate = 1, freeze = [] }: Pick<Training, 'batchSize'> & Partial<Pick<Training, 'accumulate' | 'freeze'>>): void {
  const frozen = frozenLayers(network, freeze);
  if (!network.layers.some(({ kind, name }) => kind === 'batch-norm' && !frozen.has(name))) return;
  const last = images % batchSize;
  const batches = [...(images >= batchSize ? [batchSize] : []), ...(last > 0 ? [last] : [])];
  const smallest = Math.min(...batches.flatMap((batch) => partsOf(batch, accumulate).map(({ size }) => size)));
  if (smallest > 1) return;
  const cut = accumulate === 1 ? '' : `, cut in ${accumulate} parts,`;
  throw new StarsseError('data-invalid', `${images} training images in batches of ${batchSize}${cut} leave a batch of one image, from which batch norm of ${network.name} learns nothing`, {
    hint: accumulate === 1 ? 'Change training.batchSize or data.split.train by one.' : 'Lower training.accumulate, or change training.batchSize or data.split.train.',
  });
}

/** The state as the next step takes it: slots where the optimizer starts, and a check of what was saved. */
function prepared({ member }: TrainingJob, course: Course, state: TrainState, { step }: Position): TrainState {
  const { program, isTurn, done } = course.at(step);
  const ready = step === 0 && state.slots.size === 0 ? withFreshSlots(state, program) : state;
  if (!isTurn) checkSlots(program, ready, member.name);
  checkAverages(ready.averages, ready.weights, averagesAt(member, { stepsDone: done ?? 0, stepsPerEpoch: course.stepsPerEpoch }), member.name);
  return ready;
}

async function oneStep(job: TrainingJob, course: Course, now: CourseStep, state: TrainState, step: number, { images, targets }: TrainingBatch): Promise<{ right: number; loss: number; next: TrainState }> {
  const { network, member } = job;
  const count = targets.length / network.classes;
  const batch = { images: tf.tensor4d(images, [count, ...network.inputShape]), targets: tf.tensor2d(targets, [count, network.classes]) };
  const rates = stepRates(now.program.optimizer, now.learningRate, state.updates);
  const noise = drawNoise(network, count, now.noise, now.program.frozen);
  const result = (job.step ?? trainStep)(now.program, state, batch, { ...rates, noise });
  const [[loss], [right]] = await Promise.all([result.loss.data(), result.correct.data()]);
  tf.dispose([batch.images, batch.targets, rates.learningRate, ...rates.corrections, result.loss, result.correct, ...noise.values()]);
  try {
    checkStepLoss(member, loss, { step: step + 1, epoch: now.epoch, learningRate: now.learningRate });
  } catch (error) {
    disposeState(result.state);
    throw error;
  }
  const moment = { stepsDone: (now.done ?? 0) + 1, stepsPerEpoch: course.stepsPerEpoch };
  const averages = now.done === null ? state.averages : averagesAfter(state.averages, member, moment, state.weights, result.state.weights);
  return { right, loss, next: { ...result.state, updates: state.updates + 1, averages } };
}

async function endEpoch(job: TrainingJob, course: Course, state: TrainState, position: Position, epoch: number): Promise<{ row: Row; position: Position }> {
  const { member, network, validation, training } = job;
  const startedMs = performance.now();
  const predictions = await validate(job, state);
  const trainLoss = position.epochLoss / course.stepsPerEpoch;
  const [validationLoss, validationAccuracy] = [nll(predictions), accuracy(predictions)];
  const health = checkEpoch(member, training.guards ?? NO_GUARDS, position, { epoch, isLast: position.step === course.steps, trainLoss, validationLoss, validationAccuracy }, validation.labels, network.classes);
  const trainedMs = position.trainedMs + performance.now() - startedMs;
  const row: Row = {
    kind: 'epoch', step: position.step, epoch, trainLoss, validationLoss, validationAccuracy,
    imagesPerSecond: (job.images / position.epochMs) * 1000,
    wallMs: Math.round(trainedMs),
    waitShare: rounded(position.epochWaitMs / position.epochMs),
  };
  return { row, position: { step: position.step, epochLoss: 0, epochMs: 0, epochWaitMs: 0, trainedMs, ...health } };
}

/** A cycle goes on from a network that may have learned already. */
async function hasLearned(job: TrainingJob, state: TrainState): Promise<boolean> {
  if (!(job.training.guards ?? NO_GUARDS).collapse || job.member.startsFrom === 'pretrained') return false;
  return isLearned(accuracy(await validate(job, state)), guessing(job.validation.labels));
}

async function validate({ network, validation, normalization, evaluationBatchSize }: TrainingJob, { weights }: TrainState): ReturnType<typeof predict> {
  return await predict(network, weights, validation, { normalization, batchSize: evaluationBatchSize });
}

/** Four digits behind the point are enough for a row. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
