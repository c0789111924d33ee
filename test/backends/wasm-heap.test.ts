import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-cpu';
import { registerComposedKernels } from '../../src/backends/composed.ts';
import { startWasm } from '../../src/backends/wasm/start.ts';
import { compareWithCpu, randomValues, type KernelCase } from './against-cpu.ts';
import { startTraining } from './small-training.ts';

type Heap = BackendWasm & { wasm: { HEAPU8: Uint8Array } };

test('a step that makes the heap grow gives the same bits as one that finds it grown', async () => {
  await startWasm();
  const heapBytes = (): number => (tf.backend() as Heap).wasm.HEAPU8.length;
  const results = [];
  for (let time = 0; time < 2; time++) {
    const before = heapBytes();
    const training = startTraining('resnet-8', [28, 28, 1], 32, 0.05);
    const loss = await training.step();
    results.push({ loss, weights: await training.weights(), grown: heapBytes() / before });
    training.dispose();
  }
  const [growing, grown] = results;
  assert.ok(growing.grown > 2, `the heap grew ${growing.grown} times`);
  assert.equal(grown.grown, 1);
  assert.ok(Number.isFinite(grown.loss));
  assert.equal(growing.loss, grown.loss);
  assert.deepEqual(growing.weights, grown.weights);
});

/**
 * Makes every allocation do what a growing heap does: detach all views made before. Views are handed out on copies, which
 * are written back and detached by the next allocation, release or read.
 */
function detachAtEveryAllocation(backend: Heap): () => void {
  const copies: { copy: Uint8Array; offset: number }[] = [];
  const writeBack = (): void => {
    for (const { copy, offset } of copies.splice(0)) {
      backend.wasm.HEAPU8.set(copy, offset);
      structuredClone(copy.buffer, { transfer: [copy.buffer as ArrayBuffer] });
    }
  };
  const { makeOutput, disposeData, readSync, typedArrayFromHeap } = backend;
  backend.makeOutput = (...args) => {
    writeBack();
    return makeOutput.apply(backend, args);
  };
  backend.disposeData = (...args) => {
    writeBack();
    return disposeData.apply(backend, args);
  };
  backend.readSync = (...args) => {
    writeBack();
    return readSync.apply(backend, args);
  };
  backend.typedArrayFromHeap = (tensor) => {
    const view = typedArrayFromHeap.call(backend, tensor).slice();
    copies.push({ copy: new Uint8Array(view.buffer), offset: backend.getMemoryOffset(tensor.dataId) });
    return view;
  };
  return () => Object.assign(backend, { makeOutput, disposeData, readSync, typedArrayFromHeap });
}

test('no kernel keeps a view of the heap over an allocation', async () => {
  await startWasm();
  registerComposedKernels('cpu');
  const restore = detachAtEveryAllocation(tf.backend() as Heap);
  try {
    const { comparisons, worst, where } = await compareWithCpu('wasm', everyKernel());
    assert.equal(comparisons, 24);
    assert.ok(worst < 1e-4, where);
  } finally {
    restore();
  }
});

function everyKernel(): KernelCase[] {
  const x = randomValues([2, 6, 7, 4], 1);
  const channels = (seed: number) => randomValues([4], seed);
  const variance = { shape: [4], values: Float32Array.of(0.5, 1, 2, 3) };
  const conv = { strides: [2, 2], pad: 'same', dataFormat: 'NHWC' };
  const depthwise = { strides: [2, 2], pad: 'same', dilations: [1, 1] };
  const pool = { filterSize: [2, 2], strides: [2, 2], pad: 'valid' };
  const pooled = randomValues([2, 3, 3, 4], 6);
  const dy = randomValues([2, 3, 4, 5], 2);
  const filter = randomValues([3, 3, 4, 5], 3);
  const deep = randomValues([3, 3, 4, 2], 4);
  const dyDeep = randomValues([2, 3, 4, 8], 5);
  const flat = randomValues([3, 3, 4, 1], 10); // one output a channel goes another way
  const single = randomValues([2, 3, 4, 4], 11);
  return [
    { kernel: 'BatchNormTraining', inputs: { x, scale: channels(7), offset: channels(8) }, attrs: { epsilon: 1e-3 } },
    { kernel: 'BatchNormTrainingGrad', inputs: { x, dy: randomValues(x.shape, 9), scale: channels(7), mean: channels(8), variance }, attrs: { epsilon: 1e-3 } },
    { kernel: 'FusedBatchNorm', inputs: { x, mean: channels(7), variance, offset: channels(8), scale: channels(9) }, attrs: { varianceEpsilon: 1e-3 } },
    { kernel: 'ReluGrad', inputs: { dy: randomValues(x.shape, 9), y: x }, attrs: {} },
    { kernel: 'Relu6Grad', inputs: { dy: randomValues(x.shape, 9), y: x }, attrs: {} },
    { kernel: 'OneHot', inputs: { indices: { shape: [3], values: Int32Array.of(2, 0, 1) } }, attrs: { depth: 3, onValue: 1, offValue: 0, dtype: 'float32' } },
    { kernel: 'Conv2D', inputs: { x, filter }, attrs: { ...conv, dilations: [1, 1] } },
    { kernel: 'Conv2DBackpropInput', inputs: { dy, filter }, attrs: { ...conv, inputShape: x.shape } },
    { kernel: 'Conv2DBackpropFilter', inputs: { x, dy }, attrs: { ...conv, filterShape: filter.shape } }, // as a product
    { kernel: 'Conv2DBackpropFilter', inputs: { x: dyDeep, dy }, attrs: { ...conv, strides: [1, 1], filterShape: [3, 3, 8, 5] } }, // as a convolution
    { kernel: 'DepthwiseConv2dNative', inputs: { x, filter: deep }, attrs: depthwise },
    { kernel: 'DepthwiseConv2dNativeBackpropInput', inputs: { dy: dyDeep, filter: deep }, attrs: { ...depthwise, inputShape: x.shape } },
    { kernel: 'DepthwiseConv2dNativeBackpropFilter', inputs: { x, dy: dyDeep }, attrs: { ...depthwise, filterShape: deep.shape } },
    { kernel: 'DepthwiseConv2dNativeBackpropInput', inputs: { dy: single, filter: flat }, attrs: { ...depthwise, inputShape: x.shape } },
    { kernel: 'DepthwiseConv2dNativeBackpropFilter', inputs: { x, dy: single }, attrs: { ...depthwise, filterShape: flat.shape } },
    { kernel: 'MaxPoolGrad', inputs: { dy: pooled, input: { shape: [2, 6, 6, 4], values: new Float32Array(288) }, output: { shape: [2, 3, 3, 4], values: new Float32Array(72) } }, attrs: pool },
    { kernel: 'AvgPoolGrad', inputs: { dy: pooled, input: { shape: [2, 6, 6, 4], values: new Float32Array(288) } }, attrs: pool },
    { kernel: 'UnsortedSegmentSum', inputs: { x: filter, segmentIds: { shape: [3], values: Int32Array.of(1, 0, 1) } }, attrs: { numSegments: 3 } },
    { kernel: 'BatchMatMul', inputs: { a: randomValues([5, 3], 1), b: randomValues([4, 5], 2) }, attrs: { transposeA: true, transposeB: true } },
    { kernel: 'Slice', inputs: { x }, attrs: { begin: [0, 1, 1, 0], size: [2, 3, 4, 4] } },
  ];
}
