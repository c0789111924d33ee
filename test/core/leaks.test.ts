import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { disposeState, startState } from '../../src/core/state.ts';
import { trainMember, type Progress } from '../../src/core/train.ts';
import type { PlanInput } from '../../src/protocol/plan.ts';
import { BEGINNING } from '../../src/protocol/position.ts';
import { toyData } from './toy-data.ts';
import { jobOf, planOf } from './training-job.ts';

const data = { train: toyData(24, 1), validation: toyData(6, 2) };
const network = builtinNetwork('small-cnn', data.train.shape, 3, { dropout: 0.2 });

const OPTIONS: Record<string, { training?: Partial<PlanInput['training']>; method?: PlanInput['method'] }> = {
  'SGD with momentum': {},
  Nesterov: { training: { optimizer: { learningRate: 0.02, nesterov: true, weightDecay: 0.01 } } },
  AdamW: { training: { optimizer: { kind: 'adamw', learningRate: 0.01 } } },
  'layer decay': { training: { layerDecay: 0.7, optimizer: { kind: 'adamw', learningRate: 0.01 } } },
  clipping: { training: { clipNorm: 1 } },
  accumulation: { training: { accumulate: 3 } },
  'frozen layers': { training: { freeze: ['conv1'] } },
  'a linear probe': { method: { kind: 'fine-tuning', linearProbe: { epochs: 1, learningRate: 0.1 } } },
  'SWA and EMA': { method: { kind: 'fine-tuning', swa: { start: 0 }, ema: { decay: 0.9 } } },
};

for (const [name, { training = {}, method = { kind: 'fine-tuning' as const } }] of Object.entries(OPTIONS)) {
  test(`with ${name} the number of tensors is the same after every step, and nothing is left at the end`, async () => {
    const plan = planOf(method, { epochs: 2, batchSize: 6, ...training });
    const [member] = membersOf(plan);
    const job = jobOf(member, network, plan.training, data);
    const held = tf.memory().numTensors;
    // There is room for an average of either kind from the beginning on.
    const averages = [member.swa, member.ema].filter((kind) => kind !== null).length;
    const counts: number[] = [];
    const onStep = ({ state }: Progress): void => {
      const { weights, slots } = state();
      counts.push(tf.memory().numTensors - weights.size - slots.size - averages * weights.size);
    };
    const { state } = await trainMember(job, { state: startState(network, member, null, 'start'), position: BEGINNING }, { onStep, shouldStop: () => false });
    assert.deepEqual(counts, counts.map(() => held));
    disposeState(state);
    assert.equal(tf.memory().numTensors, held);
  });
}
