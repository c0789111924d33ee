/** Transformers train on every back end of the processor, and leave nothing behind. Theirs on WebGPU is in webgpu.test.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from '../../src/backends/choose.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { jobOf, planOf, train } from '../core/training-job.ts';
import { toyData } from '../core/toy-data.ts';
import { assertGradients } from '../core/transformer-gradients.ts';
import { startTraining, type SmallNetwork } from './small-training.ts';

const NETWORKS: [SmallNetwork, [number, number, number]][] = [['vit-mini', [8, 8, 1]], ['small-swin', [32, 32, 1]]];

for (const backend of ['wasm', 'tensorflow'] as const) {
  for (const which of ['vit', 'swin'] as const) {
    test(`${backend}: a ${which} has the loss and the gradients that PyTorch finds`, async () => {
      await startBackend(backend, { threads: 1 });
      await assertGradients(which);
    });
  }

  for (const [name, inputShape] of NETWORKS) {
    test(`${backend}: steps of ${name} leave no tensor behind`, async () => {
      await startBackend(backend, { threads: 1 });
      const training = startTraining(name, inputShape, 4, 0.01);
      for (let i = 0; i < 3; i++) await training.step();
      const held = (): number[] => [tf.memory().numTensors, tf.memory().numDataBuffers, tf.engine().backend.numDataIds()];
      const before = held();
      for (let i = 0; i < 30; i++) await training.step();
      assert.deepEqual(held(), before);
      training.dispose();
    });
  }

  test(`${backend}: vit-mini learns the toy data with AdamW, warm-up, clipping, dropout and drop-path, the same after a stop`, async (context) => {
    await startBackend(backend, { threads: 1 });
    const plan = planOf(
      { kind: 'fine-tuning' },
      { epochs: 8, batchSize: 12, optimizer: { kind: 'adamw', learningRate: 2e-3, weightDecay: 0.05 }, clipNorm: 5, warmup: { epochs: 1 }, labelSmoothing: 0.1 },
      { model: { network: 'vit-mini', checkpoint: null } },
    );
    const network = builtinNetwork('vit-mini', [8, 8, 1], 3, { dropout: 0.1, dropPath: 0.1 });
    const data = { train: toyData(96, 1, { side: 8 }), validation: toyData(48, 2, { side: 8 }) };
    const job = jobOf(membersOf(plan)[0], network, plan.training, data);
    const whole = await train(job, null);
    const epochs = whole.rows.flatMap((row) => (row.kind === 'epoch' ? [row] : []));
    const [first, last] = [epochs[0], epochs[epochs.length - 1]];
    context.diagnostic(`validation accuracy ${first.validationAccuracy} -> ${last.validationAccuracy}, loss ${first.trainLoss.toFixed(2)} -> ${last.trainLoss.toFixed(2)}`);
    assert.ok(last.validationAccuracy > 0.9, `${last.validationAccuracy}`);
    const inParts = await train(job, null, [13]);
    assert.deepEqual(inParts.data, whole.data);
  });
}
