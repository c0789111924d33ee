import { add, getKernel, mul, registerKernel, sub, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { SgdInputs } from '../core/kernels.ts';

/** Registers SgdUpdate out of stock operations; a second call changes nothing. */
export function registerComposedUpdate(backendName: string): void {
  if (getKernel('SgdUpdate', backendName)) return;
  registerKernel({
    kernelName: 'SgdUpdate',
    backendName,
    kernelFunc: ({ inputs, attrs }) => sgdUpdate(inputs as unknown as SgdInputs, attrs as unknown as { decays: boolean; nesterov: boolean }),
  });
}

/** The new weight and the new velocity. */
function sgdUpdate({ weight, gradient, velocity, rate, momentum, minusDecay }: SgdInputs, { decays, nesterov }: { decays: boolean; nesterov: boolean }): Tensor[] {
  return tidy(() => {
    // Taken away with its sign turned: TensorFlow would make one operation of a sum of three in a recorded step, in an order of its own.
    const slope = decays ? sub(gradient, mul(weight, minusDecay)) : gradient;
    const moved = add(mul(velocity, momentum), slope);
    const direction = nesterov ? add(slope, mul(moved, momentum)) : moved;
    return [sub(weight, mul(direction, rate)), moved];
  });
}
