/** Training asks for as many batches ahead as the input makes, and counts what it waits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './cpu-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { BatchesAhead, Course } from '../../src/core/course.ts';
import type { Input } from '../../src/core/input.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { planOf } from './training-job.ts';

/** An input that records what it is asked for. */
function recorded(name: string, asked: string[], { ahead, hereMs, delayMs = 0 }: { ahead?: number; hereMs?: number; delayMs?: number }): Input {
  return {
    ...(ahead === undefined ? {} : { ahead }),
    batch: async (epoch, positions) => {
      asked.push(`${name} ${epoch} ${positions.length}`);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      return { images: { shape: [0, 2, 2, 1], data: new Uint8Array(0) }, targets: new Float32Array(0), share: 1, ...(hereMs === undefined ? {} : { hereMs }) };
    },
    close: () => Promise.resolve(),
  };
}

function courseOf(input: Input, probeInput: Input | null = null): Course {
  const plan = planOf({ kind: 'fine-tuning', ...(probeInput === null ? {} : { linearProbe: { epochs: 1, learningRate: 0.1 } }) }, { epochs: 2 });
  const [member] = membersOf(plan);
  // 20 images in batches of 8: 3 steps an epoch, the last of 4 images.
  return new Course({ member, network: builtinNetwork('mlp', [2, 2, 1], 3), training: plan.training, images: 20, normalization: { mean: [0], std: [1] }, validation: { values: 'pixels' }, input, probeInput });
}

test('three ahead: each batch is asked for once, in order, and none beyond the last step', async () => {
  const asked: string[] = [];
  const batches = new BatchesAhead(courseOf(recorded('main', asked, { ahead: 3 })));
  await batches.take(0);
  assert.equal(asked.length, 4);
  await batches.take(1);
  assert.equal(asked.length, 5);
  for (const step of [2, 3, 4, 5]) await batches.take(step);
  assert.deepEqual(asked, ['main 0 8', 'main 0 8', 'main 0 4', 'main 1 8', 'main 1 8', 'main 1 4']);
});

test('one ahead when the input does not say, across the end of a probe too', async () => {
  const asked: string[] = [];
  const batches = new BatchesAhead(courseOf(recorded('main', asked, {}), recorded('probe', asked, {})));
  await batches.take(0);
  assert.deepEqual(asked, ['probe 0 8', 'probe 0 8']);
  for (const step of [1, 2]) await batches.take(step);
  assert.deepEqual(asked.slice(2), ['probe 0 4', 'main 0 8']);
});

test('a training that goes on in the middle starts there', async () => {
  const asked: string[] = [];
  await new BatchesAhead(courseOf(recorded('main', asked, { ahead: 2 }))).take(4);
  assert.deepEqual(asked, ['main 1 8', 'main 1 4']);
});

test('waiting is what a step stood still for: the time until the batch came, or that it was made in this thread', async () => {
  const slow = new BatchesAhead(courseOf(recorded('main', [], { delayMs: 40 })));
  assert.ok((await slow.take(0)).waitMs >= 35);
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.ok((await slow.take(1)).waitMs < 35);
  const here = new BatchesAhead(courseOf(recorded('main', [], { hereMs: 500 })));
  assert.ok((await here.take(0)).waitMs >= 500);
});

test('a batch that cannot be made is an error of its own step and of no other', async () => {
  let calls = 0;
  const input = recorded('main', [], { ahead: 2 });
  const failing: Input = { ...input, batch: (epoch, positions) => (calls++ === 1 ? Promise.reject(new Error('torn')) : input.batch(epoch, positions)) };
  const batches = new BatchesAhead(courseOf(failing));
  await batches.take(0);
  await new Promise((resolve) => setTimeout(resolve, 5)); // an unhandled rejection would fail this test
  await assert.rejects(batches.take(1), /torn/);
});
