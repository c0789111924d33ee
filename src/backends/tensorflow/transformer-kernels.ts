/** The kernels of core/transformer-kernels.ts, with operations of our own where there are some. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { registerComposedTransformerKernels } from '../composed-transformer.ts';
import { registerOwnKernels } from './own-kernels.ts';

/** Registers them for the back end 'tensorflow', and a softmax in place of the stock one. */
export function registerTransformerKernels(): void {
  registerComposedTransformerKernels('tensorflow');
  registerOwnKernels({
    LayerNorm: { operation: 'StarsseLayerNorm', inputs: ['x', 'scale', 'offset'], attrs: ['epsilon'], outputs: 3, fits: inVectors },
    LayerNormGrad: { operation: 'StarsseLayerNormGrad', inputs: ['dy', 'x', 'scale', 'mean', 'variance'], attrs: ['epsilon'], outputs: 3, fits: inVectors },
    Gelu: { operation: 'StarsseGelu', inputs: ['x'], outputs: 1 },
    GeluGrad: { operation: 'StarsseGeluGrad', inputs: ['x', 'dy'], outputs: 1 },
    // TensorFlow has one softmax in a graph and another outside, in other bits.
    Softmax: { operation: 'StarsseSoftmax', inputs: ['logits'], outputs: 1, fits: ({ logits }) => logits.size > 0 },
  });
}

/** A layer norm of channels by eight. */
function inVectors({ x, scale }: Record<string, Tensor>): boolean {
  return scale.size % 8 === 0 && x.size > 0;
}
