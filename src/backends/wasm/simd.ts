/**
 * The kernels of `assembly/` (what each does stands there): a second WebAssembly module that works in the memory of TensorFlow.js' own.
 * Addresses and distances are in bytes, sizes in elements.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { StarsseError } from '../../protocol/errors.ts';

const BINARY = new URL('../../../build/kernels.wasm', import.meta.url);

export interface SimdKernels {
  padImages(from: number, fromImage: number, fromRow: number, images: number, rows: number, rowBytes: number, above: number, below: number, before: number, after: number, to: number): void;
  packPixels(x: number, table: number, windows: number, runs: number, length: number, runBytes: number, to: number): void;
  packTaps(x: number, table: number, windows: number, runs: number, length: number, runBytes: number, to: number): void;
  packRows(from: number, rowBytes: number, k: number, columns: number, to: number, panelBytes: number): void;
  packColumns(from: number, rowBytes: number, k: number, columns: number, to: number, panelBytes: number): void;
  multiply(left: number, tiles: number, k: number, right: number, columns: number, y: number, table: number, adds: 0 | 1): void;
  addProducts(x: number, y: number, rows: number, channels: number, shiftX: number, shiftY: number, sums: number, products: number): void;
  scaleChannels(x: number, rows: number, channels: number, shift: number, factor: number, term: number, y: number): void;
  combineChannels(x: number, y: number, rows: number, channels: number, shift: number, factorX: number, factorY: number, term: number, z: number): void;
  passWhere(dy: number, y: number, count: number, low: number, high: number, dx: number): void;
  addSoftmax(logits: number, rows: number, classes: number, weight: number, sum: number, scratch: number, table: number): void;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** By so many pages of 64 KiB; views of the buffer before are of no use then. */
  grow(pages: number): number;
}

/** Of TypeScript's declarations of WebAssembly, which come with those of a browser, what is used here. */
declare const WebAssembly: {
  Memory: new (size: { initial: number }) => WasmMemory;
  instantiate(bytes: Uint8Array, imports: { env: { memory: object } }): Promise<{ instance: { exports: object } }>;
};

let loaded: SimdKernels | null = null;

/** Loads the module into the back end's memory. @throws StarsseError backend-failed where its file is missing. */
export async function loadSimdKernels({ wasm }: BackendWasm): Promise<void> {
  // Emscripten keeps what its module exports, the memory among it, under this name.
  const { memory } = (wasm as unknown as { asm: { memory: object } }).asm;
  loaded = await kernelsIn(memory);
}

/** The kernels of the back end that was started. */
export function simd(): SimdKernels {
  return loaded!;
}

/** A memory of a page, for kernels that work beside the back end. */
export function ownMemory(): WasmMemory {
  return new WebAssembly.Memory({ initial: 1 });
}

/** The kernels in any memory. @throws StarsseError backend-failed where their file is missing */
export async function kernelsIn(memory: object): Promise<SimdKernels> {
  const path = fileURLToPath(BINARY);
  const bytes = await readFile(path).catch((error: Error) => {
    throw new StarsseError('backend-failed', `The kernels of the back end "wasm" could not be loaded from ${path}: ${error.message}`, {
      hint: 'Install StarSSE again: the file is part of it. In a checkout: npm run build.',
    });
  });
  return (await WebAssembly.instantiate(bytes, { env: { memory } })).instance.exports as SimdKernels;
}
