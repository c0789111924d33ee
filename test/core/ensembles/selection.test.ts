import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ensemble } from '../../../src/core/ensemble.ts';
import { MemberTables } from '../../../src/core/ensembles/members.ts';
import { bestSubset, greedySelection } from '../../../src/core/ensembles/selection.ts';
import { sizeCurve } from '../../../src/core/ensembles/size-curve.ts';
import { accuracy, meanPerClassAccuracy, nll, type Predictions } from '../../../src/core/metrics.ts';
import { randomMembers } from './random-members.ts';

const breathe = (): Promise<void> => Promise.resolve();
const near = (actual: number, expected: number): void => assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

function subsetsOf<T>(all: readonly T[]): T[][] {
  return all.reduce<T[][]>((sets, each) => [...sets, ...sets.map((set) => [...set, each])], [[]]).slice(1);
}

/** Is the first better, by the metric and then by the NLL? */
function beats(one: Predictions, other: Predictions): boolean {
  const [a, b] = [accuracy(one), accuracy(other)];
  return a > b || (a === b && nll(one) < nll(other) - 1e-12);
}

for (const rule of ['probability-mean', 'logit-mean'] as const) {
  test(`${rule}: the best subset is that of trying them all one by one`, async () => {
    const members = randomMembers(5, 120, 4, 3);
    const { counts, score, tried } = await bestSubset(new MemberTables(members, rule, 'accuracy'), breathe);
    const chosen = ensemble(members.filter((_, index) => counts[index] > 0), rule);
    near(accuracy(chosen), score.accuracy);
    near(nll(chosen), score.nll);
    assert.equal(tried, 31);
    for (const subset of subsetsOf(members)) assert.ok(!beats(ensemble(subset, rule), chosen));
  });

  test(`${rule}: each greedy step takes what makes the ensemble best, and the best on the way is kept`, async () => {
    const members = randomMembers(4, 90, 5, 8);
    const { counts, path, score } = await greedySelection(new MemberTables(members, rule, 'accuracy'), breathe, 9);
    const taken: Predictions[] = [];
    for (const { added, score: reached } of path) {
      const trials = members.map((member) => ensemble([...taken, member], rule));
      for (const trial of trials) assert.ok(!beats(trial, trials[added]));
      taken.push(members[added]);
      near(accuracy(trials[added]), reached.metric);
    }
    assert.deepEqual(counts, members.map((member) => taken.filter((each) => each === member).length));
    near(accuracy(ensemble(members, rule, counts)), score.accuracy);
    for (const member of members) assert.ok(score.accuracy >= accuracy(member), 'below its best member');
  });
}

test('by mean per-class accuracy where the plan says so', async () => {
  const members = randomMembers(3, 60, 4, 5);
  const tables = new MemberTables(members, 'probability-mean', 'mean-per-class-accuracy');
  const sum = tables.emptySum();
  tables.add(sum, 1, sum);
  near(tables.score(sum, 1).metric, meanPerClassAccuracy(members[1]));
});

test('a member that is best alone is taken again and again: weights', async () => {
  // The first is right and sure, the second wrong and sure: any mixture is worse.
  const of = (rows: number[][]): Predictions => ({ logits: Float64Array.from(rows.flat()), labels: Int32Array.of(0, 1), classes: 2 });
  const tables = new MemberTables([of([[4, 0], [0, 4]]), of([[0, 4], [4, 0]])], 'probability-mean', 'accuracy');
  const { counts, score } = await greedySelection(tables, breathe, 6);
  assert.deepEqual([counts, score.accuracy], [[1, 0], 1]);
});

test('more than 12 members have too many subsets; selection stops when it is told to', async () => {
  await assert.rejects(bestSubset(new MemberTables(randomMembers(13, 5, 2, 1), 'probability-mean', 'accuracy'), breathe), { code: 'usage', message: /13 members/ });
  const stop = (): Promise<void> => Promise.reject(new Error('stopped'));
  await assert.rejects(bestSubset(new MemberTables(randomMembers(7, 5, 2, 1), 'probability-mean', 'accuracy'), stop), /stopped/);
  await assert.rejects(greedySelection(new MemberTables(randomMembers(3, 5, 2, 1), 'probability-mean', 'accuracy'), stop), /stopped/);
});

test('the size curve: the mean over all subsets of up to 7 members, over drawn ones of more', async () => {
  const members = randomMembers(4, 80, 3, 6);
  const curve = await sizeCurve(new MemberTables(members, 'probability-mean', 'accuracy'), 0, breathe);
  for (const { size, subsets, isAll, accuracy: meanAccuracy, nll: meanNll, lowest, highest } of curve) {
    const all = subsetsOf(members).filter((subset) => subset.length === size).map((subset) => ensemble(subset));
    assert.deepEqual([subsets, isAll], [all.length, true]);
    near(meanAccuracy, all.reduce((sum, each) => sum + accuracy(each), 0) / all.length);
    near(meanNll, all.reduce((sum, each) => sum + nll(each), 0) / all.length);
    near(lowest, Math.min(...all.map(accuracy)));
    near(highest, Math.max(...all.map(accuracy)));
  }
  const more = randomMembers(9, 40, 3, 2);
  const drawn = await sizeCurve(new MemberTables(more, 'probability-mean', 'accuracy'), 0, breathe);
  assert.deepEqual(drawn.map(({ size }) => size), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual([drawn[8].subsets, drawn[8].isAll, drawn[3].isAll], [1, true, false]);
  near(drawn[8].accuracy, accuracy(ensemble(more)));
  assert.deepEqual(drawn, await sizeCurve(new MemberTables(more, 'probability-mean', 'accuracy'), 0, breathe), 'the same subsets again');
  assert.notDeepEqual(drawn, await sizeCurve(new MemberTables(more, 'probability-mean', 'accuracy'), 1, breathe));
});
