import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { disagreement, type Case } from './agreement.ts';

/** @param slotBound by how much slots of the optimizer may differ */
export function testAgreement(each: Case, slotBound: number): void {
  test(`${each.network}, ${each.settings.optimizer.kind}, ${each.steps} steps: traced equals eager to 1e-5`, async (context) => {
    const before = tf.memory().numTensors;
    const { loss, weight, slot } = await disagreement(each);
    assert.equal(tf.memory().numTensors, before);
    context.diagnostic(`worst difference of losses ${loss.toExponential(1)}, weights ${weight.toExponential(1)}, slots ${slot.toExponential(1)}`);
    assert.ok(loss < 1e-5, `losses differ by ${loss}`);
    assert.ok(weight < 1e-5, `weights differ by ${weight}`);
    assert.ok(slot < slotBound, `slots differ by ${slot}`);
  });
}
