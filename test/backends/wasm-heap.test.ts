import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { startWasm } from '../../src/backends/wasm/start.ts';
import { startTraining } from './small-training.ts';

test('a step that makes the heap grow gives the same bits as one that finds it grown', async () => {
  await startWasm();
  const heapBytes = (): number => (tf.backend() as BackendWasm & { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
  const results = [];
  for (let time = 0; time < 2; time++) {
    const before = heapBytes();
    const training = startTraining('resnet-8', [28, 28, 1], 32, 0.05);
    const loss = await training.step();
    results.push({ loss, weights: await training.weights(), grown: heapBytes() / before });
    training.dispose();
  }
  const [growing, grown] = results;
  assert.ok(growing.grown > 4, `the heap grew ${growing.grown} times`); // each time all views of it are detached
  assert.equal(grown.grown, 1);
  assert.ok(Number.isFinite(grown.loss));
  assert.equal(growing.loss, grown.loss);
  assert.deepEqual(growing.weights, grown.weights);
});
