import type { Tensor } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';

/** A tensor of the binding: `dtype` is TensorFlow's number. */
export interface NativeTensor {
  id: number;
  shape: number[];
  dtype: number;
}

/** A native tensor as one of tfjs-core, which owns it from now on. */
export function adopt(backend: NodeJSKernelBackend, native: NativeTensor): Tensor {
  // Protected only by TypeScript.
  return (backend as unknown as { createOutputTensor(native: NativeTensor): Tensor }).createOutputTensor(native);
}
