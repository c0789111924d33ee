/** Products that take more than one block: of images, of rows on the left, of windows, of panels on the right. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backend_util } from '@tensorflow/tfjs-core';
import { startWasm } from '../../src/backends/wasm/start.ts';
import { compareWithCpu, randomValues, type KernelCase } from './against-cpu.ts';

/** A group of images is 128 KB, a block of the left side 96 KB, of windows for a filter's gradient 256 KB. */
const CONVOLUTIONS: { x: [number, number, number, number]; filter: [number, number, number, number]; strides: [number, number]; pad: 'same' | 'valid' }[] = [
  { x: [5, 20, 21, 24], filter: [3, 3, 24, 20], strides: [1, 1], pad: 'same' }, // three images at once, then two
  { x: [3, 40, 38, 24], filter: [3, 3, 24, 9], strides: [2, 2], pad: 'same' }, // an image is more than a group
  { x: [9, 7, 7, 65], filter: [1, 1, 65, 17], strides: [1, 1], pad: 'valid' }, // read where it is
  { x: [2, 9, 9, 70], filter: [5, 5, 70, 12], strides: [1, 1], pad: 'same' }, // a row of the left side is 7 KB
];

test('convolutions of several blocks and their gradients equal the cpu back end', async (context) => {
  await startWasm();
  const cases = CONVOLUTIONS.flatMap(({ x: shape, filter: filterShape, strides, pad }, seed): KernelCase[] => {
    const info = backend_util.computeConv2DInfo(shape, filterShape, strides, 1, pad);
    const attrs = { strides, pad, dataFormat: 'NHWC', dilations: [1, 1] };
    const [x, filter, dy] = [randomValues(shape, seed), randomValues(filterShape, seed + 10), randomValues(info.outShape, seed + 20)];
    return [
      { kernel: 'Conv2D', inputs: { x, filter }, attrs },
      { kernel: 'Conv2DBackpropInput', inputs: { dy, filter }, attrs: { ...attrs, inputShape: shape } },
      { kernel: 'Conv2DBackpropFilter', inputs: { x, dy }, attrs: { ...attrs, filterShape } },
    ];
  });
  const { comparisons, worst, where } = await compareWithCpu('wasm', cases);
  context.diagnostic(`${comparisons} comparisons, worst difference ${worst.toExponential(1)}`);
  assert.equal(comparisons, 12);
  assert.ok(worst < 1e-3, where); // of sums of up to 2000 products of about 1
});

test('matrix products of several blocks equal the cpu back end, transposed or not', async (context) => {
  await startWasm();
  const cases = [false, true].flatMap((transposeA) => [false, true].map((transposeB): KernelCase => {
    const [m, k, n] = [203, 301, 19]; // a block is 80 rows
    const a = randomValues([2, ...(transposeA ? [k, m] : [m, k])], 1);
    const b = randomValues([2, ...(transposeB ? [n, k] : [k, n])], 2);
    return { kernel: 'BatchMatMul', inputs: { a, b }, attrs: { transposeA, transposeB } };
  }));
  const { worst, where } = await compareWithCpu('wasm', cases);
  context.diagnostic(`worst difference ${worst.toExponential(1)}`);
  assert.ok(worst < 1e-3, where);
});
