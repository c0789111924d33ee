import { getKernel, registerKernel, unregisterKernel, type KernelConfig, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { registerComposedTransformerKernels } from '../composed-transformer.ts';
import { registerComposedUpdates } from '../composed-update.ts';
import { batchNormInference, batchNormTraining, batchNormTrainingGrad } from './batch-norm.ts';
import { conv2D, convThatPadsInNumbers } from './conv-forward.ts';
import { conv2DBackpropFilter } from './conv-filter-gradient.ts';
import { conv2DBackpropInput } from './conv-input-gradient.ts';
import { depthwiseConv2dNativeBackpropFilter, depthwiseConv2dNativeBackpropInput } from './depthwise-gradients.ts';
import { gelu, geluGrad } from './gelu.ts';
import type { KernelCall } from './heap.ts';
import { matMul } from './mat-mul.ts';
import { oneHotOfItsType } from './one-hot.ts';
import { normalizeBytes, uploadBytes } from './pixels.ts';
import { avgPoolGrad, maxPoolGrad } from './pool-gradients.ts';
import { relu6Grad, reluGrad } from './relu-gradient.ts';
import { unsortedSegmentSum } from './segment-sum.ts';
import { identityThatShares, sliceInRuns } from './views.ts';

let registered = false;

/** Gives the back end `wasm` the kernels that training needs and it lacks or has only in a slow form. Once a process. */
export function registerWasmKernels(): void {
  if (registered) return;
  registered = true;
  register('BatchNormTraining', batchNormTraining);
  register('BatchNormTrainingGrad', batchNormTrainingGrad);
  register('FusedBatchNorm', batchNormInference(stock('FusedBatchNorm')));
  register('ReluGrad', reluGrad);
  register('Relu6Grad', relu6Grad);
  register('Conv2D', conv2D(stock('Conv2D')));
  register('DepthwiseConv2dNative', convThatPadsInNumbers(stock('DepthwiseConv2dNative'), true));
  register('Conv2DBackpropFilter', conv2DBackpropFilter);
  register('Conv2DBackpropInput', conv2DBackpropInput);
  register('DepthwiseConv2dNativeBackpropFilter', depthwiseConv2dNativeBackpropFilter);
  register('DepthwiseConv2dNativeBackpropInput', depthwiseConv2dNativeBackpropInput);
  register('MaxPoolGrad', maxPoolGrad);
  register('AvgPoolGrad', avgPoolGrad);
  register('UnsortedSegmentSum', unsortedSegmentSum);
  register('BatchMatMul', matMul(stock('BatchMatMul')));
  register('OneHot', oneHotOfItsType(stock('OneHot')));
  register('Identity', identityThatShares(stock('Identity')));
  register('Slice', sliceInRuns(stock('Slice')));
  register('UploadBytes', uploadBytes);
  register('NormalizeBytes', normalizeBytes);
  register('Gelu', gelu);
  register('GeluGrad', geluGrad);
  registerComposedTransformerKernels('wasm');
  registerComposedUpdates('wasm');
}

function stock(kernelName: string): KernelFunc {
  return getKernel(kernelName, 'wasm').kernelFunc;
}

/** In place of a stock kernel of this name, whose set-up other kernels may rely on and so stays. */
function register<Inputs, Attrs>(kernelName: string, kernel: (call: KernelCall<Inputs, Attrs>) => TensorInfo | TensorInfo[]): void {
  const replaced: KernelConfig | undefined = getKernel(kernelName, 'wasm');
  if (replaced) unregisterKernel(kernelName, 'wasm');
  registerKernel({ ...replaced, kernelName, backendName: 'wasm', kernelFunc: kernel as unknown as KernelFunc });
}
