/**
 * The training kernels of core/kernels.ts out of stock operations, for back ends that have no form of their own (`cpu`,
 * `webgpu`). A tensor [..., c] is read as n rows of c channels. Nothing here is differentiated: a kernel has no tape.
 */
import { add, getKernel, mean, mul, registerKernel, rsqrt, square, step, sub, sum, tidy, type NamedTensorInfoMap, type Tensor } from '@tensorflow/tfjs-core';
import { registerComposedPixels } from './composed-pixels.ts';
import { registerComposedTransformerKernels } from './composed-transformer.ts';
import { registerComposedUpdates } from './composed-update.ts';

/** Registers BatchNormTraining, BatchNormTrainingGrad, ReluGrad, Relu6Grad, SgdUpdate, AdamwUpdate and the kernels of transformers for a back end; a second call changes nothing. */
export function registerComposedKernels(backendName: string): void {
  registerComposedTransformerKernels(backendName);
  registerComposedPixels(backendName);
  registerComposedUpdates(backendName);
  const kernels = { BatchNormTraining: batchNormTraining, BatchNormTrainingGrad: batchNormTrainingGrad, ReluGrad: reluGrad, Relu6Grad: relu6Grad };
  for (const [kernelName, run] of Object.entries(kernels)) {
    if (getKernel(kernelName, backendName)) continue;
    registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs }) => run(tensors(inputs), (attrs as { epsilon: number } | undefined)?.epsilon ?? 0),
    });
  }
}

/** y = (x - mean) / sqrt(variance + epsilon) * scale + offset, mean [c] and biased variance [c] (Ioffe and Szegedy 2015). */
function batchNormTraining({ x, scale, offset }: Record<string, Tensor>, epsilon: number): Tensor[] {
  return tidy(() => {
    const axes = allButLast(x);
    const average = mean(x, axes);
    const centred = sub(x, average);
    const variance = mean(square(centred), axes);
    const y = add(mul(centred, mul(rsqrt(add(variance, epsilon)), scale)), offset);
    return [y, average, variance];
  });
}

/** With xhat = (x - mean) r, r = rsqrt(variance + epsilon): doffset = sum(dy), dscale = sum(dy xhat), dx = scale r (dy - doffset/n - xhat dscale/n). */
function batchNormTrainingGrad({ x, dy, scale, mean: average, variance }: Record<string, Tensor>, epsilon: number): Tensor[] {
  return tidy(() => {
    const axes = allButLast(x);
    const r = rsqrt(add(variance, epsilon));
    const xhat = mul(sub(x, average), r);
    const doffset = sum(dy, axes);
    const dscale = sum(mul(dy, xhat), axes);
    const perRow = scale.size / x.size;
    const dx = mul(sub(sub(dy, mul(doffset, perRow)), mul(xhat, mul(dscale, perRow))), mul(scale, r));
    return [dx, dscale, doffset];
  });
}

/** dx = dy where y > 0, else 0. */
function reluGrad({ dy, y }: Record<string, Tensor>): Tensor {
  return tidy(() => mul(dy, step(y)));
}

/** dx = dy where 0 < y < 6, else 0. */
function relu6Grad({ dy, y }: Record<string, Tensor>): Tensor {
  return tidy(() => mul(dy, step(mul(y, sub(6, y)))));
}

function allButLast(x: Tensor): number[] {
  return Array.from({ length: x.rank - 1 }, (_, axis) => axis);
}

/** The engine always passes whole tensors to a kernel, though its type promises less. */
function tensors(inputs: NamedTensorInfoMap): Record<string, Tensor> {
  return inputs as Record<string, Tensor>;
}
