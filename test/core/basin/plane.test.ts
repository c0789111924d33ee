import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../cpu-backend.ts';
import { builtinNetwork } from '../../../src/core/builtin.ts';
import { squareGrid, simplexGrid } from '../../../src/core/basin/grid.ts';
import { combine, distance, hostWeights, hostWeightsToData, innerProduct, largestDifference, toTensors, withHeadOf, type HostWeights } from '../../../src/core/basin/host-weights.ts';
import { planeThrough } from '../../../src/core/basin/plane.ts';
import { noiseDirection, randomDirection } from '../../../src/core/basin/random-direction.ts';
import { initialWeights } from '../../../src/core/initialise.ts';
import { parametersOf } from '../../../src/core/network.ts';
import { disposeTensors, weightsToData } from '../../../src/core/weights.ts';

const network = builtinNetwork('resnet-8', [4, 4, 1], 3);
const [w1, w2, w3] = [1, 2, 3].map((seed) => hostWeights(network, initialWeights(network, seed)));
const names = ['member-1', 'member-2', 'member-3'];

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
const trained = (weights: HostWeights): Float32Array[] => weights.filter((_, part) => parametersOf(network)[part].role === 'trained');

test('weights on the host are those of the file, and back', async () => {
  const tensors = initialWeights(network, 1);
  assert.deepEqual(hostWeightsToData(network, w1), tensors);
  const weights = toTensors(network, w1);
  assert.deepEqual(await weightsToData(network, weights), tensors);
  disposeTensors(weights);
  assert.throws(() => hostWeights(network, tensors.slice(1), 'soup-uniform-1'), { code: 'mismatch', message: /soup-uniform-1 does not fit.*is missing/ });
});

test('a sum of a network with itself is that network, and a sum of three is what it should be', () => {
  for (const share of [0, 0.1, 0.3, 1 / 3, 0.7, 1]) assert.equal(largestDifference(combine([w1, w1], [1 - share, share]), w1), 0);
  const sum = combine([w1, w2, w3], [0.5, 0.25, -1]);
  assert.equal(sum[0][3], Math.fround(0.5 * w1[0][3] + 0.25 * w2[0][3] - w3[0][3]));
  assert.equal(combine([w1], [2])[0][3], Math.fround(2 * w1[0][3]));
});

test('the body of one under the head of another', () => {
  const mixed = withHeadOf(network, w1, w2);
  for (const [part, { name }] of parametersOf(network).entries()) assert.equal(mixed[part], name.startsWith('fc.') ? w2[part] : w1[part], name);
});

test('running statistics are no part of a distance', () => {
  const moved = w1.map((part, index) => (parametersOf(network)[index].role === 'statistic' ? part.map((value) => value + 5) : part));
  assert.equal(distance(network, w1, moved), 0);
  const squares = trained(w1).reduce((sum, part) => sum + norm(part) ** 2, 0);
  assert.ok(Math.abs(innerProduct(network, w1, w1) - squares) < 1e-9 * squares);
});

test('a plane passes through its three networks, and its coordinates are distances', () => {
  const plane = planeThrough(network, [w1, w2, w3], names);
  for (const [index, network_] of [w1, w2, w3].entries()) assert.ok(largestDifference(combine([w1, w2, w3], plane.coefficients(...plane.corners[index])), network_) <= 1e-6);
  const [a, b] = [[0.3, 1.2], [-2, 0.7]].map(([x, y]) => combine([w1, w2, w3], plane.coefficients(x, y)));
  assert.ok(Math.abs(distance(network, a, b) - Math.hypot(2.3, 0.5)) < 1e-5);
  assert.ok(Math.abs(distance(network, w2, w3) - Math.hypot(plane.corners[1][0] - plane.corners[2][0], plane.corners[2][1])) < 1e-5);
});

test('no plane goes through twins or along a line', () => {
  assert.throws(() => planeThrough(network, [w1, w1, w3], names), { code: 'usage', message: /member-1 and member-2 are the same network/ });
  assert.throws(() => planeThrough(network, [w1, w2, w1], names), { code: 'usage', message: /member-1 and member-3 are the same network/ });
  assert.throws(() => planeThrough(network, [w1, w2, combine([w1, w2], [0.5, 0.5])], names), { code: 'usage', message: /lie on one line/ });
});

test('random directions have the norm of each filter, leave vectors alone and are nearly orthogonal', () => {
  const [d1, d2] = [0, 1].map((which) => randomDirection(network, w1, 7, which));
  for (const [part, { name, role, diskShape }] of parametersOf(network).entries()) {
    if (role !== 'trained' || diskShape.length < 2) assert.equal(norm(d1[part]), 0, name);
    else assert.ok(Math.abs(norm(d1[part]) - norm(w1[part])) < 1e-5 * norm(w1[part]), name);
  }
  // conv1 in memory: HWIO, so a filter is every 16th number.
  const filter = (weights: HostWeights, which: number): Float32Array => weights[0].filter((_, index) => index % 16 === which);
  for (const which of [0, 15]) assert.ok(Math.abs(norm(filter(d1, which)) - norm(filter(w1, which))) < 1e-6);
  assert.notDeepEqual(d1[0], d2[0]);
  assert.ok(Math.abs(innerProduct(network, d1, d2)) < 0.1 * innerProduct(network, d1, d1));
  assert.deepEqual(randomDirection(network, w1, 7, 0), d1);
});

test('noise has the length of each tensor', () => {
  const noise = noiseDirection(network, w1, 7, 0);
  for (const [part, { name, role }] of parametersOf(network).entries()) assert.ok(Math.abs(norm(noise[part]) - (role === 'trained' ? norm(w1[part]) : 0)) < 1e-5 * (1 + norm(w1[part])), name);
});

test('grids from coarse to fine: every point once, each level a grid', () => {
  const points = squareGrid(9);
  assert.equal(points.length, 81);
  assert.equal(new Set(points.map(({ column, row }) => `${column} ${row}`)).size, 81);
  assert.deepEqual([...new Set(points.map(({ level }) => level))], [0, 1]);
  const first = points.filter(({ level }) => level === 0);
  assert.equal(first.length, 25);
  assert.ok(first.every(({ column, row }) => column % 2 === 0 && row % 2 === 0));
  assert.deepEqual(points.map(({ level }) => level), points.map(({ level }) => level).toSorted());
  assert.deepEqual([3, 5, 17, 33].map((size) => squareGrid(size).length), [9, 25, 289, 1089]);
  assert.throws(() => squareGrid(8), { code: 'usage', message: 'A grid of 8 x 8 points' });
});

test('a simplex from coarse to fine', () => {
  const points = simplexGrid(8);
  assert.equal(points.length, 45);
  assert.equal(points.filter(({ level }) => level === 0).length, 15);
  assert.ok(points.every(({ column, row }) => column + row <= 8));
  assert.deepEqual(simplexGrid(2).map(({ column, row }) => [column, row]), [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [0, 2]]);
  assert.throws(() => simplexGrid(3), { code: 'usage' });
});
