/**
 * Milliseconds a training step of a built-in network takes, as the trainer runs it, on one thread: `node bench/network-step.ts resnet-20 32 128 10 tensorflow wasm`
 * (network, side of the images, batch, steps, back ends).
 */
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../src/backends/choose.ts';
import { stepperOf } from '../src/backends/stepper.ts';
import { builtinNetwork, type BuiltinName } from '../src/core/builtin.ts';
import { initialWeights } from '../src/core/initialise.ts';
import { freshSlots } from '../src/core/optimizer.ts';
import { programOf } from '../src/core/program.ts';
import { normal, randomKey } from '../src/core/random.ts';
import { disposeState } from '../src/core/state.ts';
import { weightsFrom } from '../src/core/weights.ts';
import type { BackendChoice } from '../src/protocol/plan.ts';

const [name, side, batch, steps, ...backends] = process.argv.slice(2);
const CLASSES = 10;

for (const backend of backends) {
  const device = await startBackend(backend as BackendChoice, { threads: 1 });
  const network = builtinNetwork(name as BuiltinName, [Number(side), Number(side), 3], CLASSES);
  const program = programOf(network, { optimizer: { kind: 'sgd', nesterov: false, momentum: 0.9, weightDecay: 1e-4 } });
  const size = Number(batch);
  const key = randomKey(1, 'task');
  const images = tf.tensor4d(Float32Array.from({ length: size * Number(side) ** 2 * 3 }, (_, i) => normal(key, i)), [size, Number(side), Number(side), 3]);
  const targets = tf.tensor2d(Float32Array.from({ length: size * CLASSES }, (_, i) => Number(i % CLASSES === Math.floor(i / CLASSES) % CLASSES)), [size, CLASSES]);
  const learningRate = tf.scalar(0.01);
  const state = { weights: weightsFrom(network, initialWeights(network, 1), name), slots: freshSlots(program) };
  const stepper = stepperOf(device, console.log)(program, state, [size]);
  const times: number[] = [];
  for (let step = 0; step < Number(steps); step++) {
    const start = performance.now();
    const { loss, correct } = stepper.step({ images, targets }, { learningRate, corrections: [], noise: new Map() });
    await loss.data();
    times.push(performance.now() - start);
    tf.dispose([loss, correct]);
  }
  const sorted = times.slice(1).toSorted((a, b) => a - b); // the first one compiles
  console.log(`${name} ${side}x${side} batch ${batch}: ${sorted[sorted.length >> 1].toFixed(0)} ms a step (${sorted[0].toFixed(0)} to ${sorted.at(-1)!.toFixed(0)}), ${device.description}`);
  disposeState(stepper.release());
  tf.dispose([images, targets, learningRate]);
}
