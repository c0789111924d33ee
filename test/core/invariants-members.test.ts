import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './wasm-backend.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { trainStep, crossEntropy } from '../../src/core/step.ts';
import { forward } from '../../src/core/forward.ts';
import type { PlanInput } from '../../src/protocol/plan.ts';

import { planFor, SUBJECTS, trainAll, trainOne } from './invariants.ts';
import { jobOf, steppingWith, train, weightsOnly } from './training-job.ts';

const CLONES: PlanInput['method'][] = [
  { kind: 'starsse', members: 3 }, { kind: 'fge', shape: 'star', members: 3 }, { kind: 'local-de', members: 3 }, { kind: 'global-de', otherCheckpoints: ['start.safetensors', 'start.safetensors'] },
];

for (const subject of SUBJECTS) {
  const { name, network, checkpoint } = subject;
  const memberOne = planFor(subject, { kind: 'starsse', members: 3, cycle: { lrRatio: 2 } });

  test(`X1, X2, X3: ${name}: member 1 is one in all methods, members 1 and 2 in SSE and StarSSE; the order of a star does not matter`, async () => {
    const star = await trainAll(subject, memberOne);
    const chain = await trainAll(subject, planFor(subject, { kind: 'sse', members: 3, cycle: { lrRatio: 2 } }));
    const local = await trainAll(subject, planFor(subject, { kind: 'local-de', members: 1 }));
    assert.deepEqual(local.get('member-1'), star.get('member-1'), 'X1');
    assert.deepEqual(chain.get('member-1'), star.get('member-1'), 'X1');
    assert.deepEqual(chain.get('member-2'), star.get('member-2'), 'X2');
    assert.notDeepEqual(chain.get('member-3'), star.get('member-3'), 'X2');
    assert.notDeepEqual(star.get('member-2'), star.get('member-3'));
    const backwards = await trainAll(subject, memberOne, ['member-1', 'member-3', 'member-2']);
    for (const member of ['member-1', 'member-2', 'member-3']) assert.deepEqual(backwards.get(member), star.get(member), `X3: ${member}`);
  });

  test(`X3: ${name}: members that train at the same time, step by step in turns, give the same bytes`, async () => {
    const [, second, third] = membersOf(memberOne);
    const alone = [await trainOne(subject, memberOne, second, checkpoint), await trainOne(subject, memberOne, third, checkpoint)];
    const together = await Promise.all([trainOne(subject, memberOne, second, checkpoint), trainOne(subject, memberOne, third, checkpoint)]);
    assert.deepEqual(together.map(({ data }) => data), alone.map(({ data }) => data));
  });

  test(`X4: ${name}: one member is plain fine-tuning, and a cycle of learning rate 0 returns the trained weights of member 1`, async () => {
    const plain = await trainAll(subject, planFor(subject, { kind: 'fine-tuning' }));
    for (const kind of ['starsse', 'sse', 'fge', 'local-de'] as const) {
      const [only, ...others] = membersOf(planFor(subject, { kind, members: 1 }));
      assert.equal(others.length, 0);
      assert.deepEqual(only, membersOf(planFor(subject, { kind: 'fine-tuning' }))[0], kind);
    }
    const still = await trainAll(subject, planFor(subject, { kind: 'starsse', members: 2, cycle: { lrRatio: 0 } }));
    assert.deepEqual(still.get('member-1'), plain.get('member-1'));
    const statistics = network.layers.some(({ kind }) => kind === 'batch-norm');
    for (const [index, tensor] of still.get('member-2')!.entries()) {
      const moves = /running_/.test(tensor.name);
      assert.equal(moves, moves && statistics);
      if (!moves) assert.deepEqual(tensor, still.get('member-1')![index], tensor.name);
    }
  });

  test(`X12: ${name}: after the optimizer was reset the first SGD update is -lr (g + wd w), and without a reset it is not`, async () => {
    const [weightDecay, learningRate] = [0.01, 0.05];
    const plan = planFor(subject, { kind: 'starsse', members: 2 }, { optimizer: { kind: 'sgd', learningRate, momentum: 0.9, weightDecay }, clipNorm: null });
    const [first, second] = membersOf(plan);
    const end = (await trainOne(subject, plan, first, checkpoint)).data;
    const firstUpdate = async (resetOptimizer: boolean): Promise<number> => {
      let furthest = Infinity;
      const step: typeof trainStep = (program, state, batch, inputs) => {
        const result = trainStep(program, state, batch, inputs);
        if (furthest !== Infinity) return result;
        furthest = tf.tidy(() => {
          const names = program.learning.map((weight) => weight.name);
          const loss = () => crossEntropy(forward(network, state.weights, batch.images, { training: true, noise: inputs.noise }).logits, batch.targets);
          const gradients = tf.grads(loss)(names.map((weight) => state.weights.get(weight)!));
          const differences = names.map((weight, index) => {
            const old = state.weights.get(weight)!;
            const expected = tf.sub(old, tf.mul(tf.add(gradients[index], tf.mul(old, weightDecay)), learningRate));
            return tf.max(tf.abs(tf.sub(result.state.weights.get(weight)!, expected))).dataSync()[0];
          });
          return Math.max(...differences);
        });
        return result;
      };
      const job = { ...jobOf({ ...second, epochs: 1, resetOptimizer }, network, plan.training, subject.data), stepper: steppingWith(step) };
      await train(job, resetOptimizer ? weightsOnly(end) : end);
      return furthest;
    };
    const [reset, kept] = [await firstUpdate(true), await firstUpdate(false)];
    assert.ok(reset < 1e-6, `${reset}`);
    assert.ok(kept > 1e-4, `${kept}`);
  });

  test(`X13: ${name}: plans whose members would be clones are refused by name`, () => {
    for (const method of CLONES) {
      assert.throws(() => membersOf({ ...planFor(subject, method), memberSeeds: [5, 6, 6] }), { code: 'clones', message: /member-2 and member-3/ }, method.kind);
      assert.equal(membersOf({ ...planFor(subject, method), memberSeeds: [5, 6, 7] }).length, 3);
    }
    // And they would be: equal seeds from one start give one network.
    const [, second] = membersOf(memberOne);
    assert.deepEqual({ ...second, name: 'member-3' }, { ...membersOf(memberOne)[2], seed: second.seed });
  });
}

test('X2: in a chain the same seed twice is no clone, for the starts differ', () => {
  const members = membersOf({ ...planFor(SUBJECTS[0], { kind: 'sse', members: 3 }), memberSeeds: [5, 6, 6] });
  assert.deepEqual(members.map(({ startsFrom }) => startsFrom), ['pretrained', 'member-1', 'member-2']);

});
