/** Loss and gradients of whole transformers against PyTorch's autograd: weights, images and directions are given by a formula on both sides. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { swin } from '../../src/core/builtin/swin.ts';
import { fitWeights } from '../../src/core/fit-weights.ts';
import { forward } from '../../src/core/forward.ts';
import { useGradients } from '../../src/core/gradients.ts';
import { parametersOf } from '../../src/core/network.ts';
import { crossEntropy } from '../../src/core/step.ts';
import { readBack, tensorOf, weightsFrom } from '../../src/core/weights.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import { floatsOf } from '../../src/protocol/tensor.ts';
import { formulaImages, formulaTensor, uniform } from '../reference/formula.ts';
import { TRANSFORMER_FIXTURE, type GradientFixture } from '../reference/transformers.ts';

const smallSwin: NetworkSpec = {
  name: 'small-swin', inputShape: [40, 40, 3], classes: 10, head: 'head.fc',
  layers: swin([{ channels: 12, blocks: 2, heads: 2 }, { channels: 24, blocks: 2, heads: 4 }])(10, [40, 40, 3], 0),
};

test('vit-mini has the loss and the gradients that PyTorch finds', () => compare(builtinNetwork('vit-mini', [16, 16, 3], 10), TRANSFORMER_FIXTURE.gradients.vit));

test('a Swin with shifted, padded and shrunken windows has the loss and the gradients that PyTorch finds', () => compare(smallSwin, TRANSFORMER_FIXTURE.gradients.swin));

async function compare(network: NetworkSpec, expected: GradientFixture): Promise<void> {
  useGradients();
  const tensors = Object.entries(expected.shapes).map(([name, shape]) => formulaTensor(name, shape));
  const weights = weightsFrom(network, fitWeights(network, tensors, { headSeed: null, what: 'test' }), 'test');
  const images = tf.transpose(tf.tensor4d(formulaImages(expected.side), [2, 3, expected.side, expected.side]), [0, 2, 3, 1]);
  const targets = tf.oneHot(tf.tensor1d([3, 7], 'int32'), 10, 1, 0, 'float32') as tf.Tensor2D;
  const parameters = parametersOf(network);
  const { value, grads } = tf.valueAndGrads(() => crossEntropy(forward(network, weights, images, { training: true, noise: null }).logits, targets))(
    parameters.map(({ name }) => tensorOf(weights, name)),
  );
  near(value.dataSync()[0], expected.loss, 1e-5, 'loss');
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
