/** The step as one call gives what the step op by op gives. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../../src/backends/choose.ts';
import { stepperOf } from '../../src/backends/stepper.ts';
import { tracedStepper } from '../../src/backends/tensorflow/traced-stepper.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { freshSlots, stepRates } from '../../src/core/optimizer.ts';
import { programOf } from '../../src/core/program.ts';
import { disposeState } from '../../src/core/state.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import { ADAMW, CLASSES, SGD, type Case } from './agreement.ts';
import { testAgreement } from './agreement-tests.ts';
import { withPlantedRelu } from './planted-op.ts';

const SLOT = 1e-5;

before(async () => {
  await startBackend('tensorflow', { threads: 1 });
});

const CASES: Case[] = [
  { network: 'resnet-8', side: 8, steps: 50, settings: { optimizer: SGD } },
  { network: 'resnet-20', side: 8, steps: 50, settings: { optimizer: { ...SGD, nesterov: true } } },
  { network: 'small-cnn', side: 8, steps: 50, settings: { optimizer: ADAMW, clipNorm: 0.5 } },
  { network: 'mlp', side: 8, steps: 50, settings: { optimizer: SGD, accumulate: 2 } },
  { network: 'linear', side: 8, steps: 50, settings: { optimizer: ADAMW } },
  { network: 'vit-mini', side: 8, steps: 50, settings: { optimizer: ADAMW, layerDecay: 0.8, clipNorm: 5 } },
  { network: 'resnet-8', side: 8, steps: 50, settings: { optimizer: SGD, freeze: ['conv1', 'bn1', 'layer1'] } },
];

for (const each of CASES) testAgreement(each, SLOT);

test('a step that cannot be recorded leaves nothing behind, and the state to its owner', () => {
  const network = builtinNetwork('mlp', [4, 4, 1], CLASSES);
  const program = programOf(network, { optimizer: SGD });
  const state = { weights: weightsFrom(network, initialWeights(network, 1), 'mlp'), slots: new Map<string, tf.Tensor>() };
  const before = tf.memory().numTensors;
  assert.throws(() => tracedStepper(program, state, { steps: [2], evaluations: [] }), /velocity/);
  assert.equal(tf.memory().numTensors, before);
  disposeState(state);
});

test('two variables that are one tensor are refused: a clone of a weight as its average', () => {
  const network = builtinNetwork('mlp', [4, 4, 1], CLASSES);
  const program = programOf(network, { optimizer: SGD });
  const weights = weightsFrom(network, initialWeights(network, 1), 'mlp');
  const averages = new Map(Array.from(weights, ([name, weight]) => [`ema/${name}`, weight.clone()]));
  const state = { weights, slots: freshSlots(program), averages };
  assert.throws(() => tracedStepper(program, state, { steps: [2], evaluations: [] }), /value\/8 and value\/0 of step2 are one tensor/);
  disposeState(state);
});

test('a model that reads numbers back cannot be one call: it runs op by op and says why', async () => {
  const network = builtinNetwork('mlp', [4, 4, 3], CLASSES);
  const program = programOf(network, { optimizer: SGD });
  const lines: string[] = [];
  const state = { weights: weightsFrom(network, initialWeights(network, 1), 'mlp'), slots: freshSlots(program) };
  const reading = (y: tf.Tensor): tf.Tensor => tf.tensor(y.dataSync(), y.shape);
  const stepper = withPlantedRelu(reading, () => stepperOf({ backend: 'tensorflow', kind: 'cpu' }, (line) => lines.push(line))(program, state, { steps: [2], evaluations: [] }));
  assert.deepEqual(lines, ['The step of mlp runs op by op: it reads numbers of a tensor after Relu, which a graph cannot']);
  const rates = stepRates(program.optimizer, 0.1, 0);
  const images = Float32Array.from({ length: 96 }, (_, place) => Math.sin(place));
  const { loss, correct } = stepper.step({ images: { shape: [2, 4, 4, 3], data: images }, targets: Float32Array.of(1, 0, 0, 0, 0, 0, 1, 0, 0, 0), share: 1 }, { ...rates, noise: new Map() });
  const value = (await loss.data())[0];
  assert.ok(value > 0.5 && value < 5, `loss ${value}`);
  for (const tensor of [loss, correct, rates.learningRate]) tensor.dispose();
  disposeState(stepper.release());
});
