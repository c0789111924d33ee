import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerComposedKernels } from '../../src/backends/composed.ts';
import { startTensorflow } from '../../src/backends/tensorflow/start.ts';
import { compareWithCpu, randomValues, type KernelCase, type Values } from './against-cpu.ts';

registerComposedKernels('cpu');
await startTensorflow({ threads: 2 });

const affine = ({ shape, values }: Values, factor: number, shift: number): Values => ({ shape, values: values.map((value) => factor * value + shift) });

test('batch norm and its gradient equal the composed form on the cpu back end', async (context) => {
  const shapes = [[1, 3], [4, 3], [7, 1], [2, 5, 4], [1, 3, 2, 5], [4, 6, 5, 16], [8, 7, 7, 33]];
  const cases = shapes.flatMap((shape, index) =>
    [[1, 0], [0.05, 3], [3, -2]].flatMap(([spread, centre], variant): KernelCase[] => {
      const seed = 100 * index + variant;
      const channels = shape.slice(-1);
      const x = affine(randomValues(shape, seed), spread, centre);
      const scale = affine(randomValues(channels, seed + 1), 0.5, 1);
      const mean = affine(randomValues(channels, seed + 3), 0.1, centre);
      const variance = { shape: channels, values: randomValues(channels, seed + 4).values.map((value) => spread ** 2 * (0.5 + value * value)) };
      const attrs = { epsilon: [1e-5, 1e-3][variant % 2] };
      return [
        { kernel: 'BatchNormTraining', inputs: { x, scale, offset: randomValues(channels, seed + 2) }, attrs },
        { kernel: 'BatchNormTrainingGrad', inputs: { x, dy: affine(randomValues(shape, seed + 5), spread, 0), scale, mean, variance }, attrs },
      ];
    }),
  );
  const { comparisons, worst, where } = await compareWithCpu('tensorflow', cases);
  context.diagnostic(`${comparisons} comparisons, worst difference ${worst.toExponential(1)}`);
  assert.equal(comparisons, 2 * 3 * 3 * shapes.length);
  assert(worst < 1e-4, where);
});

test('the gradient of relu equals that of the cpu back end', async () => {
  const cases = [[5], [3, 4], [2, 5, 4, 3]].map((shape, seed): KernelCase => {
    const y = { shape, values: randomValues(shape, seed).values.map((value) => Math.max(value, 0)) };
    return { kernel: 'ReluGrad', inputs: { dy: randomValues(shape, seed + 9), y }, attrs: {} };
  });
  const { worst, where } = await compareWithCpu('tensorflow', cases);
  assert.equal(worst, 0, where);
});

test('the gradient of relu6 equals that of the cpu back end', async () => {
  const cases = [[5], [3, 4], [2, 5, 4, 3]].map((shape, seed): KernelCase => {
    const y = { shape, values: randomValues(shape, seed).values.map((value) => Math.min(Math.max(5 * value, 0), 6)) };
    return { kernel: 'Relu6Grad', inputs: { dy: randomValues(shape, seed + 9), y }, attrs: {} };
  });
  const { worst, where } = await compareWithCpu('tensorflow', cases);
  assert.equal(worst, 0, where);
});
