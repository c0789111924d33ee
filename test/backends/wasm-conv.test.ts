import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backend_util } from '@tensorflow/tfjs-core';
import { startWasm } from '../../src/backends/wasm/start.ts';
import { compareWithCpu, randomValues, type KernelCase } from './against-cpu.ts';

const SIZES: [number, number][] = [[5, 5], [6, 6], [7, 8], [8, 5]];
const FILTERS: [number, number][] = [[1, 1], [2, 2], [3, 3], [3, 2], [5, 5]];
const STRIDES: [number, number][] = [[1, 1], [2, 2], [3, 3], [1, 2], [3, 1]];
const PADS = ['valid', 'same', 0, 1, 2, [[0, 0], [1, 2], [0, 1], [0, 0]]] as ('valid' | 'same' | number | backend_util.ExplicitPadding)[];

/** Forward pass and both gradients for every combination that has an output; channels as [input, output or multiplier]. */
function convCases(channels: [number, number][], depthwise: boolean): KernelCase[] {
  const cases: KernelCase[] = [];
  for (const size of SIZES) for (const filter of FILTERS) for (const strides of STRIDES) for (const pad of PADS) {
    // With one number as padding tfjs-core takes the output's width from the filter's height and the vertical stride.
    if (typeof pad === 'number' && (filter[0] !== filter[1] || strides[0] !== strides[1])) continue;
    const [inChannels, last] = channels[cases.length % channels.length];
    const inputShape: [number, number, number, number] = [2, ...size, inChannels];
    const filterShape: [number, number, number, number] = [...filter, inChannels, last];
    const info = backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, undefined, depthwise);
    if (info.outHeight < 1 || info.outWidth < 1) continue;
    const x = randomValues(inputShape, cases.length);
    const w = randomValues(filterShape, cases.length + 1);
    const dy = randomValues(info.outShape, cases.length + 2);
    const attrs = { strides, pad, dilations: [1, 1], ...(depthwise ? {} : { dataFormat: 'NHWC' }) };
    const [forward, backInput, backFilter] = depthwise
      ? ['DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter']
      : ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'];
    cases.push({ kernel: forward, inputs: { x, filter: w }, attrs });
    cases.push({ kernel: backInput, inputs: { dy, filter: w }, attrs: { ...attrs, inputShape } });
    cases.push({ kernel: backFilter, inputs: { x, dy }, attrs: { ...attrs, filterShape } });
  }
  return cases;
}

test('convolutions and their gradients equal the cpu back end', async (context) => {
  await startWasm();
  const { comparisons, worst, where } = await compareWithCpu('wasm', convCases([[1, 4], [3, 5], [4, 8]], false));
  context.diagnostic(`${comparisons} comparisons, worst difference ${worst.toExponential(1)}`);
  assert.ok(comparisons > 1000);
  assert.ok(worst < 1e-4, where);
});

test('depthwise convolutions and their gradients equal the cpu back end', async (context) => {
  await startWasm();
  const { comparisons, worst, where } = await compareWithCpu('wasm', convCases([[1, 1], [3, 1], [4, 2], [2, 3]], true));
  context.diagnostic(`${comparisons} comparisons, worst difference ${worst.toExponential(1)}`);
  assert.ok(comparisons > 1000);
  assert.ok(worst < 1e-4, where);
});
