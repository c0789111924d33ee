/** The training of one member, from any step of it to its end or to a stop. */
import * as tf from '@tensorflow/tfjs-core';
import { StarsseError } from '../protocol/errors.ts';
import type { NetworkSpec } from '../protocol/network.ts';
import type { Plan } from '../protocol/plan.ts';
import type { Position } from '../protocol/position.ts';
import type { Row } from '../protocol/rows.ts';
import type { Member } from '../protocol/run.ts';
import { learningRateAt } from '../protocol/schedule.ts';
import { augmentationKey, placementOf } from './augment.ts';
import { epochOrder, makeBatch, normalizedValues, stepsPerEpoch, type Normalization } from './batches.ts';
import type { Dataset } from './data.ts';
import { predict } from './evaluate.ts';
import { accuracy, nll } from './metrics.ts';
import { hasBatchNorm } from './network.ts';
import { drawNoise } from './noise.ts';
import { randomKey } from './random.ts';
import { disposeState, trainStep, type Program, type TrainState } from './step.ts';

export interface TrainingJob {
  member: Member;
  network: NetworkSpec;
  training: Pick<Plan['training'], 'batchSize' | 'optimizer' | 'augmentation'>;
  normalization: Normalization;
  train: Dataset;
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

/**
 * Trains a member from a position to its end. Everything random is a function of (seed, epoch, image), so going on from a
 * saved state and position gives the same weights as never having stopped.
 * @param start its state is taken over: it is disposed when training moves on or fails
 * @throws StarsseError diverged when a loss is no finite number; data-invalid when a batch does not fit the network
 */
export async function trainMember(job: TrainingJob, start: { state: TrainState; position: Position }, { onStep, shouldStop }: TrainingHooks): Promise<Outcome> {
  let { state, position } = start;
  try {
    checkBatches(job.network, job.train.labels.length, job.training.batchSize);
    const stepsAnEpoch = stepsPerEpoch(job.train.labels.length, job.training.batchSize);
    const steps = job.member.epochs * stepsAnEpoch;
    const batches = batchesOf(job);
    while (position.step < steps) {
      if (shouldStop()) return { status: 'stopped', state, position };
      const startedMs = performance.now();
      const epoch = Math.floor(position.step / stepsAnEpoch);
      const { images, right, loss, learningRate, next } = await oneStep(job, state, position.step, epoch, batches(epoch, position.step % stepsAnEpoch));
      disposeState(state);
      state = next;
      const stepMs = performance.now() - startedMs;
      const step = position.step + 1;
      position = { step, epochLoss: position.epochLoss + loss, epochMs: position.epochMs + stepMs, trainedMs: position.trainedMs + stepMs };
      const rows: Row[] = [{ kind: 'step', step, epoch, loss, accuracy: right / images, learningRate, wallMs: Math.round(position.trainedMs) }];
      if (step % stepsAnEpoch === 0) {
        const evaluatedMs = performance.now();
        const validation = await validate(job, state, step);
        const trainedMs = position.trainedMs + performance.now() - evaluatedMs;
        rows.push({
          kind: 'epoch',
          step,
          epoch,
          trainLoss: position.epochLoss / stepsAnEpoch,
          ...validation,
          imagesPerSecond: (job.train.labels.length / position.epochMs) * 1000,
          wallMs: Math.round(trainedMs),
        });
        position = { step, epochLoss: 0, epochMs: 0, trainedMs };
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

/** Refuses batches of a single image for networks with batch norm. @throws StarsseError data-invalid */
export function checkBatches(network: NetworkSpec, images: number, batchSize: number): void {
  if (!hasBatchNorm(network) || (batchSize > 1 && images % batchSize !== 1)) return;
  throw new StarsseError('data-invalid', `${images} training images in batches of ${batchSize} leave a batch of one image, from which batch norm of ${network.name} learns nothing`, {
    hint: 'Change training.batchSize or data.split.train by one.',
  });
}

/** The positions of every batch of an epoch; the order of an epoch is drawn once. */
function batchesOf({ member, training, train }: TrainingJob): (epoch: number, batch: number) => Uint32Array {
  let drawn: { epoch: number; order: Uint32Array } | null = null;
  return (epoch, batch) => {
    if (drawn?.epoch !== epoch) drawn = { epoch, order: epochOrder(member.seed, epoch, train.labels.length) };
    return drawn.order.subarray(batch * training.batchSize, (batch + 1) * training.batchSize);
  };
}

async function oneStep(job: TrainingJob, state: TrainState, step: number, epoch: number, positions: Uint32Array): Promise<{ images: number; right: number; loss: number; learningRate: number; next: TrainState }> {
  const { member, network, training, train, normalization } = job;
  const program: Program = { network, optimizer: training.optimizer };
  const learningRate = learningRateAt(member, epoch);
  const key = augmentationKey(member.seed, epoch);
  const values = normalizedValues(normalization, train.shape[2]);
  const batch = makeBatch(train, positions, values, (position) => placementOf(training.augmentation, key, position));
  const noise = drawNoise(network, positions.length, randomKey(member.seed, 'noise', step));
  const rate = tf.scalar(learningRate);
  const result = (job.step ?? trainStep)(program, state, batch, rate, noise);
  const [[loss], [right]] = await Promise.all([result.loss.data(), result.correct.data()]);
  tf.dispose([batch.images, batch.labels, rate, result.loss, result.correct, ...noise.values()]);
  if (!Number.isFinite(loss)) {
    disposeState(result.state);
    throw diverged(member, `the loss of step ${step + 1} (epoch ${epoch + 1}) is ${loss} at learning rate ${learningRate}`);
  }
  return { images: positions.length, right, loss, learningRate, next: result.state };
}

async function validate({ member, network, validation, normalization, evaluationBatchSize }: TrainingJob, state: TrainState, step: number): Promise<{ validationLoss: number; validationAccuracy: number }> {
  const predictions = await predict(network, state.weights, validation, { normalization, batchSize: evaluationBatchSize });
  const validationLoss = nll(predictions);
  if (!Number.isFinite(validationLoss)) throw diverged(member, `the validation loss after step ${step} is ${validationLoss}`);
  return { validationLoss, validationAccuracy: accuracy(predictions) };
}

function diverged({ name }: Member, what: string): StarsseError {
  return new StarsseError('diverged', `Training of ${name} diverged: ${what}`, {
    hint: name === 'member-1' ? 'Lower training.optimizer.learningRate.' : 'Lower method.cycle.lrRatio or training.optimizer.learningRate.',
  });
}
