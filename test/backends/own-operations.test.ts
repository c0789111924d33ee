/** The operations of our own against TensorFlow's: close on every shape, the same bits on any number of threads, an error for what does not fit. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { findLibrary } from '../../src/backends/tensorflow/library.ts';
import { loadOwnOperations, OWN_OPERATIONS, OWN_OPERATIONS_FILE, presentOperations, withOwnOperations } from '../../src/backends/tensorflow/own-operations.ts';
import { startTensorflow } from '../../src/backends/tensorflow/start.ts';
import { randomValues } from './against-cpu.ts';

await startTensorflow({ threads: 1 });
const backend = tf.backend() as NodeJSKernelBackend;

const random = (shape: number[], seed: number, spread = 1, centre = 0): tf.Tensor => tf.tensor(randomValues(shape, seed).values.map((value) => spread * value + centre), shape);
const run = (kernel: string, inputs: Record<string, tf.Tensor>, attrs: object = {}): tf.Tensor[] => [tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(kernel, inputs, attrs as tf.NamedAttrMap)].flat();
const numbers = (tensors: readonly tf.Tensor[]): Float32Array[] => tensors.map((tensor) => tensor.dataSync() as Float32Array);

/** Which operations of TensorFlow, or ours, a kernel runs. */
function operationsOf(work: () => void): string[] {
  const { binding } = backend;
  const names: string[] = [];
  const executeOp: typeof binding.executeOp = (name, attrs, inputs, count) => {
    names.push(name);
    return binding.executeOp(name, attrs, inputs, count);
  };
  backend.binding = Object.create(binding, { executeOp: { value: executeOp } }) as typeof binding;
  try {
    work();
  } finally {
    backend.binding = binding;
  }
  return names;
}

/** The worst difference between ours and TensorFlow's, as a part of the largest number of an output. `ours` must really have run. */
function difference(ours: string, kernel: string, inputs: Record<string, tf.Tensor>, attrs: object = {}): number {
  let outputs: Float32Array[] = [];
  const names = operationsOf(() => (outputs = withOwnOperations('all', () => numbers(run(kernel, inputs, attrs)))));
  assert(names.includes(ours), `${kernel} ran ${names.join(', ')}`);
  const stock = withOwnOperations('none', () => numbers(run(kernel, inputs, attrs)));
  assert.deepEqual(outputs.map(({ length }) => length), stock.map(({ length }) => length));
  return Math.max(...outputs.map((values, place) => {
    const largest = stock[place].reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    return values.reduce((worst, value, index) => (Number.isNaN(value) ? NaN : Math.max(worst, Math.abs(value - stock[place][index]))), 0) / largest;
  }));
}

const BATCH_NORMS = [[3, 8], [2, 3, 5, 8], [4, 7, 7, 16], [5, 6, 5, 24], [3, 14, 13, 32], [64, 40], [2, 5, 5, 64], [2, 3, 3, 72], [1, 9, 1, 320], [600, 96]];

for (const shape of BATCH_NORMS) {
  test(`batch norm and its gradient of [${shape}] are TensorFlow's within 1e-5`, () =>
    void tf.tidy(() => {
      const channels = shape.slice(-1);
      for (const [spread, centre] of [[1, 0], [0.05, 3], [3, -2]]) {
        const [x, dy] = [random(shape, 1, spread, centre), random(shape, 2)];
        const [scale, offset] = [random(channels, 3, 0.5, 1), random(channels, 4)];
        const [, mean, variance] = run('BatchNormTraining', { x, scale, offset }, { epsilon: 1e-5 });
        const forward = difference('StarsseBatchNorm', 'BatchNormTraining', { x, scale, offset }, { epsilon: 1e-5 });
        const backward = difference('StarsseBatchNormGrad', 'BatchNormTrainingGrad', { x, dy, scale, mean, variance }, { epsilon: 1e-5 });
        assert(forward < 1e-5 && backward < 1e-5, `spread ${spread}: ${forward}, ${backward}`);
      }
    }));
}

test('a variance far from 0 is not lost: numbers of 1,000 that are 0.01 apart', () =>
  void tf.tidy(() => {
    const values = Float32Array.from({ length: 4096 * 8 }, (_, index) => 1000 + 0.01 * Math.sin(index));
    const [, mean, variance] = withOwnOperations('all', () => numbers(run('BatchNormTraining', { x: tf.tensor(values, [4096, 8]), scale: tf.ones([8]), offset: tf.zeros([8]) }, { epsilon: 1e-5 })));
    for (let channel = 0; channel < 8; channel++) {
      const column = Array.from({ length: 4096 }, (_, row) => values[8 * row + channel]);
      const average = column.reduce((sum, value) => sum + value, 0) / 4096;
      const expected = column.reduce((sum, value) => sum + (value - average) ** 2, 0) / 4096;
      assert(Math.abs(mean[channel] - average) < 1e-3);
      assert(Math.abs(variance[channel] / expected - 1) < 1e-3, `${variance[channel]}, not ${expected}`);
    }
  }));

/** height, width, channels in and out, filter, stride, padding. */
type Case = [number, number, number, number, number, number, 'valid' | 'same' | number];
const CONVOLUTIONS: Case[] = [
  [8, 8, 8, 8, 3, 1, 'same'], [28, 28, 16, 16, 3, 1, 'same'], [7, 9, 5, 24, 3, 1, 'same'], [6, 6, 1, 16, 3, 1, 'same'], [6, 6, 3, 8, 5, 1, 'valid'], [9, 7, 8, 16, 1, 1, 'valid'],
  [28, 28, 16, 32, 3, 2, 1], [14, 13, 32, 64, 3, 2, 1], [14, 14, 16, 32, 1, 2, 'valid'], [15, 15, 24, 40, 5, 3, 2], [13, 12, 8, 8, 2, 2, 'valid'], [11, 11, 8, 16, 3, 2, 'same'], [10, 10, 16, 8, 3, 4, 'valid'],
  [3, 3, 8, 8, 3, 2, 1], [1, 1, 8, 8, 3, 1, 'same'], [5, 5, 16, 16, 7, 2, 3],
];

for (const [height, width, channels, outputs, size, stride, padding] of CONVOLUTIONS) {
  test(`gradients of a convolution ${height} x ${width} x ${channels} to ${outputs}, filter ${size}, stride ${stride}, padding ${padding} are TensorFlow's within 1e-5`, () =>
    void tf.tidy(() => {
      for (const count of [1, 3, 6]) {
        const pad = typeof padding === 'number' ? [[0, 0], [padding, padding], [padding, padding], [0, 0]] : padding;
        const attrs = { strides: stride, pad, dataFormat: 'NHWC' };
        const [x, filter] = [random([count, height, width, channels], 1), random([size, size, channels, outputs], 2)];
        const [y] = run('Conv2D', { x, filter }, { ...attrs, dilations: 1 });
        const dy = random(y.shape, 3);
        const ofFilter = difference('StarsseFilterGradient', 'Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: filter.shape });
        assert(ofFilter < 1e-5, `filter, ${count} images: ${ofFilter}`);
        if (stride === 1 || channels % 8 !== 0) continue;
        const ofImages = difference('StarsseInputGradient', 'Conv2DBackpropInput', { dy, filter }, { ...attrs, inputShape: x.shape });
        assert(ofImages < 1e-5, `images, ${count}: ${ofImages}`);
      }
    }));
}

test('what ours cannot do is TensorFlow\'s: channels that are no multiple of 8, two strides', () =>
  void tf.tidy(() => {
    const names = operationsOf(() =>
      withOwnOperations('all', () => {
        run('BatchNormTraining', { x: random([4, 12], 1), scale: tf.ones([12]), offset: tf.zeros([12]) }, { epsilon: 1e-5 });
        run('Conv2DBackpropFilter', { x: random([1, 4, 4, 8], 1), dy: random([1, 4, 4, 12], 2) }, { strides: 1, pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 8, 12] });
        run('Conv2DBackpropFilter', { x: random([1, 4, 4, 8], 1), dy: random([1, 2, 4, 8], 2) }, { strides: [2, 1], pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 8, 8] });
      }),
    );
    assert.deepEqual(names.filter((name) => name.startsWith('Starsse')), []);
  }));

/** Of a kernel with all of our operations and with none. */
function bothWays(kernel: string, inputs: Record<string, tf.Tensor>, attrs: object): Float32Array[][] {
  return (['all', 'none'] as const).map((which) => withOwnOperations(which, () => numbers(run(kernel, inputs, attrs))));
}

test('SGD by one operation has the bits of SGD by six', () =>
  void tf.tidy(() => {
    const inputs = { weight: random([33, 7], 1), gradient: random([33, 7], 2), velocity: random([33, 7], 3), rate: tf.scalar(0.037), momentum: tf.scalar(0.9), minusDecay: tf.scalar(-5e-4) };
    for (const decays of [false, true]) {
      for (const nesterov of [false, true]) {
        const [ours, stock] = bothWays('SgdUpdate', inputs, { decays, nesterov });
        assert.deepEqual(ours, stock);
      }
    }
  }));

test('AdamW by one operation has the bits of AdamW by twelve', () =>
  void tf.tidy(() => {
    const scalars = { beta1: 0.9, rest1: 1 - 0.9, beta2: 0.999, rest2: 1 - 0.999, correction: 3.7, epsilon: 1e-8, pace: 0.0123, shrink: 0.9985 };
    const inputs = { weight: random([33, 7], 1), gradient: random([33, 7], 2, 0.01), moment1: random([33, 7], 3, 0.01), moment2: tf.square(random([33, 7], 4, 0.01)) };
    for (const decays of [false, true]) {
      const [ours, stock] = bothWays('AdamwUpdate', { ...inputs, ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, tf.scalar(value)])) }, { decays });
      assert.deepEqual(ours, stock);
      assert.notDeepEqual(ours[0], numbers([inputs.weight])[0]);
    }
  }));

for (const shape of [[3, 8], [2, 5, 24], [7, 192], [3, 49, 96], [2, 130, 768]]) {
  test(`layer norm and its gradient of [${shape}] are those of TensorFlow's operations within 1e-5`, () =>
    void tf.tidy(() => {
      const channels = shape.slice(-1);
      for (const [spread, centre] of [[1, 0], [0.05, 3], [3, -2]]) {
        const [x, dy] = [random(shape, 1, spread, centre), random(shape, 2)];
        const [scale, offset] = [random(channels, 3, 0.5, 1), random(channels, 4)];
        const [, mean, variance] = run('LayerNorm', { x, scale, offset }, { epsilon: 1e-6 });
        const forward = difference('StarsseLayerNorm', 'LayerNorm', { x, scale, offset }, { epsilon: 1e-6 });
        const backward = difference('StarsseLayerNormGrad', 'LayerNormGrad', { x, dy, scale, mean, variance }, { epsilon: 1e-6 });
        assert(forward < 1e-5 && backward < 1e-5, `spread ${spread}: ${forward}, ${backward}`);
      }
    }));
}

for (const size of [5, 8, 37, 5000]) {
  test(`GELU of ${size} numbers and its gradient are those of TensorFlow's operations within 1e-6`, () =>
    void tf.tidy(() => {
      for (const spread of [0.01, 1, 5, 50]) {
        const [x, dy] = [random([size], 1, spread), random([size], 2)];
        const apart = [difference('StarsseGelu', 'Gelu', { x }), difference('StarsseGeluGrad', 'GeluGrad', { x, dy })];
        assert(apart.every((each) => each < 1e-6), `spread ${spread}: ${apart.join(', ')}`);
      }
    }));
}

for (const shape of [[1], [3, 7], [5, 8], [2, 3, 17, 49], [4, 197], [1, 1000]]) {
  test(`softmax of [${shape}] is TensorFlow's within 1e-6`, () =>
    void tf.tidy(() => {
      for (const [spread, centre] of [[1, 0], [30, 0], [0.01, -500], [1, 80]]) {
        const apart = difference('StarsseSoftmax', 'Softmax', { logits: random(shape, 1, spread, centre) });
        assert(apart < 1e-6, `spread ${spread}, centre ${centre}: ${apart}`);
      }
    }));
}

test('softmax at its ends: nothing of what lies far below, and not a number spreads over its row alone', () =>
  void tf.tidy(() => {
    const rows = [[0, -200, -Infinity, -86], [NaN, 1, 2, 3], [5, 5, 5, 5], [Infinity, 0, 0, 0], [-Infinity, -Infinity, -Infinity, -Infinity]];
    for (const columns of [4, 11]) {
      const filled = rows.map((row) => [...row, ...Array<number>(columns - 4).fill(-Infinity)]);
      const [[ours], [stock]] = bothWays('Softmax', { logits: tf.tensor2d(filled) }, { dim: -1 });
      ours.forEach((value, index) => assert(Object.is(value, stock[index]) || Math.abs(value - stock[index]) < 1e-7, `${index}: ${value}, not ${stock[index]}`));
    }
  }));

test('the bits do not depend on the number of threads', () =>
  void tf.tidy(() => {
    const { folder, binding } = findLibrary('cpu')!;
    const [x, dy, filter] = [random([7, 20, 20, 16], 1), random([7, 10, 10, 24], 2), random([3, 3, 16, 24], 3)];
    const [ones, zeros] = [tf.ones([16]), tf.zeros([16])];
    const [once, ...others] = [1, 2, 3, 8].map((threads) => {
      loadOwnOperations(join(folder, binding), threads);
      return withOwnOperations('all', () => {
        const attrs = { strides: 2, pad: 'same', dataFormat: 'NHWC' };
        const [y, mean, variance] = run('BatchNormTraining', { x, scale: ones, offset: zeros }, { epsilon: 1e-5 });
        const gradients = run('BatchNormTrainingGrad', { x, dy: y, scale: ones, mean, variance }, { epsilon: 1e-5 });
        const layers = [...run('Softmax', { logits: x }), ...run('Gelu', { x }), ...run('LayerNorm', { x, scale: ones, offset: zeros }, { epsilon: 1e-6 })];
        layers.push(...run('LayerNormGrad', { x, dy: y, scale: ones, mean: layers[3], variance: layers[4] }, { epsilon: 1e-6 }), ...run('GeluGrad', { x, dy: y }));
        return numbers([y, mean, variance, ...gradients, ...run('Conv2DBackpropFilter', { x, dy }, { ...attrs, filterShape: filter.shape }), ...run('Conv2DBackpropInput', { dy, filter }, { ...attrs, inputShape: x.shape }), ...layers]);
      });
    });
    for (const other of others) assert.deepEqual(other, once);
    loadOwnOperations(join(folder, binding), 1);
  }));

test('a torn file of operations leaves those that there are, and says so', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'starsse-operations-'));
  writeFileSync(join(folder, OWN_OPERATIONS_FILE), 'torn');
  const log = context.mock.method(console, 'log', () => undefined);
  loadOwnOperations(join(folder, 'tfjs_binding.node'), 1);
  assert.match(String(log.mock.calls[0].arguments[0]), /Without the operations of our own/);
  assert.deepEqual(presentOperations(), OWN_OPERATIONS);
  rmSync(folder, { recursive: true });
});

test('a shape that does not fit is an error, not the end of the process', () =>
  void tf.tidy(() => {
    const { TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_ATTR_INT } = backend.binding;
    const whole = (values: Record<string, number>) => Object.entries(values).map(([name, value]) => ({ name, type: TF_ATTR_INT, value }));
    const epsilon = { name: 'epsilon', type: TF_ATTR_FLOAT, value: 1e-5 };
    const [eight, twelve] = [tf.ones([8]), tf.ones([12])];
    const wrong: [string, Parameters<NodeJSKernelBackend['executeMultipleOutputs']>[1], tf.Tensor[], number][] = [
      ['StarsseBatchNorm', [epsilon, { name: 'relu', type: TF_ATTR_BOOL, value: true }], [random([4, 12], 1), twelve, twelve], 3],
      ['StarsseBatchNorm', [epsilon, { name: 'relu', type: TF_ATTR_BOOL, value: true }], [tf.zeros([0, 8]), eight, eight], 3],
      ['StarsseBatchNormGrad', [epsilon], [random([3, 8], 1), random([4, 8], 1), eight, eight, eight], 3],
      ['StarsseBatchNormReluGrad', [epsilon], [random([4, 8], 1), random([4, 8], 1), eight, eight, eight, eight], 3],
      ['StarsseFilterGradient', whole({ height: 3, width: 3, stride: 0, top: 1, left: 1 }), [random([1, 4, 4, 8], 1), random([1, 4, 4, 8], 1)], 1],
      ['StarsseFilterGradient', whole({ height: 3, width: 3, stride: 1, top: 1, left: 1 }), [random([1, 4, 4, 8], 1), random([2, 4, 4, 8], 1)], 1],
      ['StarsseInputGradient', whole({ height: 4, width: 4, stride: 2, top: 0, left: 0 }), [random([3, 3, 12, 8], 1), random([1, 2, 2, 8], 1)], 1],
      ['StarsseSgd', ['decays', 'nesterov'].map((name) => ({ name, type: TF_ATTR_BOOL, value: true })), [eight, twelve, eight, tf.scalar(1), tf.scalar(1), tf.scalar(1)], 2],
      ['StarsseAdamw', [{ name: 'decays', type: TF_ATTR_BOOL, value: true }], [eight, eight, eight, twelve, ...Array.from({ length: 8 }, () => tf.scalar(1))], 3],
      ['StarsseAdamw', [{ name: 'decays', type: TF_ATTR_BOOL, value: true }], [eight, eight, eight, eight, eight, ...Array.from({ length: 7 }, () => tf.scalar(1))], 3],
      ['StarsseSoftmax', [], [tf.zeros([0, 8])], 1],
      ['StarsseLayerNorm', [epsilon], [random([4, 12], 1), twelve, twelve], 3],
      ['StarsseLayerNormGrad', [epsilon], [random([4, 8], 1), random([4, 8], 1), eight, eight, eight], 3],
      ['StarsseGeluGrad', [], [eight, twelve], 1],
    ];
    for (const [name, attrs, inputs, outputs] of wrong) assert.throws(() => backend.executeMultipleOutputs(name, attrs, inputs, outputs), /do not fit/, name);
    // Every shape fits a GELU.
    assert.deepEqual(new Set(wrong.map(([name]) => name)), new Set(OWN_OPERATIONS.filter((name) => name !== 'StarsseGelu')));
  }));
