import { add, getKernel, mul, registerKernel, scalar, sub, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { SgdRule } from '../core/kernels.ts';

/** Registers SgdUpdate out of stock operations; a second call changes nothing. */
export function registerComposedUpdate(backendName: string): void {
  if (getKernel('SgdUpdate', backendName)) return;
  registerKernel({
    kernelName: 'SgdUpdate',
    backendName,
    kernelFunc: ({ inputs, attrs }) => composedSgdUpdate(inputs as unknown as SgdInputs, attrs as unknown as SgdRule),
  });
}

export interface SgdInputs {
  weight: Tensor;
  gradient: Tensor;
  velocity: Tensor;
  rate: Tensor;
}

/** The new weight and the new velocity. */
export function composedSgdUpdate({ weight, gradient, velocity, rate }: SgdInputs, { momentum, decay, nesterov }: SgdRule): Tensor[] {
  return tidy(() => {
    const keep = scalar(momentum);
    // Taken away with its sign turned: TensorFlow would make one operation of a sum of three in a recorded step, in an order of its own.
    const slope = decay === 0 ? gradient : sub(gradient, mul(weight, scalar(-decay)));
    const moved = add(mul(velocity, keep), slope);
    const direction = nesterov ? add(slope, mul(moved, keep)) : moved;
    return [sub(weight, mul(direction, rate)), moved];
  });
}
