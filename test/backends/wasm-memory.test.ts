import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { startWasm } from '../../src/backends/wasm/start.ts';
import { StarsseError } from '../../src/protocol/errors.ts';

test('what does not fit WebAssembly’s 4 GB is an error, and what was there before stays as it was', async (context) => {
  await startWasm();
  const held: tf.Tensor[] = [];
  const megabytes = 256;
  let error: unknown = null;
  while (error === null && held.length < 32) {
    try {
      held.push(tf.tidy(() => tf.fill([megabytes * 2 ** 18], held.length + 1)));
    } catch (thrown) {
      error = thrown;
    }
  }
  context.diagnostic(`${held.length * megabytes} MB fitted`);
  assert(error instanceof StarsseError, String(error));
  assert.equal(error.code, 'backend-failed');
  assert.match(error.message, /WebAssembly's memory is used up: 268435456 bytes more/);
  assert(held.length * megabytes > 2048);
  for (const [index, tensor] of held.entries()) {
    const ends = tf.tidy(() => [tf.slice(tensor, [0], [1]), tf.slice(tensor, [tensor.size - 1], [1])]);
    assert.deepEqual(ends.map((end) => end.dataSync()[0]), [index + 1, index + 1]);
    tf.dispose(ends);
  }
  tf.dispose(held);
  const after = tf.tidy(() => tf.sum(tf.fill([1000], 2)));
  assert.equal(after.dataSync()[0], 2000);
});
