import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { checkEpoch, guessing, TensorWatch, type EpochFigures, type Health } from '../../src/core/guard.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { trainStep } from '../../src/core/step.ts';
import type { StarsseError } from '../../src/protocol/errors.ts';
import { toyData } from './toy-data.ts';
import { jobOf, planOf, steppingWith, train, weightsOnly } from './training-job.ts';

const data = { train: toyData(22, 1), validation: toyData(60, 2) };
const network = builtinNetwork('mlp', data.train.shape, 3);
const plan = planOf({ kind: 'starsse', members: 2 });
const [first, second] = membersOf(plan);
const labels = Int32Array.from({ length: 100 }, (_, index) => index % 4); // guessing is right for 25 of 100, give or take 4.3
const guards = { maxLoss: null, collapse: true };
const fine: EpochFigures = { epoch: 3, isLast: false, trainLoss: 1, validationLoss: 1, validationAccuracy: 0.6 };
const judge = (health: Health, figures: Partial<EpochFigures>, member = first) => checkEpoch(member, guards, health, { ...fine, ...figures }, labels, 4);
const fresh: Health = { learned: false, guessingEpochs: 0 };

test('a loss that is no number fails the member by step, epoch and learning rate, and everything is freed', async () => {
  const job = jobOf({ ...first, learningRate: 1e30 }, network, plan.training, data);
  const held = tf.memory().numTensors;
  await assert.rejects(train(job, initialWeights(network, 0)), (error: StarsseError) => {
    assert.equal(error.code, 'diverged');
    assert.match(error.message, /^Training of member-1 diverged: the loss of step \d+ \(epoch 1\) is NaN at learning rate 1e\+30$/);
    assert.equal(error.hint, 'Lower training.optimizer.learningRate.');
    return true;
  });
  assert.equal(tf.memory().numTensors, held);
});

test('weights that become no numbers in the last step fail the member before they are validated as good', async () => {
  const job = jobOf({ ...first, epochs: 1 }, network, plan.training, data);
  let steps = 0;
  const poisoned: typeof trainStep = (program, state, batch, inputs) => trainStep(program, state, batch, { ...inputs, learningRate: ++steps === 3 ? tf.scalar(Infinity) : inputs.learningRate });
  await assert.rejects(train({ ...job, stepper: steppingWith(poisoned) }, initialWeights(network, 0)), { code: 'diverged', message: /the validation loss after epoch 1 is NaN/ });
});

test('a mean loss above the limit fails, by the plan or by 3 times that of guessing', async () => {
  assert.throws(() => judge(fresh, { trainLoss: 4.2 }), { code: 'diverged', message: /mean loss of epoch 4 is 4\.200, above 4\.159 \(3 times that of guessing among 4 classes\)/ });
  judge(fresh, { trainLoss: 4.1 });
  judge(fresh, { trainLoss: 42, epoch: 0 }); // a bad start may recover
  assert.throws(() => checkEpoch(first, { ...guards, maxLoss: 0.5 }, fresh, { ...fine, epoch: 0 }, labels, 4), { code: 'diverged' });
  assert.throws(() => checkEpoch(first, { ...guards, maxLoss: 0.5 }, fresh, fine, labels, 4), { code: 'diverged', message: /is 1\.000, above 0\.5000 \(training\.guards\.maxLoss\)/ });
  const training = { ...plan.training, guards: { maxLoss: 0.01, collapse: true } };
  const held = tf.memory().numTensors;
  await assert.rejects(train(jobOf(first, network, training, data), initialWeights(network, 0)), { code: 'diverged', message: /mean loss of epoch 1 is/ });
  assert.equal(tf.memory().numTensors, held);
});

test('who learned and guesses for two epochs, or at the end, has collapsed; one such epoch, or never having learned, is none', () => {
  assert.deepEqual(guessing(labels), { accuracy: 0.25, standardError: Math.sqrt(0.25 * 0.75 / 100) });
  const learned = judge(fresh, {});
  assert.deepEqual(learned, { learned: true, guessingEpochs: 0 });
  const once = judge(learned, { validationAccuracy: 0.27 });
  assert.deepEqual(once, { learned: true, guessingEpochs: 1 });
  assert.deepEqual(judge(once, { validationAccuracy: 0.5 }), { learned: true, guessingEpochs: 0 });
  assert.throws(() => judge(once, { validationAccuracy: 0.25, epoch: 6 }), { code: 'diverged', message: /it had learned and fell back to guessing: validation accuracy 25\.0 % after epoch 7, the commonest class is 25\.0 %/ });
  assert.throws(() => judge(learned, { validationAccuracy: 0.25, isLast: true }, second), { code: 'diverged', hint: 'Lower method.cycle.lrRatio or training.optimizer.learningRate.' });
  let never = fresh;
  for (let epoch = 0; epoch < 5; epoch++) never = judge(never, { validationAccuracy: 0.25, isLast: epoch === 4 });
  assert.equal(never.learned, false);
  checkEpoch(first, { ...guards, collapse: false }, learned, { ...fine, validationAccuracy: 0.25, isLast: true }, labels, 4);
});

test('a cycle that destroys what member 1 learned fails, though it never learned itself; so does one that is resumed', async () => {
  const start = weightsOnly((await train(jobOf({ ...first, epochs: 12, learningRate: 0.03 }, network, plan.training, data), initialWeights(network, 0))).data);
  // Biases that drown everything: the head always says class 0, as after a step that was far too long.
  const drown: typeof trainStep = (program, state, batch, inputs) => {
    const result = trainStep(program, state, batch, inputs);
    const bias = result.state.weights.get('fc2.bias')!;
    const weights = new Map([...result.state.weights, ['fc2.bias', tf.tidy(() => tf.add(bias, [5, 0, 0]))]]);
    bias.dispose();
    return { ...result, state: { ...result.state, weights } };
  };
  const job = { ...jobOf({ ...second, epochs: 8, learningRate: 1e-6 }, network, { ...plan.training, guards: { maxLoss: 1e6, collapse: true } }, data), stepper: steppingWith(drown) };
  const held = tf.memory().numTensors;
  for (const stops of [[], [1, 4, 7, 10, 13]]) await assert.rejects(train(job, start, stops), { code: 'diverged', message: /member-2 diverged: it had learned and fell back to guessing/ });
  assert.equal(tf.memory().numTensors, held);
  const { rows } = await train({ ...job, training: { ...job.training, guards: { maxLoss: 1e6, collapse: false } } }, start);
  assert.equal(rows.length, 8 * 4);
});

test('tensors that grow in each of three epochs fail the member; growth that ends does not', async () => {
  const watch = new TensorWatch();
  for (const tensors of [100, 120, 140, 140, 150, 160, 159]) watch.check(first, tensors);
  watch.check(first, 163);
  watch.check(first, 165);
  assert.throws(() => watch.check(first, 170), { code: 'internal', message: /member-1 keeps more tensors after every epoch: 4, 2, 5 more in the last 3, 170 now/ });
  const leaked: tf.Tensor[] = [];
  const leaky: typeof trainStep = (...args) => (leaked.push(tf.scalar(0)), trainStep(...args));
  await assert.rejects(train({ ...jobOf({ ...first, epochs: 9 }, network, plan.training, data), stepper: steppingWith(leaky) }, initialWeights(network, 0)), { code: 'internal', message: /3, 3, 3 more/ });
  assert.equal(leaked.length, 12); // seen after the fourth epoch
  tf.dispose(leaked);
});

test('a hint names the field that sets the rate of the epoch', () => {
  const probed = { ...first, probe: { epochs: 2, learningRate: 1, seed: 0 } };
  const hint = (epoch: number, member = probed) => {
    try {
      judge(fresh, { epoch, validationLoss: Number.NaN }, member);
    } catch (error) {
      return (error as StarsseError).hint;
    }
    return null;
  };
  assert.deepEqual([hint(1), hint(2)], ['Lower method.linearProbe.learningRate.', 'Lower training.optimizer.learningRate.']);
});
