/** The step as one call gives what the step op by op gives, on the large networks. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../../src/backends/choose.ts';
import { disagreement, SGD, type Case } from './agreement.ts';

/** A gradient of new deep networks carries more rounding than the weights that it moves. */
const SLOT = 5e-4;

before(async () => {
  await startBackend('tensorflow', { threads: 1 });
});

const CASES: Case[] = [
  // New weights and few numbers a channel make much of rounding: larger images, smaller steps.
  { network: 'resnet-18', side: 32, steps: 3, settings: { optimizer: SGD }, learningRate: 1e-4 },
  { network: 'mobilenet-v2', side: 64, steps: 3, settings: { optimizer: SGD }, learningRate: 1e-4 },
  { network: 'resnet-50', side: 64, steps: 3, settings: { optimizer: SGD }, learningRate: 1e-4 },
  { network: 'swin-tiny', side: 32, steps: 3, settings: { optimizer: SGD }, learningRate: 1e-4 },
];

for (const each of CASES) {
  test(`${each.network}, ${each.settings.optimizer.kind}, ${each.steps} steps: traced equals eager to 1e-5`, async (context) => {
    const before = tf.memory().numTensors;
    const { loss, weight, slot } = await disagreement(each);
    assert.equal(tf.memory().numTensors, before);
    context.diagnostic(`worst difference of losses ${loss.toExponential(1)}, weights ${weight.toExponential(1)}, slots ${slot.toExponential(1)}`);
    assert.ok(loss < 1e-5, `losses differ by ${loss}`);
    assert.ok(weight < 1e-5, `weights differ by ${weight}`);
    assert.ok(slot < SLOT, `slots differ by ${slot}`);
  });
}
