import assert from 'node:assert/strict';
import { test } from 'node:test';
import './cpu-backend.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { predict } from '../../src/core/evaluate.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { barrierBetween, barrierOf, type Barrier } from '../../src/core/landscape.ts';
import { nll } from '../../src/core/metrics.ts';
import type { TensorData } from '../../src/protocol/tensor.ts';
import { toyData } from './toy-data.ts';
import { withRunner } from './with-runner.ts';

const data = toyData(12, 5);

async function barrier(name: BuiltinName, seedA: number, seedB: number): Promise<Barrier> {
  const network = builtinNetwork(name, data.shape, 3);
  const member = (seed: number) => ({ name: `member-${seed}`, tensors: initialWeights(network, seed) });
  const loss = async (tensors: TensorData[]): Promise<number> =>
    nll(await withRunner(network, tensors, { mean: [0], std: [0.2] }, async (runner) => await predict(runner, data, { batchSize: 12 })));
  return await barrierBetween(member(seedA), member(seedB), loss);
}

test('barriers of a curve, by hand', () => {
  assert.deepEqual(barrierOf([1, 4, 3]), { barrier: 2, frankleBarrier: 2 });
  assert.deepEqual(barrierOf([0, 0, 4]), { barrier: 0, frankleBarrier: 2 });
  assert.deepEqual(barrierOf([2, 2]), { barrier: 0, frankleBarrier: 0 });
});

test('X8: no barrier between a network and itself', async () => {
  const { values, barrier: height, frankleBarrier } = await barrier('mlp', 1, 1);
  assert.equal(values.length, 11);
  assert.deepEqual([height, frankleBarrier], [0, 0]);
});

test('X8: the barrier is the same both ways', async () => {
  const [there, back] = [await barrier('mlp', 1, 2), await barrier('mlp', 2, 1)];
  assert.deepEqual([...back.values].reverse(), there.values);
  assert.equal(back.barrier, there.barrier);
  assert.equal(back.frankleBarrier, there.frankleBarrier);
  assert.ok(there.values[5] !== there.values[0]);
});

test('X8: logistic regression has no loss barrier, for its loss is convex', async () => {
  for (const [a, b] of [[1, 2], [3, 4], [5, 6]]) assert.equal((await barrier('linear', a, b)).barrier, 0);
});
