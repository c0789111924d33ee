import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBackend } from '../../src/backends/choose.ts';
import { registerComposedKernels } from '../../src/backends/composed.ts';
import { compareWithCpu, randomValues, type KernelCase } from './against-cpu.ts';

const positive = (shape: number[], seed: number) => ({ shape, values: randomValues(shape, seed).values.map((value) => 0.5 + value * value) });

function cases(): KernelCase[] {
  const result: KernelCase[] = [];
  for (const [seed, shape] of [[3, 5], [2, 7, 16], [2, 3, 4, 6]].entries()) {
    const [channels, rows] = [shape.slice(-1), [shape.slice(0, -1).reduce((a, b) => a * b), 1]];
    const [x, dy, scale, offset] = [shape, shape, channels, channels].map((each, place) => randomValues(each, 10 * seed + place));
    const attrs = { epsilon: 1e-6 };
    result.push(
      { kernel: 'LayerNorm', inputs: { x, scale, offset }, attrs },
      { kernel: 'LayerNormGrad', inputs: { x, dy, scale, mean: randomValues(rows, seed), variance: positive(rows, seed) }, attrs },
    );
  }
  const wide = { shape: [4, 2000], values: randomValues([4, 2000], 5).values.map((value) => 3 * value) };
  const far = { shape: [8], values: Float32Array.of(-1e4, -8, -6.001, -6, 0, 5.9999, 6, 1e4) };
  for (const x of [wide, far]) result.push({ kernel: 'Gelu', inputs: { x }, attrs: {} }, { kernel: 'GeluGrad', inputs: { x, dy: randomValues(x.shape, 6) }, attrs: {} });
  for (const [batch, groups, heads, tokens, channels] of [[3, 0, 2, 5, 8], [1, 0, 1, 1, 2], [4, 2, 3, 4, 6], [2, 1, 2, 9, 4], [2, 0, 2, 50, 64]]) {
    const [qkv, bias, y, dy] = [[batch, tokens, 3 * channels], [groups, heads, tokens, tokens], [batch, tokens, channels], [batch, tokens, channels]].map((shape, place) => randomValues(shape, 20 + place));
    const attrs = { heads, groups };
    result.push(
      { kernel: 'Attention', inputs: groups === 0 ? { qkv } : { qkv, bias }, attrs },
      { kernel: 'AttentionGrad', inputs: { qkv, weights: positive([batch, heads, tokens, tokens], 30), y, dy }, attrs },
    );
  }
  // Pairs of matrices, with and without a broadcast, small and large.
  for (const [a, b] of [[[2, 3, 40, 33], [2, 3, 33, 20]], [[2, 3, 4, 5], [2, 3, 5, 6]], [[3, 40, 33], [1, 33, 20]], [[1, 40, 33], [2, 33, 20]]]) {
    result.push({ kernel: 'BatchMatMul', inputs: { a: randomValues(a, 40), b: randomValues(b, 41) }, attrs: { transposeA: false, transposeB: false } });
  }
  return result;
}

for (const backend of ['wasm', 'tensorflow'] as const) {
  test(`${backend}: layer norm, GELU, attention and their gradients equal those of the cpu back end`, async (context) => {
    await startBackend(backend, { threads: 1 });
    registerComposedKernels('cpu');
    const { comparisons, worst, where } = await compareWithCpu(backend, cases());
    context.diagnostic(`${comparisons} comparisons, worst difference ${worst.toExponential(1)}`);
    assert.ok(worst < 1e-4, where);
  });
}
