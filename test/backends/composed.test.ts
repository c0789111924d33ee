import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { registerComposedKernels } from '../../src/backends/composed.ts';
import { batchNormTraining, batchNormTrainingGrad, reluGrad } from '../../src/core/kernels.ts';
import { randomValues } from './against-cpu.ts';

const EPSILON = 1e-3;
const CHANNELS = 3;
const SHAPE = [2, 3, 2, CHANNELS];

/** The definition, in double precision. x is [rows, channels], flat. */
function reference(x: number[], scale: number[], offset: number[]): { y: number[]; mean: number[]; variance: number[] } {
  const rows = x.length / CHANNELS;
  const average = (of: (i: number) => number) => scale.map((_, c) => Array.from({ length: rows }, (_, row) => of(row * CHANNELS + c)).reduce((a, b) => a + b) / rows);
  const mean = average((i) => x[i]);
  const variance = average((i) => (x[i] - mean[i % CHANNELS]) ** 2);
  const y = x.map((value, i) => ((value - mean[i % CHANNELS]) / Math.sqrt(variance[i % CHANNELS] + EPSILON)) * scale[i % CHANNELS] + offset[i % CHANNELS]);
  return { y, mean, variance };
}

function assertClose(actual: tf.Tensor, expected: number[], what: string): void {
  const values = Array.from(actual.dataSync());
  assert.equal(values.length, expected.length, what);
  for (const [i, value] of expected.entries()) assert.ok(Math.abs(values[i] - value) < 1e-4, `${what}[${i}] is ${values[i]}, not ${value}`);
}

test('composed batch norm is its definition, and its gradient the derivative of it', async () => {
  await tf.setBackend('cpu');
  registerComposedKernels('cpu');
  registerComposedKernels('cpu'); // a second time changes nothing
  const [x, dy] = [randomValues(SHAPE, 1), randomValues(SHAPE, 2)].map(({ values }) => Array.from(values));
  const [scale, offset] = [randomValues([CHANNELS], 3), randomValues([CHANNELS], 4)].map(({ values }) => Array.from(values));
  const { y, mean, variance } = reference(x, scale, offset);
  const outputs = batchNormTraining(tf.tensor(x, SHAPE), tf.tensor1d(scale), tf.tensor1d(offset), EPSILON);
  assertClose(outputs.y, y, 'y');
  assertClose(outputs.mean, mean, 'mean');
  assertClose(outputs.variance, variance, 'variance');

  const loss = (at: number[][]): number => reference(at[0], at[1], at[2]).y.reduce((sum, value, i) => sum + value * dy[i], 0);
  const derivative = (which: number): number[] => [x, scale, offset][which].map((_, i) => {
    const [above, below] = [1e-5, -1e-5].map((step) => loss([x, scale, offset].map((values, k) => (k === which ? values.with(i, values[i] + step) : values))));
    return (above - below) / 2e-5;
  });
  const gradients = batchNormTrainingGrad(tf.tensor(x, SHAPE), tf.tensor(dy, SHAPE), tf.tensor1d(scale), outputs.mean, outputs.variance, EPSILON);
  for (const [which, name] of ['dx', 'dscale', 'doffset'].entries()) assertClose(gradients[which], derivative(which), name);
});

test('the composed gradient of relu passes what is above 0', async () => {
  await tf.setBackend('cpu');
  registerComposedKernels('cpu');
  assert.deepEqual(Array.from(reluGrad(tf.tensor1d([1, 2, 3]), tf.tensor1d([0, 0.5, 7])).dataSync()), [0, 2, 3]);
});
