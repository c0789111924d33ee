/**
 * A training step as one call of a TensorFlow graph against the same step op by op, both with our fused kernels, in turn:
 * `node scripts/node24.mjs bench/traced-step.ts [network] [side] [batch] [threads]`.
 */
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../src/backends/choose.ts';
import { tracedStepper } from '../src/backends/tensorflow/traced-stepper.ts';
import { builtinNetwork, type BuiltinName } from '../src/core/builtin.ts';
import { initialWeights } from '../src/core/initialise.ts';
import { freshSlots } from '../src/core/optimizer.ts';
import type { Pixels } from '../src/core/pixels.ts';
import { programOf } from '../src/core/program.ts';
import { eagerStepper, type ScalarFigures, type StepperMaker } from '../src/core/stepper.ts';
import { weightsFrom } from '../src/core/weights.ts';
import { reportRatio, spread, spreadText } from './report.ts';

const ROUNDS = 9;
const STEPS = 5;
const [name = 'resnet-8', side = '32', batchSize = '32', threads = '1'] = process.argv.slice(2);
const [size, batch] = [Number(side), Number(batchSize)];

const device = await startBackend('tensorflow', { threads: Number(threads) });
const network = builtinNetwork(name as BuiltinName, [size, size, 3], 10);
const program = programOf(network, { optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 5e-4 }, images: { normalization: { mean: [0.5], std: [0.25] }, mixes: false } });
const images: Pixels = { shape: [batch, size, size, 3], data: Uint8Array.from({ length: batch * size * size * 3 }, (_, index) => Math.imul(index, 2654435761) >>> 24) };
const targets = Float32Array.from({ length: batch * 10 }, (_, index) => (index % 10 === Math.floor(index / 10) % 10 ? 1 : 0));
const learningRate = tf.scalar(0.001);

/** Milliseconds a step of one round. */
function racer(make: StepperMaker<ScalarFigures>): () => number {
  const stepper = make(program, { weights: weightsFrom(network, initialWeights(network, 1), name), slots: freshSlots(program) }, { steps: [batch], evaluations: [] });
  return () => {
    const startMs = performance.now();
    for (let step = 0; step < STEPS; step++) {
      const { loss, correct } = stepper.step({ images, targets, share: 1 }, { learningRate, corrections: [], noise: new Map() });
      loss.dataSync();
      tf.dispose([loss, correct]);
    }
    return (performance.now() - startMs) / STEPS;
  };
}

const [eager, traced] = [racer(eagerStepper), racer(tracedStepper)];
for (const warm of [eager, traced]) warm();
const rounds = Array.from({ length: ROUNDS }, () => ({ eager: eager(), traced: traced() }));
console.log(`${name}, ${size} x ${size}, batch ${batch}, ${device.description}: ${ROUNDS} rounds of ${STEPS} steps in turn`);
console.log(`op by op  ${spreadText(spread(rounds.map((round) => round.eager)))} ms a step`);
console.log(`one call  ${spreadText(spread(rounds.map((round) => round.traced)))} ms a step`);
reportRatio(`training step of ${name}, ${size} x ${size}, batch ${batch}, ${threads === '1' ? '1 thread' : `${threads} threads`}: op by op / as one call of a graph`, rounds.map((round) => round.eager / round.traced));
