/**
 * Kernels in plain JavaScript work on views of the WebAssembly heap. An allocation may grow the heap, and a grown heap
 * detaches every view made before. So: allocate all outputs first, then take the views, then compute.
 */
import { getKernel, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

/** What TensorFlow.js hands to a kernel, with the names of its inputs and its attributes spelt out. */
export interface KernelCall<Inputs, Attrs> {
  inputs: Inputs;
  attrs: Attrs;
  backend: BackendWasm;
}

/** A view of a float32 tensor's values. Valid until the next allocation. */
export function floats(backend: BackendWasm, tensor: TensorInfo): Float32Array {
  return backend.typedArrayFromHeap(tensor) as Float32Array;
}

/** A view of an int32 tensor's values. Valid until the next allocation. */
export function ints(backend: BackendWasm, tensor: TensorInfo): Int32Array {
  return backend.typedArrayFromHeap(tensor) as Int32Array;
}

/** Where a tensor's values lie in the heap. An allocation does not move them. */
export function addressOf(backend: BackendWasm, tensor: TensorInfo): number {
  return backend.getMemoryOffset(tensor.dataId);
}

/**
 * Memory for the length of a computation, cut into parts.
 * @param sizes bytes of each part
 * @param use gets the addresses of the parts, each a multiple of 16
 */
export function withScratch(backend: BackendWasm, sizes: number[], use: (...addresses: number[]) => void): void {
  const bytes = sizes.reduce((sum, size) => sum + roundUp(size, 16), 16);
  const scratch = allocate(backend, [bytes / 4]);
  let address = roundUp(addressOf(backend, scratch), 16);
  const addresses = sizes.map((size) => {
    const start = address;
    address += roundUp(size, 16);
    return start;
  });
  try {
    use(...addresses);
  } finally {
    dispose(backend, scratch);
  }
}

export function roundUp(size: number, unit: number): number {
  return Math.ceil(size / unit) * unit;
}

/** A view of memory as uint32 numbers. Valid until the next allocation. */
export function words(backend: BackendWasm, address: number, count: number): Uint32Array {
  return new Uint32Array(memoryOf(backend), address, count);
}

/** A view of memory as float32 numbers. Valid until the next allocation. */
export function singles(backend: BackendWasm, address: number, count: number): Float32Array {
  return new Float32Array(memoryOf(backend), address, count);
}

/** A view of memory as float64 numbers. Valid until the next allocation. */
export function doubles(backend: BackendWasm, address: number, count: number): Float64Array {
  return new Float64Array(memoryOf(backend), address, count);
}

function memoryOf({ wasm }: BackendWasm): ArrayBuffer {
  return (wasm as unknown as { HEAPU8: Uint8Array<ArrayBuffer> }).HEAPU8.buffer;
}

/** A new tensor whose values are not set yet. */
export function allocate(backend: BackendWasm, shape: number[]): TensorInfo {
  return backend.makeOutput(shape, 'float32');
}

/** The same values under another shape; the result is one more owner of them and is disposed of by itself. */
export function reshaped(backend: BackendWasm, tensor: TensorInfo, shape: number[]): TensorInfo {
  backend.incRef(tensor.dataId);
  return { dataId: tensor.dataId, shape, dtype: tensor.dtype };
}

/** Runs another kernel of the back end that has one output, without a tape and without tensors. */
export function callKernel(backend: BackendWasm, name: string, inputs: Record<string, TensorInfo>, attrs: NamedAttrMap): TensorInfo {
  return getKernel(name, 'wasm').kernelFunc({ inputs, attrs, backend }) as TensorInfo;
}

export function dispose(backend: BackendWasm, ...tensors: TensorInfo[]): void {
  for (const tensor of tensors) backend.disposeData(tensor.dataId);
}
