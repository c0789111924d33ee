/** Steps that give nothing back: what they found stays in the graph until it is read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { compileGraph } from '../../src/backends/tensorflow/graph/compile.ts';
import { keepFigures, KeptFigures, keptVariables } from '../../src/backends/tensorflow/kept-figures.ts';
import { findLibrary } from '../../src/backends/tensorflow/library.ts';
import { startTensorflow } from '../../src/backends/tensorflow/start.ts';
import { issuingStepper, tracedStepper } from '../../src/backends/tensorflow/traced-stepper.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { freshSlots, stepRates } from '../../src/core/optimizer.ts';
import { programOf } from '../../src/core/program.ts';
import { disposeState } from '../../src/core/state.ts';
import { UnreadSteps } from '../../src/core/unread-steps.ts';
import type { StepperMaker } from '../../src/core/stepper.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import { BEGINNING } from '../../src/protocol/position.ts';

const skip = findLibrary('cpu') === null ? 'native TensorFlow is not installed' : false;
const COUNT = 3;

test('figures come out of the graph step by step, also those that are no numbers, until others take their place', { skip }, async () => {
  await startTensorflow({ threads: 1 });
  const variables = keptVariables(COUNT);
  const graph = compileGraph(tf.backend() as NodeJSKernelBackend, variables, {
    step: { inputs: [[COUNT], [], []], run: (held, [place, loss, correct]) => ({ outputs: [], updates: keepFigures(held, place, { loss, correct }) }) },
  });
  tf.dispose([...variables.values()]);
  const held = tf.memory().numTensors;
  let reads = 0;
  const kept = new KeptFigures({ read: (names) => (reads++, graph.read(names)) }, COUNT);
  const step = (loss: number, correct: number): ReturnType<KeptFigures['take']> => {
    const inputs = [kept.nextPlace(), tf.scalar(loss), tf.scalar(correct)];
    assert.deepEqual(graph.call('step', inputs), []);
    tf.dispose(inputs);
    return kept.take();
  };
  const valuesOf = async ({ loss, correct }: ReturnType<typeof step>) => [(await loss.data())[0], (await correct.data())[0]];
  const [first, second, third] = [step(0.5, 1), step(Number.NaN, 2), step(0.25, 3)];
  assert.deepEqual(await Promise.all([first, second, third].map(valuesOf)), [[0.5, 1], [Number.NaN, 2], [0.25, 3]]);
  assert.equal(reads, 1, 'one read for all');
  const fourth = step(4, 4);
  assert.deepEqual(await Promise.all([second, third, fourth].map(valuesOf)), [[Number.NaN, 2], [0.25, 3], [4, 4]]);
  assert.equal(reads, 2);
  await assert.rejects(valuesOf(first), /asked for 4 steps later, 3 are kept/);
  assert.equal(tf.memory().numTensors, held);
  graph.close();
});

test('a training whose steps are only issued is the same: losses, right answers and weights, bit for bit', { skip }, async () => {
  await startTensorflow({ threads: 1 });
  const [waited, issued] = [await trained(tracedStepper, 1), await trained((program, state, sizes) => issuingStepper(program, state, sizes, COUNT), COUNT)];
  assert.equal(waited.rows.length, 7);
  assert.deepEqual(issued, waited);
  assert.ok(new Set(waited.rows.map(([, loss]) => loss)).size === 7, 'the losses differ from step to step');
});

/** Seven steps on two sizes of batches, figures read every few. */
async function trained(make: StepperMaker, every: number): Promise<{ rows: number[][]; weights: Record<string, number[]> }> {
  const optimizer = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 } as const;
  const network = builtinNetwork('small-cnn', [8, 8, 1], 4);
  const program = programOf(network, { optimizer, images: { normalization: { mean: [0.5], std: [0.25] }, mixes: false } });
  const held = tf.memory().numTensors;
  const stepper = make(program, { weights: weightsFrom(network, initialWeights(network, 1), 'test'), slots: freshSlots(program) }, { steps: [6, 5], evaluations: [] });
  const unread = new UnreadSteps({ steps: every, ms: Infinity });
  const rows: number[][] = [];
  for (let step = 1; step <= 7; step++) {
    const count = step % 2 === 0 ? 5 : 6;
    const images = { shape: [count, 8, 8, 1] as [number, number, number, number], data: Uint8Array.from({ length: count * 64 }, (_, index) => Math.imul(index + step, 2654435761) >>> 24) };
    const targets = Float32Array.from({ length: count * 4 }, (_, index) => Number(index % 4 === Math.floor(index / 4) % 4));
    const { learningRate, corrections } = stepRates(optimizer, 0.01, step - 1);
    unread.add({ step, epoch: 0, learningRate: 0.01, images: count, ms: 0, waitMs: 0 }, stepper.step({ images, targets, share: 1 }, { learningRate, corrections, noise: new Map() }));
    tf.dispose([learningRate, ...corrections]);
    if (unread.isDue || step === 7) for (const row of (await unread.read(BEGINNING)).rows) rows.push([row.step, row.loss, row.accuracy]);
  }
  const state = stepper.release();
  const weights = Object.fromEntries(Array.from(state.weights, ([name, tensor]) => [name, Array.from(tensor.dataSync())]));
  disposeState(state);
  assert.equal(tf.memory().numTensors, held);
  return { rows, weights };
}
