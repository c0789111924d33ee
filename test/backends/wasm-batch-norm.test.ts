import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registerComposedKernels } from '../../src/backends/composed.ts';
import { startWasm } from '../../src/backends/wasm/start.ts';
import { compareWithCpu, randomValues, type KernelCase, type Values } from './against-cpu.ts';

function shifted({ shape, values }: Values, scale: number, shift: number): Values {
  return { shape, values: values.map((value) => scale * value + shift) };
}

test('batch norm and its gradient equal the composed form on the cpu back end', async (context) => {
  await startWasm();
  registerComposedKernels('cpu');
  const shapes = [[4, 3], [7, 1], [2, 5, 4], [1, 3, 2, 5], [4, 6, 5, 16], [8, 7, 7, 33]];
  const cases = shapes.flatMap((shape, index) => [[1, 0], [0.01, 3], [5, -2]].flatMap(([scaleOfX, mean], variant): KernelCase[] => {
    const seed = 100 * index + variant;
    const channels = shape.slice(-1);
    const x = shifted(randomValues(shape, seed), scaleOfX, mean);
    const scale = shifted(randomValues(channels, seed + 1), 0.5, 1);
    const attrs = { epsilon: [1e-5, 1e-3][variant % 2] };
    const means = shifted(randomValues(channels, seed + 3), 0.1, mean);
    const variances = { shape: channels, values: randomValues(channels, seed + 4).values.map((value) => scaleOfX ** 2 * (0.5 + value * value)) };
    return [
      { kernel: 'BatchNormTraining', inputs: { x, scale, offset: randomValues(channels, seed + 2) }, attrs },
      { kernel: 'BatchNormTrainingGrad', inputs: { x, dy: shifted(randomValues(shape, seed + 5), scaleOfX, 0), scale, mean: means, variance: variances }, attrs },
    ];
  }));
  const { comparisons, worst, where } = await compareWithCpu('wasm', cases);
  context.diagnostic(`${comparisons} comparisons, worst difference ${worst.toExponential(1)}`);
  assert.ok(worst < 1e-4, where);
});

test('batch norm by running statistics equals the cpu back end', async (context) => {
  await startWasm();
  const cases = [[4, 3], [2, 5, 4], [3, 5, 5, 16]].flatMap((shape, seed): KernelCase[] => {
    const channels = shape.slice(-1);
    const [x, mean, offset, scale] = [shape, channels, channels, channels].map((each, i) => randomValues(each, 10 * seed + i));
    const variance = { shape: channels, values: randomValues(channels, seed + 9).values.map((value) => 0.1 + value * value) };
    const everyElement = { mean: randomValues(shape, seed + 7), variance: { shape, values: x.values.map((value) => 1 + value * value) } };
    const variants: Record<string, Values>[] = [{ mean, variance, offset, scale }, { mean, variance }, { mean, variance, scale }, everyElement];
    return variants.map((statistics) => ({ kernel: 'FusedBatchNorm', inputs: { x, ...statistics }, attrs: { varianceEpsilon: 1e-3 } }));
  });
  const { comparisons, worst, where } = await compareWithCpu('wasm', cases);
  context.diagnostic(`${comparisons} comparisons, worst difference ${worst.toExponential(1)}`);
  assert.ok(worst < 1e-4, where);
});
