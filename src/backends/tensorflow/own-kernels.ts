/** Puts operations of our own in place of kernels, where there are some. */
import type { NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { owns, type OwnOperation } from './own-operations.ts';
import { replaceKernel } from './replace-kernel.ts';

export interface OwnKernel {
  operation: OwnOperation;
  /** In the operation's order. */
  inputs: readonly string[];
  /** Numbers and flags that the operation is told of. */
  attrs?: readonly string[];
  outputs: number;
  /** Whether it can do these; all where nothing is said. */
  fits?: (inputs: Record<string, Tensor>) => boolean;
}

/** @param kernels by name, each registered for the back end 'tensorflow' in another form, which does what ours cannot */
export function registerOwnKernels(kernels: Readonly<Record<string, OwnKernel>>): void {
  for (const [kernelName, { operation, inputs, attrs = [], outputs, fits }] of Object.entries(kernels)) {
    replaceKernel(kernelName, (other) => (call) => {
      const given = tensors(call.inputs);
      if (!owns(operation) || fits?.(given) === false) return other(call);
      const backend = call.backend as NodeJSKernelBackend;
      const { TF_ATTR_BOOL, TF_ATTR_FLOAT } = backend.binding;
      const told = attrs.map((name) => {
        const value = call.attrs![name] as number | boolean;
        return { name, type: typeof value === 'boolean' ? TF_ATTR_BOOL : TF_ATTR_FLOAT, value };
      });
      const made = backend.executeMultipleOutputs(operation, told, inputs.map((name) => given[name]), outputs);
      return outputs === 1 ? made[0] : made;
    });
  }
}

/** The engine always passes whole tensors to a kernel, though its type promises less. */
export function tensors(inputs: NamedTensorInfoMap): Record<string, Tensor> {
  return inputs as Record<string, TensorInfo> as Record<string, Tensor>;
}
