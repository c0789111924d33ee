import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../wasm-backend.ts';
import { hostWeights } from '../../../src/core/basin/host-weights.ts';
import { lineBetween } from '../../../src/core/basin/line.ts';
import { measureOf } from '../../../src/core/basin/measure.ts';
import { builtinNetwork } from '../../../src/core/builtin.ts';
import { initialWeights } from '../../../src/core/initialise.ts';
import { reestimateStatistics } from '../../../src/core/reestimate.ts';
import { eagerRunner } from '../../../src/core/runner.ts';
import { disposeTensors, weightsFrom, weightsToData } from '../../../src/core/weights.ts';
import type { Curve } from '../../../src/protocol/basin.ts';
import type { TensorData } from '../../../src/protocol/tensor.ts';
import { planFor, SUBJECTS, trainAll, type Subject } from '../invariants.ts';
import { toyData } from '../toy-data.ts';
import { withRunner } from '../with-runner.ts';

const NORMALIZATION = { mean: [0.3], std: [0.2] };

/** Fresh batch-norm statistics from the training images, in the given batches. */
async function reestimated({ network, data }: Subject, tensors: readonly TensorData[], batches?: Uint32Array[]): Promise<TensorData[]> {
  const naive = weightsFrom(network, tensors, 'point');
  const weights = await withRunner(network, naive, NORMALIZATION, async (runner) => await reestimateStatistics(runner, network, naive, data.train, { batchSize: 4 }, batches === undefined ? {} : { batches }));
  const result = await weightsToData(network, weights);
  for (const each of [naive, weights]) disposeTensors(each);
  return result;
}

/** The line on held-out data, statistics re-estimated at every point. */
async function line({ network, data }: Subject, a: TensorData[], b: TensorData[], points = 5): Promise<Curve> {
  const runner = eagerRunner(network, NORMALIZATION);
  const measure = measureOf({ runner, network, statistics: data.train, sets: { validation: data.validation }, batchSize: 4 });
  try {
    return (await lineBetween(measure, hostWeights(network, a), hostWeights(network, b), { points })).validation!;
  } finally {
    runner.close();
  }
}

for (const subject of SUBJECTS) {
  const snapshots = await trainAll(subject, planFor(subject, { kind: 'starsse', members: 2 }));
  const [first, second] = [...snapshots.values()];

  test(`X8: ${subject.name}: no barrier between a network and itself, and the same barrier both ways`, async () => {
    const own = await line(subject, first, first);
    assert.deepEqual([own.lossBarrier, own.frankleLossBarrier, own.errorBarrier], [0, 0, 0]);
    const [there, back] = [await line(subject, first, second), await line(subject, second, first)];
    assert.deepEqual([...back.loss].reverse(), there.loss);
    assert.deepEqual([back.lossBarrier, back.frankleLossBarrier, back.errorBarrier], [there.lossBarrier, there.frankleLossBarrier, there.errorBarrier]);
    assert.notEqual(there.loss[0], there.loss[4]);
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
  for (const [a, b] of [[1, 2], [3, 4], [5, 6]]) assert.equal((await line(subject, initialWeights(network, a), initialWeights(network, b))).lossBarrier, 0);
});
