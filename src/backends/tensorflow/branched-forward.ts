import { concat, slice, type Tensor2D, type Tensor4D } from '@tensorflow/tfjs-core';
import { forward } from '../../core/forward.ts';
import { partsOf } from '../../core/step.ts';
import type { Weights } from '../../core/weights.ts';
import type { NetworkSpec } from '../../protocol/network.ts';
import { graphBranches } from './thread-pools.ts';

/** Logits in evaluation mode, [batch, classes], of a batch in as many branches of the graph as threads take side by side. */
export function branchedLogits(network: NetworkSpec, weights: Weights, images: Tensor4D): Tensor2D {
  const logits = (part: Tensor4D): Tensor2D => forward(network, weights, part, { training: false }).logits;
  const parts = partsOf(images.shape[0], graphBranches());
  return parts.length === 1 ? logits(images) : concat(parts.map(({ start, size }) => logits(slice(images, start, size))), 0);
}
