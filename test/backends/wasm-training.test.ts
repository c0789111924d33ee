import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-cpu';
import { registerComposedKernels } from '../../src/backends/composed.ts';
import { startWasm } from '../../src/backends/wasm/start.ts';
import { furthest, startTraining, train, type SmallNetwork } from './small-training.ts';

const NETWORKS: [SmallNetwork, [number, number, number]][] = [['linear', [5, 5, 1]], ['mlp', [5, 5, 1]], ['small-cnn', [9, 8, 1]], ['resnet-8', [8, 8, 3]], ['mixed', [7, 6, 4]]];

for (const [name, inputShape] of NETWORKS) {
  test(`three steps of ${name} give the losses and weights of the cpu back end`, async (context) => {
    await startWasm();
    registerComposedKernels('cpu');
    const wasm = await train('wasm', name, inputShape, 3);
    const cpu = await train('cpu', name, inputShape, 3);
    const { worst, where } = furthest(cpu.weights, wasm.weights);
    context.diagnostic(`worst difference of a weight ${worst.toExponential(1)}`);
    assert.ok(worst < 1e-4, where);
    for (const [i, loss] of cpu.losses.entries()) assert.ok(Math.abs(loss - wasm.losses[i]) < 1e-4, `loss of step ${i}`);
    assert.ok(wasm.losses[2] < wasm.losses[0], 'the loss falls');
  });
}

for (const [name, inputShape] of NETWORKS.slice(2)) {
  test(`300 steps of ${name} leave no tensor and no heap behind`, async () => {
    await startWasm();
    const heapBytes = (): number => (tf.backend() as BackendWasm & { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
    const training = startTraining(name, inputShape, 4, 0.01);
    for (let i = 0; i < 20; i++) await training.step();
    const { numTensors, numDataBuffers } = tf.memory();
    const data = tf.engine().backend.numDataIds();
    const heap = heapBytes();
    for (let i = 0; i < 300; i++) await training.step();
    assert.equal(tf.memory().numTensors, numTensors);
    assert.equal(tf.memory().numDataBuffers, numDataBuffers);
    assert.equal(tf.engine().backend.numDataIds(), data);
    assert.equal(heapBytes(), heap);
    training.dispose();
  });
}

test('training twice gives the same bits', async () => {
  await startWasm();
  const [first, second] = [await train('wasm', 'resnet-8', [8, 8, 1], 5), await train('wasm', 'resnet-8', [8, 8, 1], 5)];
  assert.deepEqual(second, first);
});
