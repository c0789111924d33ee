/** One training step of our networks has the loss, the gradients and the running statistics of torchvision's. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../../src/backends/choose.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { fitWeights } from '../../src/core/fit-weights.ts';
import { freshSlots } from '../../src/core/optimizer.ts';
import { programOf } from '../../src/core/program.ts';
import { disposeState, freshState, stateToData } from '../../src/core/state.ts';
import { trainStep } from '../../src/core/step.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import { floatsOf, type TensorData } from '../../src/protocol/tensor.ts';
import { formulaImages, formulaTensor, uniform } from '../reference/formula.ts';
import { pythonReference, runPython } from '../reference/python.ts';

interface Fixture {
  'made with': string;
  side: number;
  draw: string;
  networks: Record<string, { loss: number; shapes: Record<string, number[]>; gradients: Record<string, number[]>; statistics: Record<string, number[]> }>;
}

/** Sums of many numbers, in another order. */
const RELATIVE = 5e-3;

async function compare({ side, draw, networks }: Fixture, name: BuiltinName): Promise<number> {
  const expected = networks[name];
  const network = builtinNetwork(name, [side, side, 3], 10);
  const program = programOf(network, { optimizer: { kind: 'sgd', nesterov: false, momentum: 0.9, weightDecay: 0 } });
  const tensors = Object.entries(expected.shapes).map(([tensor, shape]) => formulaTensor(tensor, shape));
  const state = { weights: weightsFrom(network, fitWeights(network, tensors, { headSeed: null, what: name }), name), slots: freshSlots(program) };
  const images = tf.tidy(() => tf.transpose(tf.tensor4d(formulaImages(side, draw), [2, 3, side, side]), [0, 2, 3, 1]));
  const targets = tf.tensor2d(Float32Array.from({ length: 20 }, (_, index) => Number(index === 3 || index === 17)), [2, 10]);
  const learningRate = tf.scalar(0.1);
  const result = trainStep(program, state, { images, targets }, { learningRate, corrections: [], noise: new Map() });
  const [loss] = await result.loss.data();
  // From slots of 0 the first velocity is the gradient.
  const after = await stateToData(network, freshState(result.state.weights, result.state.slots));
  disposeState(state);
  disposeState(result.state);
  tf.dispose([images, targets, learningRate, result.loss, result.correct]);

  assert(Math.abs(loss - expected.loss) < 1e-4, `loss ${loss}, not ${expected.loss}`);
  const found = new Map(after.map((tensor) => [tensor.name, tensor]));
  let worst = 0;
  for (const [prefix, group] of [['velocity/', expected.gradients], ['', expected.statistics]] as const) {
    assert(Object.keys(group).length > 0);
    // Some gradients are 0 but for rounding: offsets that the next batch norm takes away again.
    const floor = 1e-3 * Math.max(...Object.values(group).map(([norm]) => norm));
    for (const [tensor, wanted] of Object.entries(group)) {
      const actual = described(tensor, found.get(`${prefix}${tensor}`)!);
      // Against the norm: a product or a single number may be near 0.
      const difference = Math.max(...wanted.map((value, index) => Math.abs(value - actual[index]))) / Math.max(wanted[0], floor);
      assert(difference < RELATIVE, `${name}, ${prefix}${tensor}: ${actual.join(' ')}, not ${wanted.join(' ')}`);
      worst = Math.max(worst, difference);
    }
  }
  return worst;
}

/** Norm, product with a direction, the first three numbers. */
function described(name: string, tensor: TensorData): number[] {
  const values = floatsOf(tensor);
  const direction = uniform(`direction of ${name}`, values.length);
  const sums = values.reduce(({ square, product }, value, index) => ({ square: square + value * value, product: product + value * (2 * direction[index] - 1) }), { square: 0, product: 0 });
  return [Math.sqrt(sums.square), sums.product, ...values.subarray(0, 3)];
}

for (const [backend, name] of [['tensorflow', 'resnet-18'], ['tensorflow', 'mobilenet-v2'], ['wasm', 'mobilenet-v2']] as const) {
  test(`${backend}: a step of ${name} is torchvision’s`, async (context) => {
    await startBackend(backend, { threads: 1 });
    const fixture = JSON.parse(await readFile(join(import.meta.dirname, '../fixtures/reference/cnn-training.json'), 'utf8')) as Fixture;
    context.diagnostic(`worst difference ${(await compare(fixture, name)).toExponential(1)} of a tensor's norm`);
  });
}

const python = await pythonReference();
// Where there is no Python the fixture stands for it.
if (python !== null) test('a step is what Python makes of it now', async () => {
  await startBackend('tensorflow', { threads: 1 });
  const fresh = JSON.parse(await runPython(python, 'training_fixture.py', [])) as Fixture;
  for (const name of ['resnet-18', 'mobilenet-v2'] as const) await compare(fresh, name);
});
