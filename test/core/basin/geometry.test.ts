import assert from 'node:assert/strict';
import { test } from 'node:test';
import { symmetricEigen } from '../../../src/core/basin/eigen.ts';
import { geometryOf, principalComponents } from '../../../src/core/basin/geometry.ts';
import { addToGram, emptyGram, gramOf, sumOfGrams, type Gram } from '../../../src/core/basin/gram.ts';
import { normal, randomKey } from '../../../src/core/random.ts';

/** Networks of two tensors each. */
function gramsOf(networks: number[][][]): Gram[] {
  return networks[0].map((_, tensor) => {
    const gram = emptyGram(networks.length);
    addToGram(gram, networks.map((network) => Float32Array.from(network[tensor])));
    return gram;
  });
}

const all = { places: [0, 1, 2], count: 3, pretrained: null };

test('distances, cosines and angles of three networks, by hand', () => {
  const grams = gramsOf([[[3, 0], [4]], [[3, 1], [4]], [[3, 0], [6]]]);
  const whole = geometryOf('whole', sumOfGrams(grams), { ...all, pretrained: 2 });
  assert.equal(whole.parameters, 3);
  assert.deepEqual(whole.norm, [5, Number(Math.sqrt(26).toPrecision(9)), Number(Math.sqrt(45).toPrecision(9))]);
  assert.deepEqual(whole.distance, [[0, 1, 2], [1, 0, 2.23606798], [2, 2.23606798, 0]]);
  assert.deepEqual(whole.relative[0], [0, 0.2, 0.4]);
  assert.equal(whole.cosine[0][1], Number((25 / (5 * Math.sqrt(26))).toPrecision(9)));
  assert.deepEqual(whole.angle, [[null, null, null], [null, 0, 90], [null, 90, 0]]);
  // Seen from the third: to the first along -z, to the second along (1, -2).
  assert.equal(whole.angleFromPretrained?.[0][1], Number(((180 / Math.PI) * Math.atan2(1, 2)).toPrecision(9)));
  const layer = geometryOf('fc', grams[1], all);
  assert.deepEqual(layer.distance, [[0, 0, 2], [0, 0, 2], [2, 2, 0]]);
  assert.equal(layer.angle[1][2], null);
  assert.equal(layer.angleFromPretrained, null);
});

test('a network that some weights are not of has null there', () => {
  const [gram] = gramsOf([[[1, 2]], [[1, 4]]]);
  const part = geometryOf('fc', gram, { places: [0, 2], count: 3, pretrained: 1 });
  assert.deepEqual(part.distance, [[0, null, 2], [null, null, null], [2, null, 0]]);
  assert.equal(part.norm[1], null);
  assert.equal(part.angleFromPretrained, null);
});

test('equal networks are at distance 0, exactly, and so are close ones told apart', () => {
  const w = Array.from({ length: 1000 }, (_, index) => Math.fround(normal(randomKey(1, 'task'), index)));
  const close = w.map((value, index) => (index === 7 ? Math.fround(value + 1e-6) : value));
  const [gram] = gramsOf([[w.map((value) => value + 1)], [w], [w], [close]]);
  const { distance } = geometryOf('whole', gram, { places: [0, 1, 2, 3], count: 4, pretrained: null });
  assert.equal(distance[1][2], 0);
  const [again] = gramsOf([[w], [close]]);
  const wanted = Math.abs(close[7] - w[7]);
  assert.ok(Math.abs(geometryOf('whole', again, { places: [0, 1], count: 2, pretrained: null }).distance[0][1]! - wanted) < 1e-8 * wanted);
});

test('eigenvalues and vectors of a symmetric matrix', () => {
  const { values, vectors } = symmetricEigen([[2, 1, 0], [1, 2, 0], [0, 0, -5]]);
  assert.deepEqual(values.map((value) => Number(value.toFixed(12))), [3, 1, -5]);
  assert.ok(Math.abs(vectors[0][0] - Math.SQRT1_2) < 1e-12 && Math.abs(vectors[0][1] - Math.SQRT1_2) < 1e-12);
  const key = randomKey(3, 'task');
  const size = 9;
  const half = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => normal(key, i * size + j)));
  const matrix = half.map((row, i) => row.map((value, j) => value + half[j][i]));
  const eigen = symmetricEigen(matrix);
  for (const [index, vector] of eigen.vectors.entries()) {
    for (const [row, value] of vector.entries()) assert.ok(Math.abs(matrix[row].reduce((sum, entry, column) => sum + entry * vector[column], 0) - eigen.values[index] * value) < 1e-12);
  }
});

test('principal components: points on a line are one component, whatever the origin', () => {
  const [gram] = gramsOf([[[1, 1]], [[2, 3]], [[4, 7]]]);
  const { explained, variance, coordinates, networks } = principalComponents('whole', ['a', 'b', 'c'], gram);
  assert.deepEqual(networks, ['a', 'b', 'c']);
  assert.ok(Math.abs(explained[0] - 1) < 1e-12 && explained[1] < 1e-12);
  // Distances from the mean (7/3, 11/3) along the line.
  const wanted = [-4 / 3, -1 / 3, 5 / 3].map((step) => step * Math.sqrt(5));
  const sign = Math.sign(coordinates[2][0]);
  for (const [index, [value]] of coordinates.entries()) assert.ok(Math.abs(sign * value - wanted[index]) < 1e-12);
  assert.ok(Math.abs(variance[0] - wanted.reduce((sum, value) => sum + value ** 2, 0) / 2) < 1e-12);
  const [twins] = gramsOf([[[1, 1]], [[1, 1]]]);
  assert.deepEqual(principalComponents('whole', ['a', 'b'], twins).explained, [0]);
});

test('inner products of some of the networks', () => {
  const [gram] = gramsOf([[[1, 0]], [[0, 0]], [[3, 5]]]);
  assert.deepEqual(gramOf(gram, [0, 2]), { parameters: 2, first: 1, withFirst: [0, 2], displacements: [[0, 0], [0, 29]] });
});
