/** The kernels of core/transformer-kernels.ts, with operations of our own where there are some. */
import type { NamedTensorInfoMap, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { registerComposedTransformerKernels } from '../composed-transformer.ts';
import { owns, type OwnOperation } from './own-operations.ts';
import { replaceKernel } from './replace-kernel.ts';

interface Own {
  operation: OwnOperation;
  /** In the operation's order. */
  inputs: readonly string[];
  outputs: number;
  /** Whether it can do these; all where nothing is said. */
  fits?: (inputs: Record<string, Tensor>) => boolean;
}

const KERNELS: Record<string, Own> = {
  LayerNorm: { operation: 'StarsseLayerNorm', inputs: ['x', 'scale', 'offset'], outputs: 3, fits: inVectors },
  LayerNormGrad: { operation: 'StarsseLayerNormGrad', inputs: ['dy', 'x', 'scale', 'mean', 'variance'], outputs: 3, fits: inVectors },
  Gelu: { operation: 'StarsseGelu', inputs: ['x'], outputs: 1 },
  GeluGrad: { operation: 'StarsseGeluGrad', inputs: ['x', 'dy'], outputs: 1 },
  // TensorFlow has one softmax in a graph and another outside, in other bits.
  Softmax: { operation: 'StarsseSoftmax', inputs: ['logits'], outputs: 1, fits: ({ logits }) => logits.size > 0 },
};

/** Registers them for the back end 'tensorflow', and a softmax in place of the stock one. */
export function registerTransformerKernels(): void {
  registerComposedTransformerKernels('tensorflow');
  for (const [kernelName, { operation, inputs, outputs, fits }] of Object.entries(KERNELS)) {
    replaceKernel(kernelName, (stock) => (call) => {
      const given = tensors(call.inputs);
      if (!owns(operation) || fits?.(given) === false) return stock(call);
      const backend = call.backend as NodeJSKernelBackend;
      const epsilon = (call.attrs as { epsilon?: number } | undefined)?.epsilon;
      const attrs = epsilon === undefined ? [] : [{ name: 'epsilon', type: backend.binding.TF_ATTR_FLOAT, value: epsilon }];
      const made = backend.executeMultipleOutputs(operation, attrs, inputs.map((name) => given[name]), outputs);
      return outputs === 1 ? made[0] : made;
    });
  }
}

/** A layer norm of channels by eight. */
function inVectors({ x, scale }: Record<string, Tensor>): boolean {
  return scale.size % 8 === 0 && x.size > 0;
}

/** The engine always passes whole tensors to a kernel, though its type promises less. */
function tensors(inputs: NamedTensorInfoMap): Record<string, Tensor> {
  return inputs as Record<string, TensorInfo> as Record<string, Tensor>;
}
