/** Networks as points, and the Hessian, against NumPy, SciPy and PyTorch: what these gave before, and give now where Python is there. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import '../cpu-backend.ts';
import { symmetricEigen } from '../../../src/core/basin/eigen.ts';
import { geometryOf, principalComponents } from '../../../src/core/basin/geometry.ts';
import { addToGram, emptyGram } from '../../../src/core/basin/gram.ts';
import { hessianProduct, norm, topEigenvalue, type Gradient } from '../../../src/core/basin/hessian.ts';
import { hostWeights } from '../../../src/core/basin/host-weights.ts';
import { flatOf, lossGradientOf, withTrained } from '../../../src/core/basin/loss-gradient.ts';
import { datasetInMemory } from '../../../src/core/data.ts';
import type { NetworkSpec } from '../../../src/protocol/network.ts';
import { floatTensor } from '../../../src/protocol/tensor.ts';
import { uniform } from '../../reference/formula.ts';
import { pythonReference, runPython } from '../../reference/python.ts';

interface Reference {
  geometry: { norm: number[]; distance: number[][]; cosine: number[][]; angle: number[][]; variance: number[]; explained: number[]; coordinates: number[][]; eigenvalues: number[] };
  hessian: { loss: number; gradientNorm: number; topEigenvalue: number; trace: number; alongSigns: number };
}

const [NETWORKS, WEIGHTS] = [6, 500];
const [IMAGES, FEATURES, HIDDEN, CLASSES] = [40, 5, 6, 3];
/** Central differences of float32 gradients, beside the exact Hessian: as a share of the figure. */
const DIFFERENCES = 2e-3;

const points = Array.from({ length: NETWORKS }, (_, index) => Float32Array.from(uniform(`network ${index}`, WEIGHTS), (u) => 4 * u - 2));
const network: NetworkSpec = {
  name: 'bent',
  inputShape: [1, 1, FEATURES], classes: CLASSES, head: 'out',
  layers: [
    { kind: 'flatten', name: 'flat', inputs: ['images'] },
    { kind: 'dense', name: 'hidden', inputs: ['flat'], outputs: HIDDEN, bias: true },
    { kind: 'activation', name: 'bend', inputs: ['hidden'], function: 'tanh' },
    { kind: 'dense', name: 'out', inputs: ['bend'], outputs: CLASSES, bias: true },
  ],
};

/** @param numbersOf of a tensor by its number and size, in PyTorch's order */
function networkOf(numbersOf: (tensor: number, size: number) => Float32Array): ReturnType<typeof hostWeights> {
  const shapes: [string, number[]][] = [['hidden.weight', [HIDDEN, FEATURES]], ['hidden.bias', [HIDDEN]], ['out.weight', [CLASSES, HIDDEN]], ['out.bias', [CLASSES]]];
  return hostWeights(network, shapes.map(([name, shape], tensor) => floatTensor(name, shape, numbersOf(tensor, shape.reduce((a, b) => a * b, 1)))));
}

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string, tolerance = 1e-6): void {
  assert.equal(actual.length, expected.length, what);
  const worst = Math.max(...Array.from(actual, (value, index) => Math.abs(value - expected[index]) / Math.max(1, Math.abs(expected[index]))));
  assert.ok(worst <= tolerance, `${what}: off by ${worst}`);
}

const stored = JSON.parse(readFileSync('test/fixtures/reference/basin.json', 'utf8')) as Reference;
const python = await pythonReference();
const references: [string, Reference][] = [['stored', stored], ...(python === null ? [] : [['now', JSON.parse(await runPython(python, 'basin_fixture.py', [])) as Reference] as [string, Reference]])];
if (python === null) console.log(`Without Python: what ${join('test', 'fixtures', 'reference', 'basin.json')} holds stands for NumPy, SciPy and PyTorch`);

for (const [when, { geometry, hessian }] of references) {
  test(`distances, angles and principal components are those of NumPy and SciPy (${when})`, () => {
    const gram = emptyGram(NETWORKS);
    addToGram(gram, points);
    const places = points.map((_, place) => place);
    const part = geometryOf('whole', gram, { places, count: NETWORKS, pretrained: null });
    near(part.norm.map(Number), geometry.norm, 'norms');
    near(part.distance.flat().map(Number), geometry.distance.flat(), 'distances');
    near(part.cosine.flat().map(Number), geometry.cosine.flat(), 'cosines');
    const angles = part.angle.slice(1).map((row) => row.slice(1).map(Number));
    near(angles.flatMap((row, i) => row.filter((_, j) => i !== j)), geometry.angle.flatMap((row, i) => row.filter((_, j) => i !== j)), 'angles');
    const { variance, explained, coordinates } = principalComponents('whole', places.map(String), gram);
    near(variance, geometry.variance, 'variances');
    near(explained, geometry.explained, 'explained variances');
    near(coordinates.flat().map(Math.abs), geometry.coordinates.flat(), 'coordinates');
    const centred = points.map((point) => Float64Array.from(point, (value, weight) => value - points.reduce((sum, each) => sum + each[weight], 0) / NETWORKS));
    const matrix = centred.map((a) => centred.map((b) => a.reduce((sum, value, weight) => sum + value * b[weight], 0)));
    near(symmetricEigen(matrix).values, geometry.eigenvalues, 'eigenvalues');
  });

  test(`loss, gradient, top eigenvalue and trace of a Hessian are those of PyTorch's autograd and SciPy (${when})`, async () => {
    const examples = Float32Array.from(uniform('images', IMAGES * FEATURES), (u) => 2 * u - 1);
    const labels = Int32Array.from({ length: IMAGES }, (_, index) => index % CLASSES);
    const dataset = datasetInMemory({ examples, labels, shape: [1, 1, FEATURES], classes: CLASSES });
    const weights = networkOf((tensor, size) => Float32Array.from(uniform(`tensor ${tensor}`, size), (u) => 2 * u - 1));
    const slope = lossGradientOf({ network, normalization: { mean: [0], std: [1] }, dataset, batchSize: 16 });
    const flat = flatOf(network, weights);
    const gradient: Gradient = async (point) => (await slope(withTrained(network, weights, point))).gradient;
    const here = await slope(weights);
    near([here.loss, norm(here.gradient)], [hessian.loss, hessian.gradientNorm], 'loss and gradient');

    const product = hessianProduct(gradient, flat);
    const { value, converged } = await topEigenvalue(product, flat.length, { seed: 1, iterations: 100, tolerance: 1e-5 });
    assert.ok(converged);
    const share = (found: number, expected: number): number => Math.abs(found - expected) / Math.abs(expected);
    assert.ok(share(value, hessian.topEigenvalue) < DIFFERENCES, `top eigenvalue ${value}, PyTorch's ${hessian.topEigenvalue}`);
    const all = uniform('signs', flat.length);
    let start = 0;
    const signs = flatOf(network, networkOf((_, size) => Float32Array.from(all.subarray(start, (start += size)), (u) => (u < 0.5 ? -1 : 1))));
    const image = await product(signs);
    const along = image.reduce((sum, entry, index) => sum + entry * signs[index], 0);
    assert.ok(share(along, hessian.alongSigns) < DIFFERENCES, `z'Hz ${along}, PyTorch's ${hessian.alongSigns}`);
    // The trace is the sum over unit vectors.
    let trace = 0;
    for (let index = 0; index < flat.length; index++) trace += (await product(Float32Array.from(flat, (_, place) => (place === index ? 1 : 0))))[index];
    assert.ok(share(trace, hessian.trace) < DIFFERENCES, `trace ${trace}, PyTorch's ${hessian.trace}`);
  });
}
