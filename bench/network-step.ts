/**
 * Milliseconds a training step of a built-in network takes, as the trainer runs it, on one thread, by processor time (a busy
 * machine adds little to that) and by the clock: `node bench/network-step.ts resnet-20 32 128 10 tensorflow wasm`
 * (network, side of the images, batch, steps, back ends).
 */
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../src/backends/choose.ts';
import { stepperOf } from '../src/backends/stepper.ts';
import { builtinNetwork, type BuiltinName } from '../src/core/builtin.ts';
import { initialWeights } from '../src/core/initialise.ts';
import { freshSlots } from '../src/core/optimizer.ts';
import type { Pixels } from '../src/core/pixels.ts';
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
  const images: Pixels = { shape: [size, Number(side), Number(side), 3], data: Float32Array.from({ length: size * Number(side) ** 2 * 3 }, (_, i) => normal(key, i)) };
  const targets = Float32Array.from({ length: size * CLASSES }, (_, i) => Number(i % CLASSES === Math.floor(i / CLASSES) % CLASSES));
  const learningRate = tf.scalar(0.01);
  const state = { weights: weightsFrom(network, initialWeights(network, 1), name), slots: freshSlots(program) };
  const stepper = stepperOf(device, console.log)(program, state, { steps: [size], evaluations: [] });
  const times: { busyMs: number; wallMs: number }[] = [];
  for (let step = 0; step < Number(steps); step++) {
    const start = performance.now();
    const before = process.cpuUsage();
    const { loss, correct } = stepper.step({ images, targets, share: 1 }, { learningRate, corrections: [], noise: new Map() });
    await loss.data();
    const { user, system } = process.cpuUsage(before);
    times.push({ busyMs: (user + system) / 1000, wallMs: performance.now() - start });
    for (const figure of [loss, correct]) figure.dispose();
  }
  const median = (of: 'busyMs' | 'wallMs'): string => {
    const sorted = times.slice(1).map((time) => time[of]).toSorted((a, b) => a - b); // the first one compiles
    return sorted[sorted.length >> 1].toFixed(0);
  };
  console.log(`${name} ${side}x${side} batch ${batch}: ${median('busyMs')} ms of processor time a step, ${median('wallMs')} by the clock, ${device.description}`);
  disposeState(stepper.release());
  learningRate.dispose();
}
