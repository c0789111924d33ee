import assert from 'node:assert/strict';
import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { clipped, freshSlots, stepRates, update, type Slots } from '../../src/core/optimizer.ts';
import { programOf, type OptimizerSettings } from '../../src/core/program.ts';
import { pythonReference, runPython } from '../reference/python.ts';
import { CASES, GRADIENTS, RATES, SHAPES, WEIGHTS, type OptimizerCase } from './optimizer-cases.ts';

type Numbers = Record<string, number[]>;
/** Written by `node test/core/optimizer.test.ts --write` from what test/reference/optimizers.py prints. */
const FIXTURE = new URL('../fixtures/torch-optimizers.json', import.meta.url);

/** Our weights after each step. */
function ours({ optimizer, clipNorm, rateFactors, decays }: OptimizerCase): Numbers[] {
  const learning = Object.entries(SHAPES).map(([name, shape]) => ({ name, shape, rateFactor: rateFactors[name], decays: decays[name] }));
  let weights = new Map(learning.map(({ name, shape }) => [name, tf.tensor(WEIGHTS[name], shape)]));
  let slots: Slots = freshSlots({ optimizer, learning });
  return GRADIENTS.map((gradients, step) => {
    const next = tf.tidy(() => {
      const given = learning.map(({ name, shape }) => tf.tensor(gradients[name], shape));
      const used = clipNorm === null ? given : clipped(given, clipNorm);
      return update({ optimizer, learning }, { weights, slots }, new Map(learning.map(({ name }, index) => [name, used[index]])), stepRates(optimizer, RATES[step], step));
    });
    tf.dispose([...weights.values(), ...slots.values()]);
    [weights, slots] = [new Map(next.weights), new Map(next.slots)];
    return Object.fromEntries(next.weights.map(([name, tensor]) => [name, [...tensor.dataSync()]]));
  });
}

const expected = JSON.parse(await readFile(FIXTURE, 'utf8')) as Record<string, Numbers[]>;

function assertNear(steps: Numbers[], wanted: Numbers[], tolerance: number): void {
  assert.equal(steps.length, wanted.length);
  for (const [step, weights] of steps.entries()) {
    for (const [name, values] of Object.entries(weights)) {
      for (const [index, value] of values.entries()) {
        const expectedValue = wanted[step][name][index];
        assert.ok(Math.abs(value - expectedValue) <= tolerance * Math.max(1, Math.abs(expectedValue)), `step ${step + 1}, ${name}[${index}]: ${value}, PyTorch ${expectedValue}`);
      }
    }
  }
}

for (const optimizerCase of CASES) {
  test(`${optimizerCase.name}: eight steps are those of PyTorch, and no tensor is left`, () => {
    const held = tf.memory().numTensors;
    const steps = ours(optimizerCase);
    // The last weights and slots are still there.
    assert.equal(tf.memory().numTensors - held, optimizerCase.optimizer.kind === 'sgd' ? 4 : 6);
    assertNear(steps, expected[optimizerCase.name], 2e-6);
  });
}

test('the fixture is what PyTorch says', async (context) => {
  const python = await pythonReference();
  if (python === null) {
    context.diagnostic('no Python reference here: the committed numbers stand alone');
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'starsse-optimizers-'));
  try {
    const request = join(folder, 'request.json');
    const inShape = (name: string, values: number[]): unknown => tf.tidy(() => tf.tensor(values, SHAPES[name]).arraySync());
    const shaped = (numbers: Numbers) => Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name, inShape(name, values)]));
    await writeFile(request, JSON.stringify({ weights: shaped(WEIGHTS), gradients: GRADIENTS.map(shaped), rates: RATES, cases: CASES }));
    const printed = await runPython(python, 'optimizers.py', [request]);
    if (process.argv.includes('--write')) await writeFile(FIXTURE, printed);
    const said = JSON.parse(printed) as typeof expected;
    assert.deepEqual(Object.keys(said), CASES.map(({ name }) => name));
    for (const [name, steps] of Object.entries(said)) assertNear(steps, expected[name], 1e-6);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('AdamW leaves 1-D weights and biases undecayed, SGD decays all; layer decay multiplies the rate block by block', () => {
  const network = builtinNetwork('resnet-8', [8, 8, 1], 3);
  const adamw: OptimizerSettings = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 };
  const of = (settings: Parameters<typeof programOf>[1]) => new Map(programOf(network, settings).learning.map((weight) => [weight.name, weight]));
  const groups = of({ optimizer: adamw, layerDecay: 0.5 });
  assert.deepEqual(['conv1.weight', 'bn1.weight', 'bn1.bias', 'fc.weight', 'fc.bias'].map((name) => groups.get(name)!.decays), [true, false, false, true, false]);
  assert.deepEqual(['conv1.weight', 'bn1.bias', 'layer1.0.conv1.weight', 'layer2.0.downsample.0.weight', 'layer3.0.bn2.weight', 'fc.bias'].map((name) => groups.get(name)!.rateFactor), [1 / 16, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1]);
  const sgd: OptimizerSettings = { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0.1 };
  assert.ok([...of({ optimizer: sgd }).values()].every(({ decays, rateFactor }) => decays && rateFactor === 1));
});
