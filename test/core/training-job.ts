/** Trainings of a few steps, for tests: jobs on toy data, and training through files as a trainer does. */
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { inputInProcess } from '../../src/core/input.ts';
import type { Dataset } from '../../src/core/data.ts';
import { disposeState, startState, stateFrom, stateToData } from '../../src/core/state.ts';
import { batchOnDevice } from '../../src/core/batch.ts';
import { forward } from '../../src/core/forward.ts';
import { normalised } from '../../src/core/pixels.ts';
import type { trainStep } from '../../src/core/step.ts';
import type { StepperMaker } from '../../src/core/stepper.ts';
import { trainMember, type TrainingJob } from '../../src/core/train.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import { parse } from '../../src/protocol/parse.ts';
import { PlanSchema, type Plan, type PlanInput } from '../../src/protocol/plan.ts';
import { BEGINNING, PositionSchema } from '../../src/protocol/position.ts';
import type { Row } from '../../src/protocol/rows.ts';
import type { Member } from '../../src/protocol/run.ts';
import type { TensorData } from '../../src/protocol/tensor.ts';
import { tinyPlan } from '../fixtures/tiny-plan.ts';

/** A plan of 3 epochs in batches of 8, from a checkpoint, where nothing else is said. */
export function planOf(method: PlanInput['method'], training: Partial<PlanInput['training']> = {}, more: Partial<PlanInput> = {}): Plan {
  return parse(PlanSchema, {
    ...tinyPlan(), ...more, model: { network: 'mlp', checkpoint: 'start.safetensors', ...more.model }, method,
    training: { epochs: 3, batchSize: 8, optimizer: { learningRate: 0.1, weightDecay: 1e-3 }, ...training },
  }, 'plan');
}

export interface JobData {
  train: Dataset;
  validation: Dataset;
}

export function jobOf(member: Member, network: NetworkSpec, training: Plan['training'], { train, validation }: JobData): TrainingJob {
  const normalization = { mean: [0.3], std: [0.2] };
  const { augmentation, labelSmoothing } = training;
  const input = (seed: number) => inputInProcess(train, { seed, augmentation, labelSmoothing, normalization, size: [network.inputShape[0], network.inputShape[1]] });
  return {
    member, network, training, images: train.labels.length, input: input(member.seed), probeInput: member.probe === null ? null : input(member.probe.seed),
    validation, normalization, evaluationBatchSize: 5,
  };
}

export interface Trained {
  /** Weights, slots and averages. */
  data: TensorData[];
  rows: Row[];
}

/** Trains to the end, stopping after each of `stopAfter` steps and going on from what a file would hold. */
export async function train(job: TrainingJob, start: readonly TensorData[] | null, stopAfter: number[] = []): Promise<Trained> {
  let state = startState(job.network, job.member, start, 'start');
  let position = BEGINNING;
  const rows: Row[] = [];
  for (const limit of [...stopAfter, Infinity]) {
    const shouldStop = (): boolean => rows.filter(({ kind }) => kind === 'step').length >= limit;
    const outcome = await trainMember(job, { state, position }, { onStep: (progress) => void rows.push(...progress.rows), shouldStop });
    assert.equal(outcome.status, limit === Infinity ? 'done' : 'stopped');
    const data = await stateToData(job.network, outcome.state);
    disposeState(outcome.state);
    position = parse(PositionSchema, JSON.parse(JSON.stringify(outcome.position)), 'position');
    if (limit === Infinity) return { data, rows };
    state = stateFrom(job.network, data, 'resume');
  }
  throw new Error('unreachable');
}

/** Steps run op by op in a form of `trainStep` of the test's own. */
export function steppingWith(step: typeof trainStep): StepperMaker {
  return (program, start) => {
    let state = start;
    return {
      step(hostBatch, inputs) {
        const batch = batchOnDevice(hostBatch, program.images);
        const result = step(program, state, batch, inputs);
        disposeState(state);
        tf.dispose([batch.images, batch.targets]);
        state = result.state;
        return result;
      },
      moveSwa: () => assert.fail('these members have no averages'),
      evaluate: (images) => tf.tidy(() => forward(program.network, state.weights, normalised(images, program.images.normalization!), { training: false }).logits),
      get tensors() {
        return state.weights.size + state.slots.size;
      },
      lend: () => ({ averages: new Map(), ...state }),
      release: () => ({ averages: new Map(), ...state }),
    };
  };
}

/** What a snapshot holds. */
export function weightsOnly(data: readonly TensorData[]): TensorData[] {
  return data.filter(({ name }) => !name.includes('/') && name !== 'optimizer.updates');
}

/** Rows without what a clock says. */
export function withoutTimes(rows: readonly Row[]): Row[] {
  return rows.map((row) => (row.kind === 'resume' ? row : row.kind === 'step' ? { ...row, wallMs: 0, waitMs: 0 } : { ...row, wallMs: 0, imagesPerSecond: 0, waitShare: 0 }));
}
