/** The training of one member, from any step of it to its end or to a stop. */
import * as tf from '@tensorflow/tfjs-core';
import { StarsseError } from '../protocol/errors.ts';
import type { NetworkSpec } from '../protocol/network.ts';
import type { Training } from '../protocol/plan-training.ts';
import type { Position } from '../protocol/position.ts';
import type { Row } from '../protocol/rows.ts';
import { averagesAt, checkAverages } from './averages.ts';
import type { Trajectory } from './basin/trajectory.ts';
import { BatchesAhead, Course, type CourseSettings, type CourseStep } from './course.ts';
import type { Dataset } from './data.ts';
import { predict } from './evaluate.ts';
import { frozenLayers } from './freeze.ts';
import { checkEpoch, divergedStep, guessing, isLearned, TensorWatch } from './guard.ts';
import type { TrainingBatch } from './input.ts';
import { LiveState } from './live-state.ts';
import { accuracy, nll, type Predictions } from './metrics.ts';
import { drawNoise } from './noise.ts';
import type { Profile } from './profile.ts';
import type { Evaluator } from './runner.ts';
import { checkSlots, disposeState, withFreshSlots, type TrainState } from './state.ts';
import { partsOf } from './step.ts';
import { eagerStepper, type StepperMaker } from './stepper.ts';
import { EVERY_STEP, rounded, UnreadSteps, type Reading, type StepFigures } from './unread-steps.ts';
import { disposeTensors } from './weights.ts';

export interface TrainingJob extends CourseSettings {
  validation: Dataset;
  evaluationBatchSize: number;
  /** Measures the way through the space of weights. */
  trajectory?: Trajectory;
  /** Validation accuracy of what a cycle starts from, where it is known; else it is evaluated. */
  startAccuracy?: number | null;
  /** Who runs the steps; a back end may bring its own. */
  stepper?: StepperMaker;
  /** When the figures of steps are read; after each step where it does not say. */
  reading?: Reading;
  /** Is told what the time goes to; nothing is measured without it. */
  profile?: Profile;
}

/** Where training stands after steps whose figures were read. */
export interface Progress {
  /** The state is lent: read it before returning, it is freed at the next step. Asking may cost as much as a copy of it. */
  state(): TrainState;
  position: Position;
  /** A row for each step since the last time, and the epoch's after its last step. */
  rows: Row[];
}

export interface TrainingHooks {
  /** After every reading of figures (`TrainingJob.reading`); training waits for it, its time is not counted. */
  onStep(progress: Progress): void | Promise<void>;
  /** Rows of the steps right before one that diverged. The state is beyond them: nothing of it may be saved. */
  onLastRows?(rows: Row[]): void;
  /** After the last step, before the state is handed over; training is over when it returns. */
  onTrained?(trained: Trained): Promise<void>;
  /** Asked before every step. */
  shouldStop(): boolean;
}

/** A training at its end, with whatever ran it. */
export interface Trained {
  /** Lent. */
  state: TrainState;
  position: Position;
  validation: Predictions | null;
  /** Gives logits by the weights of the last step. */
  evaluator: Evaluator;
}

/** `stopped` leaves off before step `position.step + 1`. The caller disposes the state. */
export interface Outcome {
  status: 'done' | 'stopped';
  state: TrainState;
  position: Position;
  /** Of the validation images by the weights of the last step, where training came to its end here. */
  validation: Predictions | null;
}

const NO_GUARDS: Training['guards'] = { maxLoss: Infinity, collapse: false };

/**
 * Trains a member from a position to its end. Everything random is a function of (seed, epoch, image), so going on from a
 * saved state and position gives the same weights as never having stopped.
 * @param start its state is taken over: it is disposed when training moves on or fails
 * @throws StarsseError diverged when a guard stops it; data-invalid when a batch does not fit the network; mismatch when the
 *   state does not fit the training; what the input throws
 */
export async function trainMember(job: TrainingJob, start: { state: TrainState; position: Position }, { onStep, onLastRows, onTrained, shouldStop }: TrainingHooks): Promise<Outcome> {
  const { member, profile } = job;
  let { position } = start;
  let predictions: Predictions | null = null;
  const { course, live } = begin(job, start);
  const unread = new UnreadSteps(job.reading ?? EVERY_STEP);
  const watch = new TensorWatch();
  /** Reads and tells what was not read yet. */
  const tell = async (endsEpoch: boolean): Promise<void> => {
    if (unread.count === 0) return;
    profile?.enter('read');
    const read = await unread.read(position);
    if (read.broken !== null) {
      onLastRows?.(read.rows);
      throw divergedStep(member, read.broken);
    }
    position = read.position;
    const rows: Row[] = read.rows;
    if (endsEpoch) {
      profile?.enter('evaluation');
      const ended = await endEpoch(job, course, live, position);
      rows.push(ended.row);
      position = ended.position;
      predictions = ended.predictions;
      watch.check(member, tf.memory().numTensors - live.tensors);
    }
    profile?.enter('log');
    await onStep({ state: () => live.lend(), position, rows });
  };
  try {
    const batches = new BatchesAhead(course);
    if (position.step === 0) position = { ...position, learned: await hasLearned(job, live) };
    for (let step = position.step; step < course.steps; step++) {
      if (shouldStop()) {
        await tell(false);
        return { status: 'stopped', state: live.release(), position, validation: null };
      }
      const startedMs = performance.now();
      const now = course.at(step);
      profile?.enter('input');
      const { batch, waitMs } = await batches.take(step);
      const figures = oneStep(job, now, live, batch);
      live.average(now, course);
      const { epoch, learningRate } = now;
      unread.add({ step: step + 1, epoch, learningRate, images: batch.targets.length / job.network.classes, ms: performance.now() - startedMs, waitMs }, figures);
      const endsEpoch = (step + 1) % course.stepsPerEpoch === 0;
      if (endsEpoch || unread.isDue) await tell(endsEpoch);
      profile?.endStep(step + 1);
      await tf.nextFrame();
    }
    await onTrained?.({ state: live.lend(), position, validation: predictions, evaluator: evaluatorOf(job, live) });
    return { status: 'done', state: live.release(), position, validation: predictions };
  } catch (error) {
    unread.drop();
    live.drop();
    throw error;
  }
}

/** Checks that everything fits together, and takes the state over. */
function begin(job: TrainingJob, { state, position }: { state: TrainState; position: Position }): { course: Course; live: LiveState } {
  let held = state;
  try {
    const { member, network, images, training, validation } = job;
    checkBatches(network, images, training);
    const course = new Course(job);
    const sizes = { steps: batchSizes(images, training.batchSize), evaluations: batchSizes(validation.labels.length, job.evaluationBatchSize) };
    const now = course.at(Math.min(position.step, course.steps - 1));
    const { program, isTurn, done } = now;
    // After a probe, and at the start with an optimizer that was reset.
    if (isTurn || (position.step === 0 && held.slots.size === 0)) held = withFreshSlots(held, program);
    checkSlots(program, held, member.name);
    if (position.step < course.steps) checkAverages(held.averages, held.weights, averagesAt(member, { stepsDone: done ?? 0, stepsPerEpoch: course.stepsPerEpoch }), member.name);
    return { course, live: new LiveState(job.stepper ?? eagerStepper, member, now, held, sizes) };
  } catch (error) {
    disposeState(held);
    throw error;
  }
}

/** Images of a batch, and of the shorter last one of a pass if there is one. */
export function batchSizes(images: number, batchSize: number): number[] {
  const last = images % batchSize;
  return [...(images >= batchSize ? [batchSize] : []), ...(last > 0 ? [last] : [])];
}

/**
 * Refuses freezing that means nothing, and batches of a single image for networks with batch norm that learns.
 * @throws StarsseError plan-invalid, data-invalid
 */
export function checkBatches(network: NetworkSpec, images: number, { batchSize, accumulate = 1, freeze = [] }: Pick<Training, 'batchSize'> & Partial<Pick<Training, 'accumulate' | 'freeze'>>): void {
  const frozen = frozenLayers(network, freeze);
  if (!network.layers.some(({ kind, name }) => kind === 'batch-norm' && !frozen.has(name))) return;
  const smallest = Math.min(...batchSizes(images, batchSize).flatMap((batch) => partsOf(batch, accumulate).map(({ size }) => size)));
  if (smallest > 1) return;
  const cut = accumulate === 1 ? '' : `, cut in ${accumulate} parts,`;
  throw new StarsseError('data-invalid', `${images} training images in batches of ${batchSize}${cut} leave a batch of one image, from which batch norm of ${network.name} learns nothing`, {
    hint: accumulate === 1 ? 'Change training.batchSize or data.split.train by one.' : 'Lower training.accumulate, or change training.batchSize or data.split.train.',
  });
}

function oneStep({ network, profile }: TrainingJob, now: CourseStep, live: LiveState, batch: TrainingBatch): StepFigures {
  profile?.enter('copy');
  const noise = drawNoise(network, batch.images.shape[0], now.noise, now.program.frozen);
  try {
    return live.step(now, batch, noise, () => profile?.enter('compute'));
  } finally {
    disposeTensors(noise);
  }
}

async function endEpoch(job: TrainingJob, course: Course, live: LiveState, position: Position): Promise<{ row: Row; position: Position; predictions: Predictions }> {
  const { member, network, validation, training } = job;
  const epoch = position.step / course.stepsPerEpoch - 1;
  const startedMs = performance.now();
  const predictions = await validate(job, live);
  const trainLoss = position.epochLoss / course.stepsPerEpoch;
  const [validationLoss, validationAccuracy] = [nll(predictions), accuracy(predictions)];
  const health = checkEpoch(member, training.guards ?? NO_GUARDS, position, { epoch, isLast: position.step === course.steps, trainLoss, validationLoss, validationAccuracy }, validation.labels, network.classes);
  const way = await job.trajectory?.at(epoch, position.step === course.steps, () => live.lend().weights);
  const trainedMs = position.trainedMs + performance.now() - startedMs;
  const row: Row = {
    kind: 'epoch', step: position.step, epoch, trainLoss, validationLoss, validationAccuracy,
    imagesPerSecond: (job.images / position.epochMs) * 1000,
    wallMs: Math.round(trainedMs),
    waitShare: rounded(position.epochWaitMs / position.epochMs),
    ...way,
  };
  const { learned, guessingEpochs } = health;
  return { row, position: { step: position.step, epochLoss: 0, epochMs: 0, epochWaitMs: 0, trainedMs, learned, guessingEpochs }, predictions };
}

/** A cycle goes on from a network that may have learned already. */
async function hasLearned(job: TrainingJob, live: LiveState): Promise<boolean> {
  if (!(job.training.guards ?? NO_GUARDS).collapse || job.member.startsFrom === 'pretrained') return false;
  return isLearned(job.startAccuracy ?? accuracy(await validate(job, live)), guessing(job.validation.labels));
}

/** With the weights that training has reached. */
function evaluatorOf({ network, normalization }: TrainingJob, live: LiveState): Evaluator {
  return { network, normalization, logits: (images) => live.evaluate(images) };
}

async function validate(job: TrainingJob, live: LiveState): Promise<Predictions> {
  return await predict(evaluatorOf(job, live), job.validation, { batchSize: job.evaluationBatchSize });
}
