/**
 * How long a training step takes on WASM, and beside it on native TensorFlow with one thread as a run takes it there (one call a
 * step) and op by op, all in this process, in turns, so that a busy machine slows all:
 * `npm run bench -- wasm-step`, or `node scripts/node24.mjs bench/wasm-step.ts [network] [side] [channels] [batch] [sgd|adamw]`.
 */
import * as tf from '@tensorflow/tfjs-core';
import { tracedStepper } from '../src/backends/tensorflow/traced-stepper.ts';
import { startTensorflow } from '../src/backends/tensorflow/start.ts';
import { startWasm } from '../src/backends/wasm/start.ts';
import { builtinNetwork, type BuiltinName } from '../src/core/builtin.ts';
import { initialWeights } from '../src/core/initialise.ts';
import { drawNoise } from '../src/core/noise.ts';
import { freshSlots, stepRates } from '../src/core/optimizer.ts';
import type { Pixels } from '../src/core/pixels.ts';
import { programOf, type OptimizerSettings } from '../src/core/program.ts';
import { randomKey } from '../src/core/random.ts';
import { eagerStepper, type ScalarFigures, type StepperMaker } from '../src/core/stepper.ts';
import { weightsFrom } from '../src/core/weights.ts';
import { StarsseError } from '../src/protocol/errors.ts';
import { inTurn, reportMissing, reportRatio, spread, spreadText } from './report.ts';

const ROUNDS = 9;
const STEPS = 5;
const CLASSES = 10;
const OPTIMIZERS: Record<string, OptimizerSettings> = {
  sgd: { kind: 'sgd', nesterov: false, momentum: 0.9, weightDecay: 1e-4 },
  adamw: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
};
const [name = 'resnet-8', side = '28', channels = '1', batchSize = '64', optimizerName = 'sgd'] = process.argv.slice(2);
const batch = Number(batchSize);
const optimizer = OPTIMIZERS[optimizerName];
const shape: Pixels['shape'] = [batch, Number(side), Number(side), Number(channels)];
const [, ...image] = shape;
const setting = `training step of ${name}, ${image.join(' x ')}, batch ${batch}, 1 thread`;

async function main(): Promise<void> {
  console.log((await startWasm()).description);
  try {
    console.log((await startTensorflow({ threads: 1 })).description);
  } catch (error) {
    if (!(error instanceof StarsseError && error.code === 'backend-missing')) throw error;
    const [[time]] = await inTurn(1, [await racer('wasm', eagerStepper)]);
    return reportMissing(`${setting}: WASM's time / native TensorFlow's`, `${error.message}; WASM alone takes ${time.toFixed(1)} ms`);
  }
  const sides = [await racer('wasm', eagerStepper), await racer('tensorflow', tracedStepper), await racer('tensorflow', eagerStepper)];
  const rounds = await inTurn(ROUNDS, sides);
  for (const [place, what] of ['WASM', 'native, one call', 'native, op by op'].entries()) {
    console.log(`${what.padEnd(17)} ${spreadText(spread(rounds.map((times) => times[place])))} ms a step`);
  }
  reportRatio(`${setting}: WASM's time / native TensorFlow's, one call a step`, rounds.map(([wasm, traced]) => wasm / traced), name === 'resnet-8' ? { atMost: 3 } : {});
  reportRatio(`${setting}: WASM's time / native TensorFlow's, op by op`, rounds.map(([wasm, , eager]) => wasm / eager));
}

/** Milliseconds a step of one round; each step reads the loss, as a real run does. */
async function racer(backend: string, make: StepperMaker<ScalarFigures>): Promise<() => Promise<number>> {
  await tf.setBackend(backend);
  const network = builtinNetwork(name as BuiltinName, image as [number, number, number], CLASSES);
  const program = programOf(network, { optimizer, images: { normalization: { mean: [0.5], std: [0.25] }, mixes: false } });
  const images: Pixels = { shape, data: Uint8Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, index) => Math.imul(index, 2654435761) >>> 24) };
  const targets = Float32Array.from({ length: batch * CLASSES }, (_, index) => Number(index % CLASSES === Math.floor(index / CLASSES) % CLASSES));
  const stepper = make(program, { weights: weightsFrom(network, initialWeights(network, 1), name), slots: freshSlots(program) }, { steps: [batch], evaluations: [] });
  let updates = 0;
  const step = (): void => {
    const rates = stepRates(optimizer, 0.001, updates);
    const noise = drawNoise(network, batch, randomKey(1, 'noise', updates), program.frozen);
    updates += 1;
    const { loss, correct } = stepper.step({ images, targets, share: 1 }, { ...rates, noise });
    loss.dataSync();
    tf.dispose([loss, correct, rates.learningRate, [...rates.corrections], [...noise.values()]]);
  };
  for (let i = 0; i < 3; i++) step(); // compiled and cached from here on
  return async () => {
    await tf.setBackend(backend);
    const startMs = performance.now();
    for (let i = 0; i < STEPS; i++) step();
    return (performance.now() - startMs) / STEPS;
  };
}

await main();
