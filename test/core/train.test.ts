import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { membersOf } from '../../src/core/methods.ts';
import { startState, stateFrom, stateToData } from '../../src/core/state.ts';
import { disposeState, trainStep } from '../../src/core/step.ts';
import { trainMember, type Progress, type TrainingJob } from '../../src/core/train.ts';
import { parse } from '../../src/protocol/parse.ts';
import { PlanSchema, type PlanInput } from '../../src/protocol/plan.ts';
import { BEGINNING, PositionSchema } from '../../src/protocol/position.ts';
import { RowSchema, type Row } from '../../src/protocol/rows.ts';
import type { Member } from '../../src/protocol/run.ts';
import type { TensorData } from '../../src/protocol/tensor.ts';
import { tinyPlan } from '../fixtures/tiny-plan.ts';
import { toyData } from './toy-data.ts';

const train = toyData(22, 1);
const validation = toyData(12, 2);

function plan(method: PlanInput['method'], learningRate = 0.1) {
  const training = { epochs: 3, batchSize: 8, optimizer: { learningRate, weightDecay: 1e-3 }, augmentation: { cropPadding: 1, flip: false } };
  return parse(PlanSchema, { ...tinyPlan(), method, training }, 'plan');
}
const { training } = plan({ kind: 'starsse' });

function jobOf(member: Member, name: BuiltinName = 'mlp', overrides: Partial<TrainingJob> = {}): TrainingJob {
  const network = builtinNetwork(name, train.shape, 3);
  return { member, network, training, normalization: { mean: [0.3], std: [0.2] }, train, validation, evaluationBatchSize: 5, ...overrides };
}

/** Trains from the beginning, or from what `stopAfter` steps saved, through files as a trainer would. */
async function run(job: TrainingJob, start: TensorData[], stopAfter: number[] = []): Promise<{ data: TensorData[]; rows: Row[] }> {
  let state = startState(job.network, job.member, start, 'start');
  let position = BEGINNING;
  const rows: Row[] = [];
  for (const limit of [...stopAfter, Infinity]) {
    const outcome = await trainMember(job, { state, position }, { onStep: (progress) => void rows.push(...progress.rows), shouldStop: () => rows.filter(({ kind }) => kind === 'step').length >= limit });
    assert.equal(outcome.status, limit === Infinity ? 'done' : 'stopped');
    const saved = await stateToData(job.network, outcome.state);
    disposeState(outcome.state);
    position = parse(PositionSchema, JSON.parse(JSON.stringify(outcome.position)), 'position');
    if (limit === Infinity) return { data: saved, rows };
    state = stateFrom(job.network, saved, 'resume');
  }
  throw new Error('unreachable');
}

const weightsOnly = (data: TensorData[]) => data.filter(({ name }) => !name.startsWith('velocity/'));

test('training lowers the loss; rows are complete and in order; nothing leaks', async () => {
  const [member] = membersOf(plan({ kind: 'starsse' }));
  // A shift would turn one class into another here.
  const job = jobOf({ ...member, epochs: 8, learningRate: 0.02 }, 'mlp', { training: { ...training, augmentation: { cropPadding: 0, flip: false } } });
  const held = tf.memory().numTensors;
  const { rows } = await run(job, initialWeights(job.network, 0));
  assert.equal(tf.memory().numTensors, held);
  const kinds = rows.map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(0, 4), ['step', 'step', 'step', 'epoch']);
  assert.equal(rows.length, 8 * 4);
  for (const row of rows) assert.deepEqual(parse(RowSchema, row, 'row'), row);
  const epochs = rows.filter((row) => row.kind === 'epoch');
  assert.ok(epochs[7].trainLoss < 0.6 * epochs[0].trainLoss, `${epochs[0].trainLoss} -> ${epochs[7].trainLoss}`);
  assert.ok(epochs[7].validationAccuracy > 0.6, `${epochs[7].validationAccuracy}`);
  const steps = rows.filter((row) => row.kind === 'step');
  assert.deepEqual(steps.map(({ step }) => step), Array.from({ length: 24 }, (_, index) => index + 1));
  assert.ok(Math.abs(epochs[0].trainLoss - (steps[0].loss + steps[1].loss + steps[2].loss) / 3) < 1e-12);
  assert.equal(steps[0].learningRate, 0.02);
  assert.ok(steps.every(({ wallMs }, index) => index === 0 || wallMs >= steps[index - 1].wallMs));
});

test('stopped at any step and resumed from files, the weights, slots and losses are the same bytes', async () => {
  const [member] = membersOf(plan({ kind: 'starsse' }));
  for (const name of ['mlp', 'small-cnn'] as const) {
    const job = jobOf({ ...member, epochs: 2 }, name);
    const start = initialWeights(job.network, 0);
    const whole = await run(job, start);
    const parts = await run(job, start, [1, 3, 5]);
    assert.deepEqual(parts.data, whole.data);
    const numbers = (rows: Row[]) => rows.map((row) => ({ ...row, wallMs: 0, imagesPerSecond: 0 }));
    assert.deepEqual(numbers(parts.rows), numbers(whole.rows));
  }
});

test('X1 and X3: member 1 is the same in both methods; members 2 and 3 are the same in either order', async () => {
  const star = membersOf(plan({ kind: 'starsse', members: 3 }));
  const local = membersOf(plan({ kind: 'local-de', members: 2 }));
  // With batch norm, on few images.
  const images = toyData(8, 1);
  const job = (member: Member) => jobOf({ ...member, epochs: 1 }, 'resnet-8', { train: images, training: { ...training, batchSize: 4 } });
  const checkpoint = initialWeights(job(star[0]).network, 9);
  const first = (await run(job(star[0]), checkpoint)).data;
  assert.deepEqual((await run(job(local[0]), checkpoint)).data, first);
  const forwards = [await run(job(star[1]), weightsOnly(first)), await run(job(star[2]), weightsOnly(first))];
  const backwards = [await run(job(star[2]), weightsOnly(first)), await run(job(star[1]), weightsOnly(first))].reverse();
  assert.deepEqual(forwards.map(({ data }) => data), backwards.map(({ data }) => data));
  assert.notDeepEqual(forwards[0].data, forwards[1].data);
});

test('X4: a cycle of learning rate 0 without batch norm returns member 1', async () => {
  const [, second] = membersOf(plan({ kind: 'starsse', members: 2, cycle: { lrRatio: 0 } }));
  const job = jobOf(second);
  const first = initialWeights(job.network, 2);
  assert.deepEqual(weightsOnly((await run(job, first)).data), first);
});

test('an optimizer that is not reset goes on from the slots of its start', async () => {
  const [member, second] = membersOf(plan({ kind: 'starsse', members: 2 }));
  const first = (await run(jobOf(member), initialWeights(jobOf(member).network, 0))).data;
  const reset = await run(jobOf(second), first.filter(({ name }) => !name.startsWith('velocity/')));
  const kept = await run(jobOf({ ...second, resetOptimizer: false }), first);
  assert.notDeepEqual(kept.data, reset.data);
});

test('a loss that is no number stops the training by name, step and learning rate, and frees everything', async () => {
  const [member] = membersOf(plan({ kind: 'starsse' }, 1e30));
  const job = jobOf(member, 'mlp', { training: { ...training, optimizer: { ...training.optimizer, learningRate: 1e30 } } });
  const held = tf.memory().numTensors;
  await assert.rejects(run(job, initialWeights(job.network, 0)), (error: Error & { code?: string; hint?: string }) => {
    assert.equal(error.code, 'diverged');
    assert.match(error.message, /^Training of member-1 diverged: the loss of step \d+ \(epoch 1\) is NaN at learning rate 1e\+30$/);
    assert.match(error.hint ?? '', /learningRate/);
    return true;
  });
  assert.equal(tf.memory().numTensors, held);
});

test('a batch of one image is refused with batch norm and allowed without', async () => {
  const [member] = membersOf(plan({ kind: 'starsse' }));
  const odd = { train: toyData(9, 1) };
  const start = { state: startState(jobOf(member, 'resnet-8').network, member, null, 'start'), position: BEGINNING };
  await assert.rejects(trainMember(jobOf(member, 'resnet-8', odd), start, { onStep: () => undefined, shouldStop: () => false }), { code: 'data-invalid', message: /9 training images in batches of 8 leave a batch of one image/ });
  const { rows } = await run(jobOf({ ...member, epochs: 1 }, 'mlp', odd), initialWeights(jobOf(member).network, 0));
  assert.equal(rows.length, 3);
});

test('training waits for onStep, and a back end may bring its own step', async () => {
  const [member] = membersOf(plan({ kind: 'starsse' }));
  const events: string[] = [];
  const job = jobOf({ ...member, epochs: 1 }, 'mlp', {
    step: (...args) => {
      events.push('step');
      return trainStep(...args);
    },
  });
  const state = startState(job.network, member, null, 'start');
  const onStep = async ({ position }: Progress) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    events.push(`saved ${position.step}`);
  };
  disposeState((await trainMember(job, { state, position: BEGINNING }, { onStep, shouldStop: () => false })).state);
  assert.deepEqual(events, ['step', 'saved 1', 'step', 'saved 2', 'step', 'saved 3']);
});
