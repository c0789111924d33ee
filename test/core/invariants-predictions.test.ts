import assert from 'node:assert/strict';
import { test } from 'node:test';
import './wasm-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { atTemperature, fitTemperature } from '../../src/core/calibration.ts';
import { ensemble } from '../../src/core/ensemble.ts';
import { greedySoup } from '../../src/core/greedy-soup.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { accuracy, brier, nll, probabilities, type Predictions } from '../../src/core/metrics.ts';
import { reestimateStatistics } from '../../src/core/reestimate.ts';
import { uniformSoup } from '../../src/core/soup.ts';
import { disposeTensors, weightsFrom, weightsToData } from '../../src/core/weights.ts';
import type { TensorData } from '../../src/protocol/tensor.ts';
import { planFor, predictionsOf, SUBJECTS, trainAll, type Subject } from './invariants.ts';
import { toyData } from './toy-data.ts';
import { withRunner } from './with-runner.ts';

const NORMALIZATION = { mean: [0.3], std: [0.2] };
const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;

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

  test(`X9: ${subject.name}: a greedy soup is at least as good on held-out data as its best member; of one member it is that member`, async () => {
    const soup = await greedySoup(ingredients, async (tensors, parents) => await score(subject, tensors, parents));
    const scores = members.map(accuracy);
    assert.ok(soup.score >= Math.max(...scores));
    assert.equal(soup.parents[0], ingredients[scores.indexOf(Math.max(...scores))].name);
    assert.equal(soup.score, await score(subject, soup.tensors, soup.parents));
    const one = await greedySoup([ingredients[2]], async (tensors, parents) => await score(subject, tensors, parents));
    assert.deepEqual(one, { parents: ['member-3'], tensors: ingredients[2].tensors, score: scores[2] });
  });

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

test('X9: a member joins only when the average gets better, in the order of the members\u2019 own scores', async () => {
  const weight = (value: number): TensorData[] => [{ name: 'w', dtype: 'F32', shape: [1], data: new Uint8Array(Float32Array.of(value).buffer) }];
  const parents = [['a', 1], ['b', 4], ['c', 2]].map(([name, value]) => ({ name: String(name), tensors: weight(Number(value)) }));
  const asked: string[] = [];
  const closeTo = (target: number) => async (tensors: readonly TensorData[], names: readonly string[]) => {
    asked.push(names.join('+'));
    return await Promise.resolve(1 - Math.abs(new Float32Array(tensors[0].data.slice().buffer)[0] - target) / 10);
  };
  const soup = await greedySoup(parents, closeTo(2.9)); // c is nearest, then b, then a
  assert.deepEqual(asked, ['a', 'b', 'c', 'c+b', 'c+b+a']);
  assert.deepEqual([soup.parents, soup.score], [['c', 'b'], 1 - Math.abs(3 - 2.9) / 10]);
  assert.deepEqual((await greedySoup(parents, () => Promise.resolve(0.5))).parents, ['a']); // an equal average does not join
  await assert.rejects(greedySoup([], closeTo(0)), { code: 'usage' });
  await assert.rejects(greedySoup([parents[0], { name: 'odd', tensors: [] }], closeTo(0)), { code: 'mismatch' });
});
