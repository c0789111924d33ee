/**
 * How long a training step takes on WASM, and beside it on native TensorFlow with one thread, where that is installed.
 * `node bench/wasm-step.ts`: both in this process, in turns, so that a busy machine slows both.
 */
import * as tf from '@tensorflow/tfjs-core';
import { startTensorflow } from '../src/backends/tensorflow/start.ts';
import { startWasm } from '../src/backends/wasm/start.ts';
import { builtinNetwork, type BuiltinName } from '../src/core/builtin.ts';
import { initialWeights } from '../src/core/initialise.ts';
import { freshSlots } from '../src/core/optimizer.ts';
import { programOf } from '../src/core/program.ts';
import { normal, randomKey } from '../src/core/random.ts';
import { disposeState } from '../src/core/state.ts';
import { trainStep, type StepState } from '../src/core/step.ts';
import { weightsFrom } from '../src/core/weights.ts';
import { StarsseError } from '../src/protocol/errors.ts';

const BATCH = 64;
const IMAGE: [number, number, number] = [28, 28, 1];
const ROUNDS = 9;
const STEPS_PER_ROUND = 5;

async function main(): Promise<void> {
  const devices = [await startWasm()];
  try {
    devices.push(await startTensorflow({ threads: 1 }));
  } catch (error) {
    if (!(error instanceof StarsseError && error.code === 'backend-missing')) throw error;
    console.log(`WASM alone: ${error.message} (${error.hint})`);
  }
  for (const { description } of devices) console.log(description);
  for (const name of ['small-cnn', 'resnet-8'] as const) await compare(name, devices.map(({ backend }) => backend));
}

async function compare(name: BuiltinName, backends: string[]): Promise<void> {
  const trainings = [];
  for (const backend of backends) {
    await tf.setBackend(backend);
    const training = startTraining(name);
    for (let i = 0; i < 3; i++) training.step(); // compiled and cached from here on
    trainings.push(training);
  }
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const times: number[] = [];
    for (const [index, backend] of backends.entries()) {
      await tf.setBackend(backend);
      const start = performance.now();
      for (let i = 0; i < STEPS_PER_ROUND; i++) trainings[index].step();
      times.push((performance.now() - start) / STEPS_PER_ROUND);
    }
    rounds.push(times);
  }
  console.log(`\n${name}, ${IMAGE.join('x')}, batch ${BATCH}, ${ROUNDS} rounds of ${STEPS_PER_ROUND} steps`);
  for (const [index, backend] of backends.entries()) console.log(`${backend.padEnd(10)} ${summary(rounds.map((times) => times[index]), 'ms a step')}`);
  if (backends.length > 1) console.log(`${'ratio'.padEnd(10)} ${summary(rounds.map(([wasm, native]) => wasm / native), 'times native, 1 thread')}`);
  for (const training of trainings) training.end();
}

/** A training on the current back end; each step reads the loss, as a real run does. */
function startTraining(name: BuiltinName): { step(): void; end(): void } {
  const network = builtinNetwork(name, IMAGE, 10);
  const key = randomKey(1, 'task');
  const images = tf.tensor4d(Float32Array.from({ length: BATCH * IMAGE.reduce((a, b) => a * b) }, (_, i) => normal(key, i)), [BATCH, ...IMAGE]);
  const targets = tf.oneHot(tf.tensor1d(Array.from({ length: BATCH }, (_, i) => i % 10), 'int32'), 10, 1, 0, 'float32') as tf.Tensor2D;
  const learningRate = tf.scalar(0.01);
  const program = programOf(network, { optimizer: { kind: 'sgd', nesterov: false, momentum: 0.9, weightDecay: 1e-4 } });
  let state: StepState = { weights: weightsFrom(network, initialWeights(network, 1), name), slots: freshSlots(program) };
  return {
    step() {
      const result = trainStep(program, state, { images, targets }, { learningRate, corrections: [], noise: new Map() });
      result.loss.dataSync();
      result.loss.dispose();
      result.correct.dispose();
      disposeState(state);
      state = result.state;
    },
    end() {
      disposeState(state);
      tf.dispose([images, targets, learningRate]);
    },
  };
}

function summary(values: number[], unit: string): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, median, high] = [sorted[0], sorted[sorted.length >> 1], sorted[sorted.length - 1]];
  return `${median.toFixed(2)} ${unit} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

await main();
