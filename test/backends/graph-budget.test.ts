/** How many operations a training step may have as a graph: a count, not a time. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../../src/backends/choose.ts';
import { withOwnOperations } from '../../src/backends/tensorflow/own-operations.ts';
import type { BuiltinName } from '../../src/core/builtin.ts';
import type { OptimizerSettings } from '../../src/core/program.ts';
import { stepOperations } from './graph-operations.ts';
import { withPlantedRelu } from './planted-op.ts';

const OPTIMIZERS: Record<string, OptimizerSettings> = {
  sgd: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 5e-4 },
  adamw: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 },
};
/** Operations by `network optimizer`, with TensorFlow's alone and with ours. Who needs more writes more here, and why in the commit; who needs fewer, fewer. */
const BUDGET = JSON.parse(readFileSync(join(import.meta.dirname, 'graph-budget.json'), 'utf8')) as Record<string, Record<Operations, number>>;

type Operations = 'none' | 'all';

before(async () => {
  await startBackend('tensorflow', { threads: 1 });
});

function counted(key: string, ours: Operations): { total: number; kinds: string } {
  const [network, optimizer] = key.split(' ');
  const operations = [...withOwnOperations(ours, () => stepOperations(network as BuiltinName, OPTIMIZERS[optimizer]))].toSorted(([, a], [, b]) => b - a);
  return { total: operations.reduce((sum, [, count]) => sum + count, 0), kinds: operations.map(([op, count]) => `${op} ${count}`).join(', ') };
}

/** What is wrong with a count, or null. */
function complaint(key: string, ours: Operations, { total, kinds }: ReturnType<typeof counted>): string | null {
  const budget = BUDGET[key][ours];
  if (total === budget) return null;
  return `the step of ${key} has ${total} operations, ${total > budget ? 'more' : 'fewer'} than its budget of ${budget} with ${ours} of ours: ${kinds}`;
}

for (const key of Object.keys(BUDGET)) {
  test(`the graph of a step of ${key} has as many operations as its budget says`, () => {
    const before = tf.memory().numTensors;
    for (const ours of ['none', 'all'] as const) assert.equal(complaint(key, ours, counted(key, ours)), null);
    assert.equal(tf.memory().numTensors, before);
  });
}

test('a planted fault is caught: one more operation in every relu', () => {
  const key = 'resnet-8 sgd';
  const grown = withPlantedRelu((y) => tf.mul(y, 1), () => counted(key, 'all'));
  assert.equal(grown.total, BUDGET[key].all + 7); // the network has seven relus
  assert.match(complaint(key, 'all', grown)!, /more than its budget/);
});
