/** Validation images are evaluated once for each set of weights. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './wasm-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { predict } from '../../src/core/evaluate.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { disposeState, startState } from '../../src/core/state.ts';
import { trainMember, type Outcome } from '../../src/core/train.ts';
import { BEGINNING } from '../../src/protocol/position.ts';
import type { TensorData } from '../../src/protocol/tensor.ts';
import { toyData } from './toy-data.ts';
import { jobOf, planOf, train, weightsOnly } from './training-job.ts';
import { withRunner } from './with-runner.ts';

const network = builtinNetwork('resnet-8', [4, 4, 1], 3);
const plan = planOf({ kind: 'starsse', members: 2 }, { epochs: 2 });
const [first, second] = membersOf(plan);
const validation = toyData(9, 2);
let read = 0;
const counted = {
  ...validation,
  read: async (positions: Uint32Array) => {
    read += positions.length;
    return await validation.read(positions);
  },
};

async function trained(member: typeof first, start: readonly TensorData[], startAccuracy?: number | null): Promise<{ outcome: Outcome; passes: number }> {
  read = 0;
  const job = { ...jobOf(member, network, plan.training, { train: toyData(16, 1), validation: counted }), ...(startAccuracy === undefined ? {} : { startAccuracy }) };
  const outcome = await trainMember(job, { state: startState(network, member, start, 'start'), position: BEGINNING }, { onStep: () => undefined, shouldStop: () => false });
  return { outcome, passes: read / 9 };
}

test('the last epoch\u2019s predictions are those of the trained weights, and come with the outcome', async () => {
  const { outcome, passes } = await trained(first, initialWeights(network, 1));
  assert.equal(passes, 2); // epochs
  const again = await withRunner(network, outcome.state.weights, { mean: [0.3], std: [0.2] }, async (runner) => await predict(runner, validation, { batchSize: 5 }));
  assert.deepEqual(outcome.validation, again);
  disposeState(outcome.state);
});

test('what a cycle starts from is evaluated where its accuracy is not known, and only there', async () => {
  const start = weightsOnly((await train(jobOf(first, network, plan.training, { train: toyData(16, 1), validation }), initialWeights(network, 1))).data);
  const passes: number[] = [];
  for (const known of [undefined, null, 0.4]) {
    const cycle = await trained(second, start, known);
    passes.push(cycle.passes);
    disposeState(cycle.outcome.state);
  }
  const epochs = passes[2];
  assert.deepEqual(passes, [epochs + 1, epochs + 1, epochs]);
});

test('a stop has no predictions of the end', async () => {
  const job = jobOf(first, network, plan.training, { train: toyData(16, 1), validation });
  const { state, ...outcome } = await trainMember(job, { state: startState(network, first, initialWeights(network, 1), 'start'), position: BEGINNING }, { onStep: () => undefined, shouldStop: () => true });
  assert.deepEqual([outcome.status, outcome.validation], ['stopped', null]);
  disposeState(state);
});
