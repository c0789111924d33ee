/** A member whose steps are one call each: its probe, its averages, its stops. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../../src/backends/choose.ts';
import { stepperOf } from '../../src/backends/stepper.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { floatsOf } from '../../src/protocol/tensor.ts';
import { toyData } from '../core/toy-data.ts';
import { jobOf, planOf, train } from '../core/training-job.ts';

await startBackend('tensorflow', { threads: 1 });

const plan = planOf(
  { kind: 'fine-tuning', linearProbe: { epochs: 1, learningRate: 0.05 }, swa: { start: 0.5 }, ema: { decay: 0.9 } },
  { epochs: 2, batchSize: 8, accumulate: 2, clipNorm: 5, layerDecay: 0.8, labelSmoothing: 0.1, scheduleBy: 'step', freeze: ['conv1', 'bn1'], optimizer: { kind: 'adamw', learningRate: 0.002 }, augmentation: { cropPadding: 1, mixup: 0.2 } },
);
const [member] = membersOf(plan);
const data = { train: toyData(20, 1, { side: 8 }), validation: toyData(9, 2, { side: 8 }) };
const network = builtinNetwork('resnet-8', [8, 8, 1], 3, { dropout: 0.2 });
const start = initialWeights(network, 4);
const complaints: string[] = [];
const traced = { ...jobOf(member, network, plan.training, data), stepper: stepperOf({ backend: 'tensorflow', kind: 'cpu' }, (line) => complaints.push(line)) };

test('stopped in the probe, at its end and later and resumed from files, a traced member is the same bytes, and nothing leaks', async () => {
  const held = tf.memory().numTensors;
  const whole = await train(traced, start);
  assert.deepEqual(complaints, []);
  assert.equal(tf.memory().numTensors, held);
  for (const stops of [[1], [3], [4], [5, 8]]) assert.deepEqual((await train(traced, start, stops)).data, whole.data, `stopped at ${stops.join()}`);
  assert.deepEqual(complaints, []);
  assert.equal(tf.memory().numTensors, held);
  const names = whole.data.map(({ name }) => name);
  assert.ok(names.includes('moment2/fc.weight') && names.includes('ema/bn1.running_var') && names.includes('swa/fc.bias') && !names.includes('moment1/conv1.weight'));
});

test('a traced member is the one of steps op by op, within rounding', async () => {
  const [whole, eager] = [await train(traced, start), await train({ ...traced, stepper: undefined }, start)];
  const steps = (rows: typeof whole.rows) => rows.filter((row) => row.kind === 'step').map(({ loss }) => loss);
  for (const [index, loss] of steps(eager.rows).entries()) assert.ok(Math.abs(loss - steps(whole.rows)[index]) < 1e-4, `step ${index + 1}`);
  for (const [index, tensor] of eager.data.entries()) {
    const values = floatsOf(whole.data[index]);
    assert.equal(whole.data[index].name, tensor.name);
    if (/^moment/.test(tensor.name)) continue;
    for (const [place, value] of floatsOf(tensor).entries()) assert.ok(Math.abs(value - values[place]) < 2e-3, `${tensor.name}[${place}]: ${values[place]}, op by op ${value}`);
  }
});
