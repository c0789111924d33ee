import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backend_util, engine, setBackend, tensor, type NamedAttrMap } from '@tensorflow/tfjs-core';
import { startWasm } from '../../src/backends/wasm/start.ts';
import { compareWithCpu, randomValues, type KernelCase } from './against-cpu.ts';

type Pad = 'valid' | 'same' | number | backend_util.ExplicitPadding;
interface Pooling {
  inputShape: [number, number, number, number];
  outShape: [number, number, number, number];
  attrs: NamedAttrMap;
  padded: boolean;
}

function poolings(channels: number): Pooling[] {
  const found: Pooling[] = [];
  for (const size of [[5, 5], [6, 6], [7, 8], [8, 5]]) for (const filterSize of [[1, 1], [2, 2], [3, 3], [3, 2]]) {
    for (const strides of [[1, 1], [2, 2], [3, 3], [1, 2]]) for (const pad of ['valid', 'same', 0, 1, [[0, 0], [0, 1], [1, 0], [0, 0]]] as Pad[]) {
      const square = filterSize[0] === filterSize[1] && strides[0] === strides[1];
      if (typeof pad === 'number' && (!square || pad >= filterSize[0])) continue;
      if (typeof pad === 'object' && filterSize[0] < 2) continue; // a window that holds padding only has no value
      const inputShape: [number, number, number, number] = [2, size[0], size[1], channels];
      const info = backend_util.computePool2DInfo(inputShape, filterSize as [number, number], strides as [number, number], 1, pad);
      const { top, bottom, left, right } = info.padInfo;
      found.push({ inputShape, outShape: info.outShape, attrs: { filterSize, strides, pad }, padded: top + bottom + left + right > 0 });
    }
  }
  return found;
}

test('pooling and the gradients of it equal the cpu back end', async (context) => {
  await startWasm();
  const cases = poolings(3).flatMap(({ inputShape, outShape, attrs, padded }, seed): KernelCase[] => {
    const input = randomValues(inputShape, seed);
    const dy = randomValues(outShape, seed + 1);
    return [
      { kernel: 'MaxPool', inputs: { x: input }, attrs },
      { kernel: 'AvgPool', inputs: { x: input }, attrs },
      // With padding the cpu back end divides by the whole filter where its own forward pass does not: see below.
      ...(padded ? [] : [{ kernel: 'AvgPoolGrad', inputs: { dy, input }, attrs }]),
    ];
  });
  const { comparisons, worst, where } = await compareWithCpu('wasm', cases);
  context.diagnostic(`${comparisons} comparisons, worst difference ${worst.toExponential(1)}`);
  assert.ok(comparisons > 400);
  assert.ok(worst < 1e-4, where);
});

test('the gradient of max pooling equals the cpu back end, ties included', async (context) => {
  await startWasm();
  const cases = [];
  for (const [seed, { inputShape, outShape, attrs }] of poolings(3).entries()) {
    const input = randomValues(inputShape, seed);
    // Halves make many ties, of which the first must win.
    for (const values of [input.values, input.values.map((value) => Math.round(value * 2) / 2)]) {
      cases.push({ attrs, input: { shape: inputShape, values }, dy: randomValues(outShape, seed + 1) });
    }
  }
  await setBackend('cpu');
  const complete = cases.map(({ attrs, input, dy }): KernelCase => {
    const output = engine().runKernel('MaxPool', { x: tensor(input.values, input.shape) }, attrs);
    const { shape } = [output].flat()[0];
    return { kernel: 'MaxPoolGrad', inputs: { dy, input, output: { shape, values: [output].flat()[0].dataSync() as Float32Array } }, attrs };
  });
  const { comparisons, worst, where } = await compareWithCpu('wasm', complete);
  context.diagnostic(`${comparisons} comparisons, worst difference ${worst.toExponential(1)}`);
  assert.ok(worst < 1e-4, where);
});

test('the gradient of average pooling is the transpose of its forward pass, padding included', async (context) => {
  await startWasm();
  let worst = 0;
  const all = poolings(1);
  for (const [seed, { inputShape: [, height, width], outShape: [, outHeight, outWidth], attrs }] of all.entries()) {
    const pixels = height * width;
    const outputs = outHeight * outWidth;
    // Image k of the batch is 1 at pixel k and 0 elsewhere: the outputs are the rows of the Jacobian's transpose.
    const units = tensor(Float32Array.from({ length: pixels * pixels }, (_, i) => Number(i % pixels === Math.floor(i / pixels))), [pixels, height, width, 1]);
    const dy = randomValues([1, outHeight, outWidth, 1], seed);
    const jacobian = [engine().runKernel('AvgPool', { x: units }, attrs)].flat()[0].dataSync();
    const input = tensor(new Float32Array(pixels), [1, height, width, 1]);
    const gradient = [engine().runKernel('AvgPoolGrad', { dy: tensor(dy.values, dy.shape), input }, attrs)].flat()[0].dataSync();
    for (let k = 0; k < pixels; k++) {
      let expected = 0;
      for (let o = 0; o < outputs; o++) expected += dy.values[o] * jacobian[k * outputs + o];
      worst = Math.max(worst, Math.abs(expected - gradient[k]));
    }
  }
  context.diagnostic(`${all.length} comparisons, worst difference ${worst.toExponential(1)}`);
  assert.ok(worst < 1e-4);
});
