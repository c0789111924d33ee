import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engine, matMul, memory, randomNormal } from '@tensorflow/tfjs-core';
import { startBackend } from '../../src/backends/choose.ts';
import { registerComposedKernels } from '../../src/backends/composed.ts';
import { floatsOf } from '../../src/protocol/tensor.ts';
import { furthest, train } from './small-training.ts';
import { trainedState } from './training.ts';

const training = { steps: 2, batch: 2, side: 8 };

test('two training steps of the residual network equal those on the cpu back end: forward, every gradient, the update', async (context) => {
  await startBackend('cpu', { threads: 1 });
  const expected = await trainedState(training);
  await startBackend('tensorflow', { threads: 1 });
  const actual = await trainedState(training);
  assert.deepEqual(actual.map(({ name }) => name), expected.map(({ name }) => name));
  let worst = 0;
  for (const [index, tensor] of expected.entries()) {
    const values = floatsOf(actual[index]);
    for (const [place, value] of floatsOf(tensor).entries()) {
      const difference = Math.abs(values[place] - value);
      assert(difference < 1e-4, `${tensor.name}[${place}]: ${values[place]}, not ${value}`);
      worst = Math.max(worst, difference);
    }
  }
  context.diagnostic(`worst difference ${worst.toExponential(1)}`);
});

test('three steps through every other kind of layer equal those on the cpu back end', async () => {
  await startBackend('tensorflow', { threads: 1 });
  registerComposedKernels('cpu');
  const native = await train('tensorflow', 'mixed', [7, 6, 4], 3);
  const cpu = await train('cpu', 'mixed', [7, 6, 4], 3);
  const { worst, where } = furthest(cpu.weights, native.weights);
  assert(worst < 1e-4, where);
  for (const [index, loss] of cpu.losses.entries()) assert(Math.abs(loss - native.losses[index]) < 1e-4, `loss of step ${index}`);
});

test('a training frees every tensor, in TensorFlow too', async () => {
  await startBackend('tensorflow', { threads: 1 });
  const native = engine().backend as unknown as { getNumOfTFTensors(): number };
  await trainedState(training);
  const before = { tensors: memory().numTensors, native: native.getNumOfTFTensors() };
  await trainedState(training);
  assert.deepEqual({ tensors: memory().numTensors, native: native.getNumOfTFTensors() }, before);
});

test('with one thread an operation uses one core', async () => {
  await startBackend('tensorflow', { threads: 1 });
  const matrix = randomNormal([700, 700]);
  const before = process.cpuUsage();
  const startMs = performance.now();
  for (let i = 0; i < 40; i++) matMul(matrix, matrix).dispose();
  const wallMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(before);
  assert((user + system) / 1000 < 1.3 * wallMs, `${(user + system) / 1000} ms of processor time in ${wallMs} ms`);
  matrix.dispose();
});
