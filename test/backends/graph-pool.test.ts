/** Graphs outlive the member they were recorded for, and change nothing about the next. Two threads: operations side by side, evaluation in branches. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { startBackend } from '../../src/backends/choose.ts';
import { stepperOf } from '../../src/backends/stepper.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { freshSlots, stepRates } from '../../src/core/optimizer.ts';
import { programOf } from '../../src/core/program.ts';
import { rehearse } from '../../src/core/rehearsal.ts';
import { disposeState } from '../../src/core/state.ts';
import type { StepperMaker } from '../../src/core/stepper.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import type { Member } from '../../src/protocol/run.ts';
import { somePixels } from './some-pixels.ts';

const device = await startBackend('tensorflow', { threads: 2, sideBySide: true });
const network = builtinNetwork('resnet-8', [8, 8, 3], 5);
// As a plan has it, with the rate.
const optimizer = { kind: 'sgd' as const, learningRate: 0.05, momentum: 0.9, nesterov: false, weightDecay: 1e-3 };
const sizes = { steps: [4, 3], evaluations: [6, 1] };
const normalization = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.25, 0.3] };
const settings = { optimizer, images: { normalization, mixes: false } };
const quiet = (line: string): void => assert.fail(line);

/** Numbers of all weights, and logits, after some steps from the weights of a seed. */
async function trained(make: StepperMaker, seed: number, program = programOf(network, settings)): Promise<Float32Array[]> {
  const stepper = make(program, { weights: weightsFrom(network, initialWeights(network, seed), 'test'), slots: freshSlots(program) }, sizes);
  for (const [step, size] of [4, 3, 4].entries()) {
    const rates = stepRates(optimizer, 0.05, step);
    const targets = Float32Array.from({ length: 5 * size }, (_, index) => Number(index % 5 === Math.floor(index / 5)));
    const { loss, correct } = stepper.step({ images: somePixels([size, 8, 8, 3]), targets, share: 1 }, { ...rates, noise: new Map() });
    await loss.data();
    for (const tensor of [loss, correct, rates.learningRate]) tensor.dispose();
  }
  const logits = stepper.evaluate(somePixels([6, 8, 8, 3]));
  const state = stepper.release();
  const numbers = [logits, ...state.weights.values()].map((tensor) => tensor.dataSync<'float32'>().slice());
  logits.dispose();
  disposeState(state);
  return numbers;
}

function same(found: Float32Array[], wanted: Float32Array[]): boolean {
  return found.length === wanted.length && found.every((numbers, place) => Buffer.from(numbers.buffer).equals(Buffer.from(wanted[place].buffer)));
}

/** How many graphs are loaded meanwhile. */
async function loaded(work: () => unknown): Promise<number> {
  const backend = tf.backend() as NodeJSKernelBackend;
  const { binding } = backend;
  let count = 0;
  const loadSavedModel: typeof binding.loadSavedModel = (folder, tags) => {
    count += 1;
    return binding.loadSavedModel(folder, tags);
  };
  backend.binding = Object.create(binding, { loadSavedModel: { value: loadSavedModel } }) as typeof binding;
  try {
    await work();
  } finally {
    backend.binding = binding;
  }
  return count;
}

test('a second training of the same kind takes the graph of the first and gives the same bits as with one of its own', async () => {
  const held = tf.memory().numTensors;
  const wanted = await trained(stepperOf(device, quiet), 2);
  const make = stepperOf(device, quiet);
  assert.equal(await loaded(async () => assert.ok(!same(await trained(make, 1), wanted))), 1);
  assert.equal(await loaded(async () => assert.ok(same(await trained(make, 2), wanted))), 0);
  assert.equal(tf.memory().numTensors, held);
});

test('whatever a graph depends on gives another one: the optimizer, what is frozen', async () => {
  const make = stepperOf(device, quiet);
  await trained(make, 1);
  const others = [{ ...settings, optimizer: { ...optimizer, momentum: 0.8 } }, { ...settings, freeze: ['conv1'] }].map((each) => programOf(network, each));
  for (const other of others) assert.equal(await loaded(async () => await trained(make, 1, other)), 1);
});

test('a rehearsal prepares the graph, leaves nothing behind and changes nothing', async () => {
  const wanted = await trained(stepperOf(device, quiet), 2);
  const held = tf.memory().numTensors;
  const make = stepperOf(device, quiet);
  const member = { name: 'member-2', epochs: 1, probe: null, swa: null, ema: null, learningRate: 0.05, schedule: { kind: 'constant' }, seed: 1 } as unknown as Member;
  const labels = new Int32Array(7);
  const validation = { labels, classes: 5, shape: [8, 8, 3] as [number, number, number], values: 'pixels' as const, read: () => Promise.reject(new Error('a rehearsal reads no image')) };
  const job = { member, network, normalization, training: { batchSize: 4, optimizer }, images: 11, validation, evaluationBatchSize: 6, stepper: make };
  assert.equal(await loaded(() => rehearse(job)), 1);
  assert.equal(tf.memory().numTensors, held);
  assert.equal(await loaded(async () => assert.ok(same(await trained(make, 2), wanted))), 0);
});
