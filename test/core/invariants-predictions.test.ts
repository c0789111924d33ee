import assert from 'node:assert/strict';
import { test } from 'node:test';
import './wasm-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { atTemperature, fitTemperature } from '../../src/core/calibration.ts';
import { ensemble } from '../../src/core/ensemble.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { accuracy, brier, nll, probabilities, type Predictions } from '../../src/core/metrics.ts';
import { reestimateStatistics } from '../../src/core/reestimate.ts';
import { greedy } from '../../src/core/soups/greedy.ts';
import { greedyWithRemoval } from '../../src/core/soups/greedy-removal.ts';
import { mixTensors, type Ingredient } from '../../src/core/soups/mix.ts';
import { uniform } from '../../src/core/soups/uniform.ts';
import { disposeTensors, weightsFrom, weightsToData } from '../../src/core/weights.ts';
import type { TensorData } from '../../src/protocol/tensor.ts';
import { planFor, predictionsOf, SUBJECTS, trainAll, type Subject } from './invariants.ts';
import { toyData } from './toy-data.ts';
import { withRunner } from './with-runner.ts';

const NORMALIZATION = { mean: [0.3], std: [0.2] };
const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;

const uniformSoup = (parents: readonly Ingredient[]): TensorData[] => mixTensors(uniform(parents.length), parents);

/** Held-out accuracy of weights, an average's statistics re-estimated. */
async function score(subject: Subject, tensors: readonly TensorData[], parents: readonly string[]): Promise<number> {
  if (parents.length === 1) return accuracy(await predictionsOf(subject, tensors));
  const naive = weightsFrom(subject.network, tensors, 'soup');
  const weights = await withRunner(subject.network, naive, NORMALIZATION, async (runner) => await reestimateStatistics(runner, subject.network, naive, subject.data.train, { batchSize: 4 }));
  const data = await weightsToData(subject.network, weights);
  for (const each of [naive, weights]) disposeTensors(each);
  return accuracy(await predictionsOf(subject, data));
}

for (const subject of SUBJECTS) {
  const snapshots = await trainAll(subject, planFor(subject, { kind: 'starsse', members: 3, cycle: { lrRatio: 4 } }));
  const members = await Promise.all([...snapshots.values()].map(async (tensors) => await predictionsOf(subject, tensors)));
  const ingredients = Array.from(snapshots, ([name, tensors]) => ({ name, tensors }));

  test(`X6: ${subject.name}: NLL and Brier of the probability ensemble are at most the mean over members`, () => {
    const together = ensemble(members);
    for (const measure of [nll, brier]) assert.ok(measure(together) <= mean(members.map(measure)) + 1e-12, measure.name);
    assert.ok(nll(together) < mean(members.map(nll)) - 1e-9, 'members differ, so it is strictly less');
  });

  test(`X7: ${subject.name}: an ensemble of copies and a soup of copies are the member`, async () => {
    const copies = ensemble([members[1], members[1], members[1]]);
    const [alone, three] = [probabilities(members[1]), probabilities(copies)];
    for (const [index, value] of alone.entries()) assert.ok(Math.abs(value - three[index]) < 1e-12);
    assert.deepEqual(uniformSoup([1, 2, 3].map((copy) => ({ name: `copy-${copy}`, tensors: ingredients[1].tensors }))), ingredients[1].tensors);
    assert.deepEqual((await predictionsOf(subject, uniformSoup([ingredients[1], ingredients[1]]))).logits, members[1].logits);
  });

  for (const [rule, select] of [['greedy', greedy], ['greedy with removal', greedyWithRemoval]] as const) {
    test(`X9: ${subject.name}: a soup by ${rule} is at least as good on held-out data as its best member; of one member it is that member`, async () => {
      const scoreOfNames = async (names: readonly string[]) => await score(subject, uniformSoup(ingredients.filter(({ name }) => names.includes(name))), names);
      const scores = members.map(accuracy);
      const scored = ingredients.map(({ name }, index) => ({ name, score: scores[index] }));
      const soup = await select(scored, scoreOfNames);
      assert.ok(soup.score >= Math.max(...scores));
      assert.equal(soup.score, soup.parents.length === 1 ? Math.max(...scores) : await scoreOfNames(soup.parents));
      assert.deepEqual(await select([scored[2]], scoreOfNames), { parents: ['member-3'], score: scores[2] });
    });
  }

  test(`X10: ${subject.name}: a fitted temperature never raises the NLL of its data and never changes accuracy`, () => {
    for (const predictions of [...members, ensemble(members), ensemble(members, 'logit-mean')]) {
      const fitted = atTemperature(predictions, fitTemperature(predictions));
      assert.ok(nll(fitted) <= nll(predictions));
      assert.equal(accuracy(fitted), accuracy(predictions));
    }
  });
}

test('X7: the soup of linear models has the mean of their logits', async () => {
  const network = builtinNetwork('linear', [4, 4, 1], 3);
  const subject: Subject = { ...SUBJECTS[0], network, data: { train: toyData(8, 1), validation: toyData(15, 2) } };
  const parents = [1, 2, 3].map((seed) => ({ name: `member-${seed}`, tensors: initialWeights(network, seed) }));
  const each: Predictions[] = [];
  for (const { tensors } of parents) each.push(await predictionsOf(subject, tensors));
  const logits = ensemble(each, 'logit-mean').logits;
  for (const [index, logit] of (await predictionsOf(subject, uniformSoup(parents))).logits.entries()) assert.ok(Math.abs(logit - logits[index]) < 1e-6);
});
