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
