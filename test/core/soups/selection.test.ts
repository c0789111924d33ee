import assert from 'node:assert/strict';
import { test } from 'node:test';
import { greedy, type ScoreOf } from '../../../src/core/soups/greedy.ts';
import { greedyWithRemoval } from '../../../src/core/soups/greedy-removal.ts';
import { learn, learnedRule, WHOLE, type Slope } from '../../../src/core/soups/learned.ts';

test('greedy: a member joins only when the average gets better, in the order of the members\u2019 own scores', async () => {
  const values: Record<string, number> = { a: 1, b: 4, c: 2 };
  const scoreOf = (value: number): number => 1 - Math.abs(value - 2.9) / 10; // c is nearest, then b, then a
  const members = Object.entries(values).map(([name, value]) => ({ name, score: scoreOf(value) }));
  const asked: string[] = [];
  const mean: ScoreOf = (names) => {
    asked.push(names.join('+'));
    return Promise.resolve(scoreOf(names.reduce((sum, name) => sum + values[name], 0) / names.length));
  };
  assert.deepEqual(await greedy(members, mean), { parents: ['c', 'b'], score: scoreOf(3) });
  assert.deepEqual(asked, ['c+b', 'c+b+a']);
  const equal = members.map(({ name }) => ({ name, score: 0.5 }));
  assert.deepEqual((await greedy(equal, () => Promise.resolve(0.5))).parents, ['a']); // an equal average does not join
  await assert.rejects(greedy([], mean), { code: 'usage' });
});

test('greedy with removal: the best member goes when the others are better without it, and one passed over comes back; nothing is measured twice', async () => {
  const scores: Record<string, number> = { 'a+b': 0.6, 'a+b+c': 0.7, 'b+c': 0.8, 'a+c': 0.1, 'b+c+d': 0.9, 'a+b+d': 0.2, 'a+b+c+d': 0.65, 'c+d': 0.3, 'b+d': 0.3, 'a+b+c+d+e': 0 };
  const asked: string[] = [];
  const scoreOf: ScoreOf = (names) => {
    const key = names.toSorted().join('+');
    asked.push(key);
    return Promise.resolve(scores[key] ?? 0);
  };
  const members = [['a', 0.5], ['b', 0.4], ['c', 0.3], ['d', 0.2]].map(([name, score]) => ({ name: String(name), score: Number(score) }));
  assert.deepEqual((await greedy(members, scoreOf)).parents, ['a', 'b', 'c']);
  asked.length = 0;
  assert.deepEqual(await greedyWithRemoval(members, scoreOf), { parents: ['b', 'c', 'd'], score: 0.9 });
  assert.equal(new Set(asked).size, asked.length);
});

test('learned: Adam\u2019s first step is the rate in each logit, the best shares on the way are kept, each layer has its own', async () => {
  // Loss (w - 3)^2 / 2 of w = c1 * 1 + c2 * 5; dL/dc_k = (w - 3 + d) W_k with d = 0: uniform is best, w = 3.
  const quadratic = (target: number): Slope => (coefficients) => {
    const [a, b] = coefficients.get(WHOLE)!;
    const w = a + 5 * b;
    return Promise.resolve({ loss: (w - target) ** 2 / 2, products: new Map([[WHOLE, [(w - target) * 1, (w - target) * 5]]]) });
  };
  assert.deepEqual(await learn(2, [WHOLE], quadratic(3), { steps: 5, rate: 0.1 }), { coefficients: new Map([[WHOLE, [0.5, 0.5]]]), loss: 0, startLoss: 0 });
  const one = await learn(2, [WHOLE], quadratic(4), { steps: 1, rate: 0.1 });
  // The logits are -0.1 and 0.1 then: the second share is 1 / (1 + exp(-0.2)).
  assert.ok(Math.abs(one.coefficients.get(WHOLE)![1] - 1 / (1 + Math.exp(-0.2))) < 1e-7);
  assert.equal(one.startLoss, 0.5);
  const long = await learn(2, [WHOLE], quadratic(4), { steps: 200, rate: 0.1 });
  assert.ok(Math.abs(long.coefficients.get(WHOLE)![1] - 0.75) < 1e-3 && long.loss < 1e-6);
  // Two layers that want opposite members.
  const opposite: Slope = (coefficients) => Promise.resolve({
    loss: coefficients.get('x')![0] + coefficients.get('y')![1],
    products: new Map([['x', [1, 0]], ['y', [0, 1]]]),
  });
  const both = await learn(2, ['x', 'y'], opposite, { steps: 50, rate: 0.1 });
  assert.ok(both.coefficients.get('x')![1] > 0.99 && both.coefficients.get('y')![0] > 0.99 && both.startLoss === 1);
  const result = new Float32Array(1);
  const rule = learnedRule(new Map([['x', [0.25, 0.75]], [WHOLE, [0.5, 0.5]]]));
  for (const [name, expected] of [['x.weight', 7], ['z.weight', 6]] as const) {
    rule.mix({ name, dtype: 'F32', shape: [1] }, [Float32Array.of(4), Float32Array.of(8)], 0, result);
    assert.equal(result[0], expected);
  }
});
