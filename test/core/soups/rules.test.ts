import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dare } from '../../../src/core/soups/dare.ts';
import { withMeanHead } from '../../../src/core/soups/keep-head.ts';
import { mixTensors } from '../../../src/core/soups/mix.ts';
import { modelStock } from '../../../src/core/soups/model-stock.ts';
import type { SoupRule } from '../../../src/core/soups/rule.ts';
import { slerp } from '../../../src/core/soups/slerp.ts';
import { ties } from '../../../src/core/soups/ties.ts';
import { uniform } from '../../../src/core/soups/uniform.ts';
import { weighted } from '../../../src/core/soups/weighted.ts';
import { ALPHAS, wiseFt } from '../../../src/core/soups/wise-ft.ts';
import { floatsOf, floatTensor } from '../../../src/protocol/tensor.ts';

/** The numbers that a rule makes of tensors `name: [of each parent]`. */
function mixed(rule: SoupRule, tensors: Record<string, number[][]>): Record<string, number[]> {
  const count = Object.values(tensors)[0].length;
  const parents = Array.from({ length: count }, (_, parent) => ({
    name: `parent-${parent + 1}`,
    tensors: Object.entries(tensors).map(([name, values]) => floatTensor(name, [values[parent].length], Float32Array.from(values[parent]))),
  }));
  return Object.fromEntries(mixTensors(rule, parents).map((tensor) => [tensor.name, [...floatsOf(tensor)]]));
}

function close(actual: number[], expected: number[], tolerance = 1e-6): void {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of expected.entries()) assert.ok(Math.abs(actual[index] - value) <= tolerance, `${index}: ${actual[index]}, not ${value}`);
}

test('uniform: (1 + 2 + 6) / 3 = 3; seven parents as well, four of them summed at once', () => {
  assert.deepEqual(mixed(uniform(3), { 'a.w': [[1, 10], [2, 20], [6, 60]] }), { 'a.w': [3, 30] });
  const [long, seven] = [Array.from({ length: 5000 }, (_, index) => index), [1, 2, 3, 4, 5, 6, 7]];
  assert.deepEqual(mixed(uniform(7), { 'a.w': seven.map((factor) => long.map((value) => factor * value)) }), { 'a.w': long.map((value) => 4 * value) });
});

test('weighted: weights 1 and 3 of 2 and 6 give 5, whatever they add up to; no weights are refused', () => {
  for (const weights of [[1, 3], [0.25, 0.75], [10, 30]]) assert.deepEqual(mixed(weighted(weights), { 'a.w': [[2], [6]] }), { 'a.w': [5] });
  for (const weights of [[0, 0], [-1, 2], [NaN, 1]]) assert.throws(() => weighted(weights), { code: 'usage', message: /no weights of a soup/ });
});

test('WiSE-FT: alpha 0 is the pre-trained network, 1 the mean of the members, 1/4 of 10 and (2 + 4) / 2 = 8.25', () => {
  const line = { 'a.w': [[2], [4], [10]] };
  assert.deepEqual([0, 0.25, 1].map((alpha) => mixed(wiseFt(2, alpha), line)['a.w']), [[10], [8.25], [3]]);
  assert.deepEqual(ALPHAS, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
});

test('SLERP: halfway between (2, 0) and (0, 2) lies (sqrt 2, sqrt 2), a third of the way sin 60 and sin 30 degrees; parallel vectors and statistics go straight', () => {
  const right = { 'a.w': [[2], [0]], 'b.w': [[0], [2]] };
  const values = (t: number, tensors: Record<string, number[][]>) => Object.values(mixed(slerp(t), tensors)).flat();
  close(values(0.5, right), [Math.SQRT2, Math.SQRT2]);
  close(values(1 / 3, right), [Math.sqrt(3), 1]);
  assert.deepEqual([values(0, right), values(1, right)], [[2, 0], [0, 2]]);
  assert.deepEqual(values(0.5, { 'a.w': [[1, 2], [3, 6]] }), [2, 4]);
  assert.deepEqual(values(0.25, { 'a.w': [[1, 2], [-1, -2]] }), [0.5, 1]);
  close(mixed(slerp(0.5), { ...right, 'n.running_var': [[100], [300]] })['n.running_var'], [200]);
});

test('TIES: of (4, -1, 3, 0) and (-2, 3, 2, 0.5) half the changes stay, signs are elected, those that agree are averaged', () => {
  // From 0. Kept of the first: 4, 3; of the second: -2, 3, and 2, which is as large as the last one kept. Signs: 4 - 2 > 0, 3, 3 + 2. Means: 4, 3, 2.5, 0.
  const learned = { 'a.w': [[4, -1], [-2, 3], [0, 0]], 'b.w': [[3, 0], [2, 0.5], [0, 0]] };
  assert.deepEqual(mixed(ties(2, { density: 0.5, scale: 1 }), learned), { 'a.w': [4, 3], 'b.w': [2.5, 0] });
  // The same around other pre-trained weights, half as far.
  const moved = Object.fromEntries(Object.entries(learned).map(([name, values]) => [name, values.map((row) => row.map((value) => value + 8))]));
  assert.deepEqual(mixed(ties(2, { density: 0.5, scale: 0.5 }), moved), { 'a.w': [10, 9.5], 'b.w': [9.25, 8] });
  // All stay: -1 loses against 3; a tie of signs gives nothing.
  assert.deepEqual(mixed(ties(2, { density: 1, scale: 1 }), { 'a.w': [[4, -1, 1], [-2, 3, -1], [0, 0, 0]] }), { 'a.w': [4, 3, 0] });
  // The largest number of 1000, found by its bits.
  const ramp = Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? 1 : -1) * (1 + index * 1e-6));
  assert.deepEqual(mixed(ties(1, { density: 0.001, scale: 1 }), { 'a.w': [ramp, ramp.map(() => 0)] })['a.w'].filter((value) => value !== 0), [Math.fround(ramp[999])]);
  assert.deepEqual(mixed(ties(2, { density: 0.5, scale: 1 }), { 'n.running_mean': [[1], [3], [50]], 'a.w': [[1], [1], [0]] })['n.running_mean'], [2]);
  for (const density of [0, 1.1, NaN]) assert.throws(() => ties(2, { density, scale: 1 }), { code: 'usage' });
});

test('DARE: what stays has grown by 1 / (1 - p), nothing dropped is the mean of the changes, the seed decides', () => {
  const ones = new Array<number>(4000).fill(1);
  const zeros = new Array<number>(4000).fill(0);
  const one = mixed(dare(1, { drop: 0.75, scale: 1, seed: 3 }), { 'a.w': [ones, zeros] })['a.w'];
  assert.deepEqual([...new Set(one)].sort(), [0, 4]);
  const kept = one.filter((value) => value === 4).length;
  assert.ok(Math.abs(kept / 4000 - 0.25) < 4 * Math.sqrt((0.25 * 0.75) / 4000), `${kept} of 4000`);
  assert.deepEqual(mixed(dare(1, { drop: 0.75, scale: 1, seed: 3 }), { 'a.w': [ones, zeros] })['a.w'], one);
  assert.notDeepEqual(mixed(dare(1, { drop: 0.75, scale: 1, seed: 4 }), { 'a.w': [ones, zeros] })['a.w'], one);
  // Two members and two tensors have masks of their own: 0, 2 and 4 come out of two, and not the same ones.
  const two = mixed(dare(2, { drop: 0.75, scale: 1, seed: 3 }), { 'a.w': [ones, ones, zeros], 'b.w': [ones, ones, zeros] });
  assert.deepEqual([...new Set(two['a.w'])].sort(), [0, 2, 4]);
  assert.notDeepEqual(two['a.w'], two['b.w']);
  assert.deepEqual(mixed(dare(2, { drop: 0, scale: 0.5, seed: 1 }), { 'a.w': [[4], [8], [2]], 'n.running_var': [[1], [3], [9]] }), { 'a.w': [4], 'n.running_var': [2] });
  for (const drop of [1, -0.1, NaN]) assert.throws(() => dare(1, { drop, scale: 1, seed: 0 }), { code: 'usage' });
});

test('model stock: changes at 60 degrees keep t = 2 (1/2) / (1 + 1/2) = 2/3 of the mean, equal ones all, those at right angles none, each layer by itself', () => {
  const sixty = [[2, 0], [1, Math.sqrt(3)], [0, 0]];
  const result = mixed(modelStock(2), { 'a.w': sixty, 'b.w': [[3], [3], [1]], 'c.w': [[1, 0], [0, 1], [0, 0]], 'd.w': [[1], [-1], [0]], 'd.running_var': [[1], [3], [9]], 'e.w': [[5], [5], [5]] });
  close(result['a.w'], [(2 / 3) * 1.5, (2 / 3) * (Math.sqrt(3) / 2)]);
  close([...result['b.w'], ...result['c.w'], ...result['d.w'], ...result['d.running_var'], ...result['e.w']], [3, 0, 0, 0, 2, 5]);
  // Weights and bias of a layer have one angle: (3, 4 | 0) and (3, 4 | 12): cos = 25 / (5 * 13), t = 2 cos / (1 + cos) = 50 / 90.
  const layer = mixed(modelStock(2), { 'a.weight': [[3, 4], [3, 4], [0, 0]], 'a.bias': [[0], [12], [0]] });
  close([...layer['a.weight'], ...layer['a.bias']], [(5 / 9) * 3, (5 / 9) * 4, (5 / 9) * 6]);
});

test('a head without pre-trained weights is the members\u2019 mean, and no rule looks at it', () => {
  const head = withMeanHead(ties(2, { density: 0.5, scale: 1 }), 2, ({ name }) => name.startsWith('fc.'));
  assert.deepEqual(mixed(head, { 'a.w': [[4, -1], [-2, 3], [0, 0]], 'fc.w': [[1000], [2000], [7]] }), { 'a.w': [4, 3], 'fc.w': [1500] });
});
