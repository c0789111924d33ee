import { add, div, getKernel, mul, registerKernel, sqrt, square, sub, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { AdamwInputs, SgdInputs } from '../core/kernels.ts';

interface Rule {
  decays: boolean;
  nesterov: boolean;
}

/** Registers SgdUpdate and AdamwUpdate out of stock operations; a second call changes nothing. */
export function registerComposedUpdates(backendName: string): void {
  const updates = { SgdUpdate: sgdUpdate, AdamwUpdate: adamwUpdate };
  for (const [kernelName, update] of Object.entries(updates)) {
    if (getKernel(kernelName, backendName)) continue;
    registerKernel({ kernelName, backendName, kernelFunc: ({ inputs, attrs }) => tidy(() => update(inputs as unknown as SgdInputs & AdamwInputs, attrs as unknown as Rule)) });
  }
}

/** The new weight and the new velocity. */
function sgdUpdate({ weight, gradient, velocity, rate, momentum, minusDecay }: SgdInputs, { decays, nesterov }: Rule): Tensor[] {
  // Taken away with its sign turned: TensorFlow would make one operation of a sum of three in a recorded step, in an order of its own.
  const slope = decays ? sub(gradient, mul(weight, minusDecay)) : gradient;
  const moved = add(mul(velocity, momentum), slope);
  const direction = nesterov ? add(slope, mul(moved, momentum)) : moved;
  return [sub(weight, mul(direction, rate)), moved];
}

/** The new weight and the new moments. */
function adamwUpdate({ weight, gradient, moment1, moment2, beta1, rest1, beta2, rest2, correction, epsilon, pace, shrink }: AdamwInputs, { decays }: Rule): Tensor[] {
  const first = add(mul(moment1, beta1), mul(gradient, rest1));
  const second = add(mul(moment2, beta2), mul(square(gradient), rest2));
  const spread = add(mul(sqrt(second), correction), epsilon);
  return [sub(decays ? mul(weight, shrink) : weight, mul(div(first, spread), pace)), first, second];
}
