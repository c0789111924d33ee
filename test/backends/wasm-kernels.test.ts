import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { registerComposedKernels } from '../../src/backends/composed.ts';
import { startWasm } from '../../src/backends/wasm/start.ts';
import { compareWithCpu, randomValues, type KernelCase } from './against-cpu.ts';

async function expectEqual(context: TestContext, cases: KernelCase[]): Promise<void> {
  await startWasm();
  const { comparisons, worst, where } = await compareWithCpu('wasm', cases);
  context.diagnostic(`${comparisons} comparisons, worst difference ${worst.toExponential(1)}`);
  assert.ok(worst < 1e-4, where);
}

test('matrix products equal the cpu back end, transposed or not, in batches or not', async (context) => {
  const cases: KernelCase[] = [];
  for (const [rows, inner, columns] of [[1, 1, 1], [5, 3, 4], [64, 50, 10], [7, 65, 33]]) for (const [batchA, batchB] of [[[], []], [[1], [1]], [[3], [3]], [[2, 3], [1, 3]], [[4], [1]]]) {
    for (const transposeA of [false, true]) for (const transposeB of [false, true]) {
      const a = randomValues([...batchA, ...(transposeA ? [inner, rows] : [rows, inner])], cases.length);
      const b = randomValues([...batchB, ...(transposeB ? [columns, inner] : [inner, columns])], cases.length + 1);
      cases.push({ kernel: 'BatchMatMul', inputs: { a, b }, attrs: { transposeA, transposeB } });
    }
  }
  await expectEqual(context, cases);
});

test('sums by segment equal the cpu back end', async (context) => {
  const ids = Int32Array.from([2, 0, 2, 3, 0, 0]);
  const whole = (shape: number[]) => ({ shape, values: Int32Array.from(randomValues(shape, 7).values, (value) => Math.round(10 * value)) });
  const inputs = [randomValues([6], 1), randomValues([6, 3], 2), randomValues([6, 2, 3], 3)];
  await expectEqual(context, [...inputs.map((x): KernelCase => ({ kernel: 'UnsortedSegmentSum', inputs: { x, segmentIds: { shape: [6], values: ids } }, attrs: { numSegments: 5 } })),
    { kernel: 'GatherV2', inputs: { x: whole([7, 3]), indices: { shape: [6], values: ids } }, attrs: { axis: 0, batchDims: 0 } },
  ]);
});

test('segments outside the range are dropped, and integers stay integers', async () => {
  await startWasm();
  const x = tf.tensor([[1, 2], [3, 4], [5, 6], [7, 8]], undefined, 'int32');
  const sums = [tf.engine().runKernel('UnsortedSegmentSum', { x, segmentIds: tf.tensor([1, -1, 1, 2], undefined, 'int32') }, { numSegments: 2 })].flat()[0];
  assert.equal(sums.dtype, 'int32');
  assert.deepEqual(sums.arraySync(), [[0, 0], [6, 8]]);
});

test('the gradient of relu equals the composed form on the cpu back end', async (context) => {
  registerComposedKernels('cpu');
  await expectEqual(context, [[1], [7, 5], [2, 3, 4, 5]].map((shape, seed): KernelCase => {
    const y = { shape, values: randomValues(shape, seed).values.map((value) => Math.max(0, value)) };
    return { kernel: 'ReluGrad', inputs: { dy: randomValues(shape, seed + 1), y }, attrs: {} };
  }));
});

test('the gradient of relu6 equals the composed form on the cpu back end', async (context) => {
  registerComposedKernels('cpu');
  await expectEqual(context, [[1], [7, 5], [2, 3, 4, 5]].map((shape, seed): KernelCase => {
    const y = { shape, values: randomValues(shape, seed).values.map((value) => Math.min(Math.max(0, 5 * value), 6)) };
    return { kernel: 'Relu6Grad', inputs: { dy: randomValues(shape, seed + 1), y }, attrs: {} };
  }));
});

test('one-hot numbers are of the type that was asked for', async (context) => {
  const indices = { shape: [4], values: Int32Array.from([2, 0, 1, 2]) };
  await expectEqual(context, ['float32', 'int32', 'bool'].map((dtype): KernelCase => ({ kernel: 'OneHot', inputs: { indices }, attrs: { depth: 3, onValue: 1, offValue: 0, dtype } })));
});

test('sums and means over every choice of axes equal the cpu back end', async (context) => {
  const cases: KernelCase[] = [];
  for (const shape of [[5], [4, 7], [3, 4, 5], [2, 3, 4, 16], [4, 6, 6, 3]]) {
    const x = randomValues(shape, cases.length);
    for (let chosen = 1; chosen < 2 ** shape.length; chosen++) {
      const axis = shape.map((_, i) => i).filter((i) => chosen & (2 ** i));
      for (const kernel of ['Sum', 'Mean', 'Max']) for (const keepDims of [false, true]) {
        cases.push({ kernel, inputs: { x }, attrs: kernel === 'Max' ? { reductionIndices: axis, keepDims } : { axis, keepDims } });
      }
    }
  }
  await expectEqual(context, cases);
});

test('slices equal the cpu back end', async (context) => {
  const cases: KernelCase[] = [];
  for (const [shape, begin, size] of [
    [[7], [2], [3]], [[4, 5], [1, 0], [2, 5]], [[4, 5], [0, 2], [4, 3]], [[3, 4, 5], [1, 1, 1], [2, 2, 3]],
    [[2, 6, 6, 3], [0, 1, 1, 0], [2, 4, 4, 3]], [[2, 6, 6, 3], [1, 0, 2, 1], [1, 6, 3, 2]], [[2, 6, 6, 3], [1, 0, 0, 0], [-1, -1, -1, -1]],
    [[2, 2, 3, 2, 3], [0, 1, 0, 1, 0], [2, 1, 3, 1, 2]], [[3, 4], [1, 1], [0, 2]],
  ]) {
    const x = randomValues(shape, cases.length);
    for (const values of [x.values, Int32Array.from(x.values, (value) => Math.round(100 * value))]) {
      cases.push({ kernel: 'Slice', inputs: { x: { shape, values } }, attrs: { begin, size } });
    }
  }
  await expectEqual(context, cases);
});

test('a clone outlives its original', async () => {
  await startWasm();
  const before = tf.memory().numDataBuffers;
  const original = tf.tensor([1, 2, 3]);
  const clone = original.clone();
  const second = clone.clone();
  original.dispose();
  clone.dispose();
  const others = tf.fill([3], 7); // would take the place of values freed too early
  assert.deepEqual(Array.from(second.dataSync()), [1, 2, 3]);
  tf.dispose([second, others]);
  assert.equal(tf.memory().numDataBuffers, before);
});
