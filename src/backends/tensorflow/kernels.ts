/**
 * Native forms of the training kernels that core/kernels.ts differentiates: one fused TensorFlow op each instead of the
 * dozens of small ones that TensorFlow.js composes.
 */
import { add, mul, registerKernel, reshape, rsqrt, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import type { TFEOpAttr } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import { registerComposedUpdates } from '../composed-update.ts';
import { registerConvolutionGradients } from './convolution-gradients.ts';
import { registerOwnKernels, tensors } from './own-kernels.ts';
import { owns } from './own-operations.ts';
import { replaceKernel } from './replace-kernel.ts';
import { registerTransformerKernels } from './transformer-kernels.ts';

/**
 * Registers for the back end 'tensorflow' BatchNormTraining, BatchNormTrainingGrad, ReluGrad, Relu6Grad, SgdUpdate, AdamwUpdate and the kernels of
 * transformers; sums and gradients of convolutions in place of the stock ones.
 */
export function registerTensorflowKernels(): void {
  registerTransformerKernels();
  registerConvolutionGradients();
  registerSums();
  registerUpdates();
  const kernels = { BatchNormTraining: batchNormTraining, BatchNormTrainingGrad: batchNormTrainingGrad, ReluGrad: reluGrad, Relu6Grad: relu6Grad };
  for (const [kernelName, run] of Object.entries(kernels)) {
    registerKernel({
      kernelName,
      backendName: 'tensorflow',
      kernelFunc: ({ inputs, attrs, backend }) => run(backend as NodeJSKernelBackend, tensors(inputs), (attrs as { epsilon: number } | undefined)?.epsilon ?? 0),
    });
  }
}

/** A bias by TensorFlow's name for it: its optimizer of graphs then puts it, the shortcut and the relu behind it into the convolution. */
function registerSums(): void {
  replaceKernel('Add', (stock) => (call) => {
    const { a, b } = tensors(call.inputs);
    const isBias = b.rank === 1 && a.rank > 1 && a.dtype === 'float32' && b.dtype === 'float32' && a.shape[a.rank - 1] === b.size;
    if (!isBias) return stock(call);
    const backend = call.backend as NodeJSKernelBackend;
    return backend.executeSingleOutput('BiasAdd', [floats(backend, 'T'), { name: 'data_format', type: backend.binding.TF_ATTR_STRING, value: 'NHWC' }], [a, b]);
  });
}

function registerUpdates(): void {
  registerComposedUpdates('tensorflow');
  const moments = ['moment1', 'moment2', 'beta1', 'rest1', 'beta2', 'rest2', 'correction', 'epsilon', 'pace', 'shrink'];
  registerOwnKernels({
    SgdUpdate: { operation: 'StarsseSgd', inputs: ['weight', 'gradient', 'velocity', 'rate', 'momentum', 'minusDecay'], attrs: ['decays', 'nesterov'], outputs: 2 },
    AdamwUpdate: { operation: 'StarsseAdamw', inputs: ['weight', 'gradient', ...moments], attrs: ['decays'], outputs: 3 },
  });
}

/** y [..., c], mean [c] and biased variance [c] of x [..., c] over all axes but the last. */
function batchNormTraining(backend: NodeJSKernelBackend, { x, scale, offset }: Tensors, epsilon: number): Tensor[] {
  if (owns('StarsseBatchNorm') && isVectors(scale)) {
    return backend.executeMultipleOutputs('StarsseBatchNorm', [ownEpsilon(backend, epsilon), { name: 'relu', type: backend.binding.TF_ATTR_BOOL, value: false }], [x, scale, offset], 3);
  }
  return tidy(() => {
    const none = tensor1d([]);
    const images = asImages(x);
    const [y, mean, unbiased, , saved] = backend.executeMultipleOutputs(
      'FusedBatchNormV3',
      fusedAttrs(backend, epsilon),
      [images, scale, offset, none, none],
      6,
    );
    // The third output is Bessel-corrected. What the CPU kernel saves for its gradient is the biased variance itself;
    // on a GPU cuDNN saves 1/sqrt(variance + epsilon) there instead.
    const rows = x.size / mean.size;
    const variance = backend.isUsingGpuDevice ? mul(unbiased, (rows - 1) / rows) : saved;
    return [y.shape.length === x.shape.length ? y : reshape(y, x.shape), mean, variance];
  });
}

/** dx [..., c], dscale [c] and doffset [c] from dy, and mean and biased variance as `batchNormTraining` gave them. */
function batchNormTrainingGrad(backend: NodeJSKernelBackend, { x, dy, scale, mean, variance }: Tensors, epsilon: number): Tensor[] {
  if (owns('StarsseBatchNormGrad') && isVectors(scale)) {
    return backend.executeMultipleOutputs('StarsseBatchNormGrad', [ownEpsilon(backend, epsilon)], [dy, x, scale, mean, variance], 3);
  }
  return tidy(() => {
    const saved = backend.isUsingGpuDevice ? rsqrt(add(variance, epsilon)) : variance;
    const [dx, dscale, doffset] = backend.executeMultipleOutputs(
      // V2 differs from V3 only in not wanting cuDNN's reserve space, which does not survive as a tensor of ours.
      'FusedBatchNormGradV2',
      fusedAttrs(backend, epsilon),
      [asImages(dy), asImages(x), scale, mean, saved],
      5,
    );
    return [dx.shape.length === x.shape.length ? dx : reshape(dx, x.shape), dscale, doffset];
  });
}

/** dx = dy where y > 0, else 0. */
function reluGrad(backend: NodeJSKernelBackend, { dy, y }: Tensors): Tensor {
  return backend.executeSingleOutput('ReluGrad', [floats(backend, 'T')], [dy, y]);
}

/** dx = dy where 0 < y < 6, else 0. */
function relu6Grad(backend: NodeJSKernelBackend, { dy, y }: Tensors): Tensor {
  return backend.executeSingleOutput('Relu6Grad', [floats(backend, 'T')], [dy, y]);
}

type Tensors = Record<string, Tensor>;

/** Our operations take channels by eight. */
function isVectors({ size }: Tensor): boolean {
  return size % 8 === 0;
}

function ownEpsilon({ binding }: NodeJSKernelBackend, epsilon: number): TFEOpAttr {
  return { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon };
}

/** [..., c] -> [n, h, w, c]; which rows lie where does not matter to a batch norm. */
function asImages(x: Tensor): Tensor {
  if (x.shape.length === 4) return x;
  const channels = x.shape[x.shape.length - 1];
  return reshape(x, [x.size / channels, 1, 1, channels]);
}

function fusedAttrs(backend: NodeJSKernelBackend, epsilon: number): TFEOpAttr[] {
  const { TF_ATTR_FLOAT, TF_ATTR_STRING, TF_ATTR_BOOL } = backend.binding;
  return [
    floats(backend, 'T'),
    floats(backend, 'U'),
    { name: 'epsilon', type: TF_ATTR_FLOAT, value: epsilon },
    { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: TF_ATTR_BOOL, value: true },
  ];
}

function floats(backend: NodeJSKernelBackend, name: string): TFEOpAttr {
  return { name, type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT };
}
