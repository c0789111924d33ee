/** Loss and gradients of whole transformers against PyTorch's autograd: weights, images and directions are given by a formula on both sides. */
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { fitWeights } from '../../src/core/fit-weights.ts';
import { forward } from '../../src/core/forward.ts';
import { useGradients } from '../../src/core/gradients.ts';
import { parametersOf } from '../../src/core/network.ts';
import { crossEntropy } from '../../src/core/step.ts';
import { readBack, tensorOf, weightsFrom } from '../../src/core/weights.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import { floatsOf } from '../../src/protocol/tensor.ts';
import { formulaImages, formulaTensor, uniform } from '../reference/formula.ts';
import { TRANSFORMER_FIXTURE } from '../reference/transformers.ts';
import { smallSwin } from './small-swin.ts';

const NETWORKS: Record<'vit' | 'swin', NetworkSpec> = {
  vit: builtinNetwork('vit-mini', [16, 16, 3], 10),
  swin: smallSwin([40, 40, 3], [{ channels: 12, blocks: 2, heads: 2 }, { channels: 24, blocks: 2, heads: 4 }]),
};

/** On the current back end. `swin` has shifted, padded and shrunken windows. @throws AssertionError */
export async function assertGradients(which: 'vit' | 'swin'): Promise<void> {
  const [network, expected] = [NETWORKS[which], TRANSFORMER_FIXTURE.gradients[which]];
  useGradients();
  const tensors = Object.entries(expected.shapes).map(([name, shape]) => formulaTensor(name, shape));
  const weights = weightsFrom(network, fitWeights(network, tensors, { headSeed: null, what: 'test' }), 'test');
  const images = tf.transpose(tf.tensor4d(formulaImages(expected.side), [2, 3, expected.side, expected.side]), [0, 2, 3, 1]);
  const targets = tf.oneHot(tf.tensor1d([3, 7], 'int32'), 10, 1, 0, 'float32') as tf.Tensor2D;
  const parameters = parametersOf(network);
  const { value, grads } = tf.valueAndGrads(() => crossEntropy(forward(network, weights, images, { training: true, noise: null }).logits, targets))(
    parameters.map(({ name }) => tensorOf(weights, name)),
  );
  near((await value.data())[0], expected.loss, 1e-5, 'loss');
  const gradients = await readBack(parameters, new Map(parameters.map(({ name }, index) => [name, grads[index]])));
  assert.deepEqual(gradients.map(({ name }) => name).sort(), Object.keys(expected.gradients).sort());
  for (const tensor of gradients) {
    const values = floatsOf(tensor);
    const direction = uniform(`direction of ${tensor.name}`, values.length).map((u) => 2 * u - 1);
    const [norm, product, ...first] = expected.gradients[tensor.name];
    const tolerance = 1e-4 * Math.max(norm, 0.01);
    near(Math.sqrt(values.reduce((sum, each) => sum + each * each, 0)), norm, tolerance, `norm of ${tensor.name}`);
    near(values.reduce((sum, each, index) => sum + each * direction[index], 0), product, tolerance, `direction of ${tensor.name}`);
    for (const [index, each] of first.entries()) near(values[index], each, tolerance, `${tensor.name}[${index}]`);
  }
}

function near(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, PyTorch ${expected}`);
}
