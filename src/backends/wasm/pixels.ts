import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { ByteScaling, Pixels } from '../../core/pixels.ts';
import { bytesAsBooleans, scaleBytes } from '../composed-pixels.ts';
import { allocate, floats, type KernelCall } from './heap.ts';

/** Bytes copied into the heap, a quarter of what floats would take. */
export function uploadBytes({ attrs }: KernelCall<object, Pixels>): TensorInfo {
  return bytesAsBooleans(attrs);
}

/** y = scale byte + offset by channel, from the heap into the heap. */
export function normalizeBytes({ inputs: { bytes }, attrs, backend }: KernelCall<{ bytes: TensorInfo }, ByteScaling>): TensorInfo {
  const y = allocate(backend, attrs.shape);
  scaleBytes(backend.typedArrayFromHeap(bytes) as Uint8Array, floats(backend, y), attrs);
  return y;
}
