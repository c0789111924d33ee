import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { getBackend } from '@tensorflow/tfjs-core';
import { autoChoice, startBackend } from '../../src/backends/choose.ts';
import { libraryFolder } from '../../src/backends/tensorflow/library.ts';
import { StarsseError } from '../../src/protocol/errors.ts';
import { NATIVE_LIBRARY_FORMAT, type NativeLibrary } from '../../src/protocol/native-library.ts';
import type { Device } from '../../src/protocol/run.ts';

const cache = mkdtempSync(join(tmpdir(), 'starsse-choose-'));
const saved = process.env.STARSSE_CACHE;

// A user who has installed nothing yet.
before(() => {
  process.env.STARSSE_CACHE = cache;
});
after(() => {
  if (saved === undefined) delete process.env.STARSSE_CACHE;
  else process.env.STARSSE_CACHE = saved;
  rmSync(cache, { recursive: true });
});

test('a back end that was asked for and is missing is an error that says how to get it', async () => {
  await assert.rejects(startBackend('tensorflow', { threads: 1 }), (error) => {
    assert(error instanceof StarsseError);
    assert.equal(error.code, 'backend-missing');
    assert(error.message.includes(cache), error.message);
    assert.equal(error.hint, 'starsse backend install');
    return true;
  });
});

test('auto goes on to WASM where there is no native library, and says so', async () => {
  const device = await startBackend('auto', { threads: 1 });
  assert.equal(device.backend, 'wasm');
  assert.match(device.description, /WebAssembly/);
  assert.doesNotMatch(device.description, /does not load/);
  assert.equal(getBackend(), 'wasm');
});

test('auto says when a native library is installed but does not load', async () => {
  const folder = libraryFolder('cpu');
  mkdirSync(folder, { recursive: true });
  const manifest: NativeLibrary = {
    format: NATIVE_LIBRARY_FORMAT, kind: 'cpu', platform: process.platform, arch: process.arch, tensorflow: '2.21.0', tfjsNode: '4.22.0',
    source: 'wheel', binding: 'tfjs_binding.node', installedAt: '2026-01-01T00:00:00Z', sizeBytes: 4,
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'tfjs_binding.node'), 'torn');
  assert.match((await startBackend('auto', { threads: 1 })).description, /does not load: run starsse doctor/);
  await assert.rejects(startBackend('tensorflow', { threads: 1 }), { code: 'backend-failed', hint: 'starsse backend install' });
  rmSync(folder, { recursive: true });
});

test('the plain JavaScript back end starts', async () => {
  assert.equal((await startBackend('cpu', { threads: 1 })).backend, 'cpu');
  assert.equal(getBackend(), 'cpu');
});

test('auto prefers CUDA, then WebGPU on a real GPU, then the native CPU library, then WASM', () => {
  const device = (backend: Device['backend'], kind: Device['kind']): Device => ({ backend, kind, description: `${backend} ${kind}` });
  const ranked = [device('tensorflow', 'gpu'), device('webgpu', 'gpu'), device('tensorflow', 'cpu'), device('wasm', 'cpu')];
  for (let best = 0; best < ranked.length; best++) {
    const available = [device('cpu', 'cpu'), device('webgpu', 'cpu'), ...ranked.slice(best).reverse()];
    assert.deepEqual(autoChoice(available), ranked[best]);
  }
  assert.equal(autoChoice([device('webgpu', 'cpu'), device('cpu', 'cpu')]), null);
});
