import assert from 'node:assert/strict';
import { test } from 'node:test';
import './wasm-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { barrierBetween, type Barrier } from '../../src/core/landscape.ts';
import { nll } from '../../src/core/metrics.ts';
import { reestimateStatistics } from '../../src/core/reestimate.ts';
import { disposeTensors, weightsFrom, weightsToData } from '../../src/core/weights.ts';
import type { TensorData } from '../../src/protocol/tensor.ts';
import { planFor, predictionsOf, SUBJECTS, trainAll, type Subject } from './invariants.ts';
import { toyData } from './toy-data.ts';
import { withRunner } from './with-runner.ts';

const NORMALIZATION = { mean: [0.3], std: [0.2] };

/** Fresh batch-norm statistics from the training images, in the given batches. */
async function reestimated({ network, data }: Subject, tensors: readonly TensorData[], batches?: Uint32Array[]): Promise<TensorData[]> {
  const naive = weightsFrom(network, tensors, 'point');
  const weights = await withRunner(network, naive, NORMALIZATION, async (runner) => await reestimateStatistics(runner, network, naive, data.train, { batchSize: 4 }, batches === undefined ? {} : { batches }));
  const result = await weightsToData(network, weights);
  for (const each of [naive, weights]) disposeTensors(each);
  return result;
}

/** Barrier of the held-out loss, statistics re-estimated at every point. */
async function barrier(subject: Subject, a: TensorData[], b: TensorData[], points = 5): Promise<Barrier> {
  return await barrierBetween({ name: 'a', tensors: a }, { name: 'b', tensors: b }, async (tensors) => nll(await predictionsOf(subject, await reestimated(subject, tensors))), points);
}

for (const subject of SUBJECTS) {
  const snapshots = await trainAll(subject, planFor(subject, { kind: 'starsse', members: 2 }));
  const [first, second] = [...snapshots.values()];

  test(`X8: ${subject.name}: no barrier between a network and itself, and the same barrier both ways`, async () => {
    const own = await barrier(subject, first, first);
    assert.deepEqual([own.barrier, own.frankleBarrier], [0, 0]);
    const [there, back] = [await barrier(subject, first, second), await barrier(subject, second, first)];
    assert.deepEqual([...back.values].reverse(), there.values);
    assert.deepEqual([back.barrier, back.frankleBarrier], [there.barrier, there.frankleBarrier]);
    assert.notEqual(there.values[0], there.values[4]);
  });

  test(`X11: ${subject.name}: re-estimation does not depend on the order of batches, and a second pass changes nothing`, async () => {
    const batches = [Uint32Array.of(0, 1, 2), Uint32Array.of(3, 4), Uint32Array.of(5, 6, 7)];
    const once = await reestimated(subject, second, batches);
    assert.deepEqual(await reestimated(subject, second, batches.toReversed()), once);
    assert.deepEqual(await reestimated(subject, once, batches), once);
    for (const [index, tensor] of once.entries()) {
      assert.equal(Buffer.compare(tensor.data, second[index].data) === 0, !/running_/.test(tensor.name), tensor.name);
    }
  });
}

test('X8: the loss of logistic regression is convex: no barrier', async () => {
  const network = builtinNetwork('linear', [4, 4, 1], 3);
  const subject: Subject = { ...SUBJECTS[0], network, data: { train: toyData(8, 1), validation: toyData(15, 2) } };
  for (const [a, b] of [[1, 2], [3, 4], [5, 6]]) assert.equal((await barrier(subject, initialWeights(network, a), initialWeights(network, b))).barrier, 0);
});
