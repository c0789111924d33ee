/** Images that cross as bytes are normalised on the device, on every back end that runs here (WebGPU's form: webgpu.test.ts). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import '../core/cpu-backend.ts';
import { startBackend } from '../../src/backends/choose.ts';
import { batchOnDevice } from '../../src/core/batch.ts';
import { normalised, upload, type Pixels } from '../../src/core/pixels.ts';
import { normalisedByHand, somePixels } from './some-pixels.ts';

const normalization = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
const START = { cpu: () => tf.setBackend('cpu'), wasm: () => startBackend('wasm', { threads: 1 }), tensorflow: () => startBackend('tensorflow', { threads: 1 }) };

for (const [backend, start] of Object.entries(START)) {
  test(`${backend}: every byte becomes (byte / 255 - mean) / std of its channel; floats stay what they are`, async () => {
    await start();
    const held = tf.memory().numTensors;
    for (const [channels, own] of [[3, normalization], [3, { mean: [0.5], std: [0.25] }], [1, { mean: [0.1], std: [0.3] }], [4, { mean: [0, 0.1, 0.2, 0.3], std: [1, 0.5, 0.2, 0.1] }]] as const) {
      const pixels = somePixels([3, 5, 7, channels]);
      const seen = normalised(pixels, { mean: [...own.mean], std: [...own.std] });
      assert.deepEqual([seen.shape, seen.dtype], [pixels.shape, 'float32']);
      const expected = normalisedByHand(pixels, own);
      for (const [index, value] of (await seen.data()).entries()) assert.ok(Math.abs(value - expected[index]) < 2e-6, `${index}: ${value}, not ${expected[index]}`);
      seen.dispose();
    }
    const floats: Pixels = { shape: [1, 1, 2, 1], data: Float32Array.of(-3, 4.5) };
    const same = normalised(floats, normalization);
    assert.deepEqual([...(await same.data())], [-3, 4.5]);
    same.dispose();
    assert.equal(tf.memory().numTensors, held);
  });

  test(`${backend}: mixup on the device is share x + (1 - share) of the mirror place`, async () => {
    await start();
    const held = tf.memory().numTensors;
    const pixels = somePixels([3, 2, 2, 3]);
    const plain = normalisedByHand(pixels, normalization);
    const size = plain.length / 3;
    for (const share of [0.75, 1]) {
      const batch = batchOnDevice({ images: pixels, targets: Float32Array.of(1, 2, 3), share }, { normalization, mixes: true });
      for (const [index, value] of (await batch.images.data()).entries()) {
        const mirrored = (2 - Math.floor(index / size)) * size + (index % size);
        assert.ok(Math.abs(value - (share * plain[index] + (1 - share) * plain[mirrored])) < 2e-6, `${index}`);
      }
      tf.dispose([batch.images, batch.targets]);
    }
    assert.equal(tf.memory().numTensors, held);
  });

  test(`${backend}: bytes for which no normalization is known are refused, and a byte takes a byte`, async () => {
    await start();
    const pixels = somePixels([1, 2, 2, 3]);
    assert.throws(() => batchOnDevice({ images: pixels, targets: Float32Array.of(1), share: 1 }, { normalization: null, mixes: false }), { code: 'internal', message: /bytes came/ });
    if (backend === 'tensorflow') return; // there a type that TensorFlow.js cannot read
    const uploaded = upload(pixels);
    assert.equal((await uploaded.data()).byteLength, 12);
    uploaded.dispose();
  });
}
