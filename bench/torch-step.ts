/**
 * A training step of ours as one call of a TensorFlow graph against the same step in PyTorch and against ours op by op, with all operations and
 * with TensorFlow's alone, in turn, at equal threads: `node scripts/node24.mjs bench/torch-step.ts [network] [side] [batch] [threads]`; without arguments every case that is promised,
 * each in a process of its own. PyTorch has the better of its two layouts, found first.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../src/backends/choose.ts';
import { withOwnOperations } from '../src/backends/tensorflow/own-operations.ts';
import { tracedStepper } from '../src/backends/tensorflow/traced-stepper.ts';
import { builtinNetwork, type BuiltinName } from '../src/core/builtin.ts';
import { initialWeights } from '../src/core/initialise.ts';
import { freshSlots, stepRates } from '../src/core/optimizer.ts';
import type { Pixels } from '../src/core/pixels.ts';
import { programOf, type OptimizerSettings } from '../src/core/program.ts';
import { eagerStepper, type ScalarFigures, type StepperMaker } from '../src/core/stepper.ts';
import { weightsFrom } from '../src/core/weights.ts';
import { pythonReference } from '../test/reference/python.ts';
import { pythonSide, type PythonSide } from './python-side.ts';
import { inTurn, reportMissing, reportRatio, spread, spreadText } from './report.ts';

interface Case {
  network: BuiltinName;
  side: number;
  batch: number;
  threads: number;
}
/** A round of each side lasts about as long. */
const ROUND_MS = 500;
const ROUNDS = 5;
const LAYOUTS = ['channels_last', 'nchw'];
const SGD: OptimizerSettings = { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 5e-4 };
const ADAMW: OptimizerSettings = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 };
const PROMISED: Case[] = [
  ...(['resnet-8', 'resnet-20'] as const).flatMap((network) => [32, 128].flatMap((batch) => [1, 2].map((threads) => ({ network, side: 32, batch, threads })))),
  { network: 'vit-tiny', side: 224, batch: 8, threads: 2 },
];

const [network, side, batch, threads] = process.argv.slice(2);
if (network === undefined) {
  for (const each of PROMISED) await apart(each);
} else {
  await compare({ network: network as BuiltinName, side: Number(side), batch: Number(batch), threads: Number(threads) });
}

/** TensorFlow has one number of threads a process. */
async function apart({ network: name, side: length, batch: images, threads: count }: Case): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, name, ...[length, images, count].map(String)], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) process.exitCode = 1;
}

async function compare(each: Case): Promise<void> {
  const isTransformer = each.network.startsWith('vit');
  const what = `training step of ${each.network}, ${each.side} x ${each.side}, batch ${each.batch}, ${each.threads === 1 ? '1 thread' : `${each.threads} threads`}`;
  const device = await startBackend('tensorflow', { threads: each.threads, sideBySide: true });
  const python = await pythonReference();
  if (python === null) return reportMissing(`${what}: PyTorch's time / ours`, 'no Python with PyTorch');
  const torch = await bestLayout(python, each, isTransformer ? 'adamw' : 'sgd');
  console.log(`\n${what}\n${device.description}\n${torch.hello}`);
  const optimizer = isTransformer ? ADAMW : SGD;
  const [traced, eager, stock] = [tracedStepper, eagerStepper, eagerStepper].map((make) => racer(make, each, optimizer));
  const sides = [(steps: number) => timed(torch, steps), traced, eager, (steps: number) => withOwnOperations('none', () => stock(steps))];
  const steps: number[] = [];
  for (const run of sides) steps.push(await stepsOfRound(run));
  const rounds = await inTurn(ROUNDS, sides.map((run, index) => async () => await run(steps[index])));
  torch.close();
  for (const [index, label] of ['PyTorch', 'one call', 'op by op', 'the same with TensorFlow\'s operations'].entries()) console.log(`${label.padEnd(38)} ${spreadText(spread(rounds.map((round) => round[index])), 1)} ms a step`);
  reportRatio(`${what}: PyTorch's time / ours`, rounds.map(([theirs, ours]) => theirs / ours), { atLeast: isTransformer ? 0.8 : 1 });
  // With two threads they are for operations side by side, of which op by op has none: at one thread both have the same.
  if (each.threads !== 1) return;
  reportRatio(`${what}: op by op / one call`, rounds.map(([, ours, opByOp]) => opByOp / ours));
  reportRatio(`${what}: op by op with TensorFlow's operations alone / one call`, rounds.map(([, ours, , opByOp]) => opByOp / ours), isTransformer ? {} : { atLeast: 1.4 });
}

/** The faster one of PyTorch's layouts, each timed three times in turn. */
async function bestLayout(python: string, each: Case, optimizer: 'sgd' | 'adamw'): Promise<PythonSide> {
  const args = [each.network, each.side, each.batch, each.threads].map(String);
  const sides: PythonSide[] = [];
  for (const layout of LAYOUTS) sides.push(await pythonSide(python, 'step.py', [...args, layout, optimizer]));
  const rounds = await inTurn(3, sides.map((torch) => async () => await timed(torch, 3)));
  const times = LAYOUTS.map((_, index) => spread(rounds.map((round) => round[index])).median);
  const best = times.indexOf(Math.min(...times));
  for (const [index, torch] of sides.entries()) if (index !== best) torch.close();
  return sides[best];
}

async function stepsOfRound(run: (steps: number) => number | Promise<number>): Promise<number> {
  await run(2);
  return Math.max(2, Math.round(ROUND_MS / (await run(2))));
}

/** Milliseconds a step. */
async function timed(torch: PythonSide, steps: number): Promise<number> {
  return Number(await torch.ask(String(steps)));
}

/** Milliseconds a step of so many steps; the loss of each is read, as PyTorch's side does. */
function racer(make: StepperMaker<ScalarFigures>, { network: name, side: length, batch: size }: Case, optimizer: OptimizerSettings): (steps: number) => number {
  const spec = builtinNetwork(name, [length, length, 3], 10);
  const program = programOf(spec, { optimizer, images: { normalization: { mean: [0.5], std: [0.25] }, mixes: false } });
  const images: Pixels = { shape: [size, length, length, 3], data: Uint8Array.from({ length: size * length * length * 3 }, (_, index) => Math.imul(index, 2654435761) >>> 24) };
  const targets = Float32Array.from({ length: 10 * size }, (_, index) => Number(index % 10 === Math.floor(index / 10) % 10));
  const stepper = make(program, { weights: weightsFrom(spec, initialWeights(spec, 1), name), slots: freshSlots(program) }, { steps: [size], evaluations: [] });
  let done = 0;
  return (steps) => {
    const startMs = performance.now();
    for (let step = 0; step < steps; step++) {
      const rates = stepRates(optimizer, 0.001, done);
      const { loss, correct } = stepper.step({ images, targets, share: 1 }, { ...rates, noise: new Map() });
      loss.dataSync();
      tf.dispose([loss, correct, rates.learningRate, ...rates.corrections]);
      done += 1;
    }
    return (performance.now() - startMs) / steps;
  };
}
