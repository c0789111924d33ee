import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingOf } from '../../src/backends/reading.ts';

test('figures are read with each step on the processor, and at most ten times a second from a device beside it', () => {
  for (const backend of ['tensorflow', 'wasm', 'cpu'] as const) assert.deepEqual(readingOf({ backend, kind: 'cpu' }), { steps: 1, ms: 0 });
  for (const device of [{ backend: 'tensorflow', kind: 'gpu' }, { backend: 'webgpu', kind: 'gpu' }, { backend: 'webgpu', kind: 'cpu' }] as const) {
    const { steps, ms } = readingOf(device);
    assert.ok(ms >= 100 && steps > 1 && steps <= 64);
  }
});
