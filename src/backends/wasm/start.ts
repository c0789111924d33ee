import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { backend, env, setBackend } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { StarsseError } from '../../protocol/errors.ts';
import type { Device } from '../../protocol/run.ts';
import { registerWasmKernels } from './register.ts';
import { loadSimdKernels } from './simd.ts';

/**
 * The SIMD build; the others are not shipped, since a processor without SIMD would be four times too slow to train on.
 * webpack knows this form of URL: it puts the file beside the bundle and the bundle looks for it there.
 */
const BINARY = new URL('../../../node_modules/@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm', import.meta.url);

/**
 * Makes `wasm` the current back end of TensorFlow.js, with the kernels that training needs. It runs on one thread
 * whatever `threads` says: the package refuses more under Node, and the device's description says so.
 * @throws StarsseError backend-missing without WebAssembly SIMD; backend-failed where the binary cannot be loaded.
 */
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- one signature for all back ends
export async function startWasm(options: { threads?: number | undefined } = {}): Promise<Device> {
  const { setWasmPaths, version_wasm } = await import(/* webpackMode: "eager" */ '@tensorflow/tfjs-backend-wasm');
  if (!(await env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
    throw new StarsseError('backend-missing', `This processor (${processor()}) has no WebAssembly SIMD, which the back end "wasm" needs`, {
      hint: 'starsse backend install',
    });
  }
  registerWasmKernels();
  const path = fileURLToPath(BINARY);
  // The other builds are never asked for, but each must have a path.
  setWasmPaths({ 'tfjs-backend-wasm-simd.wasm': path, 'tfjs-backend-wasm.wasm': path, 'tfjs-backend-wasm-threaded-simd.wasm': path });
  if (!(await withoutProcessListeners(() => setBackend('wasm')))) {
    throw new StarsseError('backend-failed', `The back end "wasm" could not be loaded from ${path}`, { hint: 'Install StarSSE again: the file is part of it.' });
  }
  await loadSimdKernels(backend() as BackendWasm);
  refuseExhaustion(backend() as BackendWasm);
  return { backend: 'wasm', kind: 'cpu', description: `WebAssembly SIMD (TensorFlow.js ${version_wasm}), 1 thread, ${processor()}` };
}

/** The back end's parts that its type does not show. */
interface Allocator {
  wasm: { _malloc(bytes: number): number; _free(address: number): void; HEAPU8: Uint8Array };
}

const guarded = new WeakSet<Allocator['wasm']>();

/** WebAssembly has at most 4 GB, and the package computes on at address 0 where there is no more: make that an error. */
function refuseExhaustion(wasmBackend: BackendWasm): void {
  const { wasm } = wasmBackend as unknown as Allocator;
  if (guarded.has(wasm)) return;
  guarded.add(wasm);
  wasm._free(wasm._malloc(8)); // Emscripten puts the real function in place at the first call
  const malloc = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = malloc(bytes);
    if (address === 0 && bytes > 0) {
      throw new StarsseError('backend-failed', `WebAssembly's memory is used up: ${bytes} bytes more do not fit beside ${wasm.HEAPU8.length}, and 4 GB are the most`, {
        hint: 'Choose a smaller batch, smaller images or the back end "tensorflow".',
      });
    }
    return address;
  };
}

/** Emscripten's start code listens to uncaught errors only to throw them again, which would hide ours from the doors. */
async function withoutProcessListeners<T>(start: () => Promise<T>): Promise<T> {
  const before = { uncaughtException: process.listeners('uncaughtException'), unhandledRejection: process.listeners('unhandledRejection') };
  try {
    return await start();
  } finally {
    for (const listener of process.listeners('uncaughtException')) {
      if (!before.uncaughtException.includes(listener)) process.off('uncaughtException', listener);
    }
    for (const listener of process.listeners('unhandledRejection')) {
      if (!before.unhandledRejection.includes(listener)) process.off('unhandledRejection', listener);
    }
  }
}

function processor(): string {
  return cpus()[0]?.model.trim() ?? 'unknown processor';
}
