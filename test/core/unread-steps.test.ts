/** Figures that are read every few steps: the same training, the same rows, and nothing of a divergence goes on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { disposeState, startState, stateToData } from '../../src/core/state.ts';
import { trainStep } from '../../src/core/step.ts';
import { trainMember, type Progress, type TrainingJob } from '../../src/core/train.ts';
import { UnreadSteps, type StepTaken } from '../../src/core/unread-steps.ts';
import { BEGINNING } from '../../src/protocol/position.ts';
import type { Row } from '../../src/protocol/rows.ts';
import { toyData } from './toy-data.ts';
import { jobOf, planOf, steppingWith, train, withoutTimes } from './training-job.ts';

const data = { train: toyData(38, 1), validation: toyData(12, 2) }; // 5 steps an epoch
const network = builtinNetwork('mlp', data.train.shape, 3);
const plan = planOf({ kind: 'starsse', members: 2 });
const [first] = membersOf(plan);
const job = (more: Partial<TrainingJob> = {}): TrainingJob => ({ ...jobOf({ ...first, epochs: 2 }, network, plan.training, data), ...more });
const EVERY_THIRD = { steps: 3, ms: Infinity };
const taken = (step: number): StepTaken => ({ step, epoch: 0, learningRate: 0.1, images: 4, ms: 2, waitMs: 0.5 });
const figures = (loss: number, correct: number) => ({ loss: tf.scalar(loss), correct: tf.scalar(correct) });

test('read every third step, rows and weights are those of reading each, and come in groups that end with the epoch', async () => {
  const each = await train(job(), initialWeights(network, 0));
  const groups: Row[][] = [];
  const state = startState(network, first, initialWeights(network, 0), 'start');
  const held = tf.memory().numTensors - state.weights.size - state.slots.size;
  const onStep = ({ rows, position }: Progress): void => {
    groups.push(rows);
    assert.equal(position.step, rows[rows.length - 1].step);
  };
  const outcome = await trainMember(job({ reading: EVERY_THIRD }), { state, position: BEGINNING }, { onStep, shouldStop: () => false });
  assert.deepEqual(groups.map((rows) => rows.map((row) => (row.kind === 'epoch' ? 'epoch' : row.step))), [[1, 2, 3], [4, 5, 'epoch'], [6, 7, 8], [9, 10, 'epoch']]);
  assert.deepEqual(withoutTimes(groups.flat()), withoutTimes(each.rows));
  assert.deepEqual(await stateToData(network, outcome.state), each.data);
  const clock = groups.flat().map((row) => ('wallMs' in row ? row.wallMs : 0));
  assert.deepEqual(clock, clock.toSorted((a, b) => a - b));
  disposeState(outcome.state);
  assert.equal(tf.memory().numTensors, held);
});

test('stopped between two readings, everything up to the stop is told first, and resuming is exact', async () => {
  const whole = await train(job(), initialWeights(network, 0));
  const parts: Row[] = [];
  let [state, position] = [startState(network, first, initialWeights(network, 0), 'start'), BEGINNING];
  for (const stopAt of [2, 4, 8, Infinity]) {
    let step = position.step;
    const outcome = await trainMember(job({ reading: EVERY_THIRD }), { state, position }, { onStep: ({ rows }) => void parts.push(...rows), shouldStop: () => step++ === stopAt });
    ({ state, position } = outcome);
    assert.equal(position.step, Math.min(stopAt, 10));
  }
  assert.deepEqual(withoutTimes(parts), withoutTimes(whole.rows));
  assert.deepEqual(await stateToData(network, state), whole.data);
  disposeState(state);
});

test('a divergence is named by its own step; the rows before it are told, and none of its state can be saved', async () => {
  let steps = 0;
  // The update of step 4 breaks the weights, so that the loss of step 5 is no number: of 6 unread ones.
  const poisoned: typeof trainStep = (program, state, batch, inputs) => trainStep(program, state, batch, { ...inputs, learningRate: ++steps === 4 ? tf.scalar(Infinity) : inputs.learningRate });
  const last: Row[] = [];
  const told: number[] = [];
  const start = { state: startState(network, first, initialWeights(network, 0), 'start'), position: BEGINNING };
  const broken = trainMember(job({ reading: { steps: 6, ms: Infinity }, stepper: steppingWith(poisoned) }), start, {
    onStep: ({ position }) => void told.push(position.step), onLastRows: (rows) => void last.push(...rows), shouldStop: () => false,
  });
  await assert.rejects(broken, { code: 'diverged', message: /the loss of step 5 \(epoch 1\) is NaN at learning rate/ });
  assert.deepEqual(last.map(({ step }) => step), [1, 2, 3, 4]);
  assert.deepEqual(told, []);
});

test('due after so many steps or so long; what is read or dropped is freed', async () => {
  const held = tf.memory().numTensors;
  const bySteps = new UnreadSteps({ steps: 2, ms: Infinity });
  assert.equal(bySteps.isDue, false);
  bySteps.add(taken(1), figures(1, 2));
  assert.equal(bySteps.isDue, false);
  bySteps.add(taken(2), figures(3, 4));
  assert.equal(bySteps.isDue, true);
  const { rows, position, broken } = await bySteps.read(BEGINNING);
  assert.equal(broken, null);
  assert.deepEqual(rows.map(({ step, loss, accuracy, waitMs }) => [step, loss, accuracy, waitMs]), [[1, 1, 0.5, 0.5], [2, 3, 1, 0.5]]);
  assert.deepEqual([position.step, position.epochLoss, position.epochWaitMs], [2, 4, 1]);
  assert.ok(position.trainedMs >= 4 && position.trainedMs === position.epochMs);
  assert.equal(bySteps.count, 0);
  const byTime = new UnreadSteps({ steps: 100, ms: 30 });
  byTime.add(taken(1), figures(1, 2));
  await new Promise((resolve) => setTimeout(resolve, 40));
  assert.equal(byTime.isDue, true);
  byTime.drop();
  assert.equal(byTime.isDue, false);
  assert.equal(tf.memory().numTensors, held);
});
