import assert from 'node:assert/strict';
import { test } from 'node:test';
import './cpu-backend.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { Profile } from '../../src/core/profile.ts';
import { PHASES, sumOfProfiles, wholeOf, type Span } from '../../src/protocol/profile.ts';
import { toyData } from './toy-data.ts';
import { jobOf, planOf, train, withoutTimes } from './training-job.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('a profiled training is the same training; its phases sum to the whole and each has its time', async () => {
  const data = { train: toyData(22, 1), validation: toyData(12, 2) };
  const network = builtinNetwork('mlp', data.train.shape, 3);
  const plan = planOf({ kind: 'starsse' });
  const [first] = membersOf(plan);
  const plain = jobOf({ ...first, epochs: 2 }, network, plan.training, data);
  const steps: [number, readonly Span[]][] = [];
  const profile = new Profile(undefined, (step, spans) => steps.push([step, spans]));
  const slow = { ...plain.input, batch: async (epoch: number, positions: Uint32Array) => (await sleep(20), await plain.input.batch(epoch, positions)) };
  const startedMs = performance.now();
  const profiled = await train({ ...plain, input: slow, profile }, initialWeights(network, 0));
  const elapsedMs = performance.now() - startedMs;
  const unprofiled = await train(plain, initialWeights(network, 0));
  assert.deepEqual(profiled.data, unprofiled.data);
  assert.deepEqual(withoutTimes(profiled.rows), withoutTimes(unprofiled.rows));
  const { totals } = profile;
  assert.equal(totals.steps, 6);
  assert.deepEqual(steps.map(([step]) => step), [1, 2, 3, 4, 5, 6]);
  for (const phase of PHASES) assert.ok(totals.ms[phase] > 0, phase);
  assert.ok(totals.ms.input >= 15, 'the first batch is waited for');
  assert.ok(wholeOf(totals) <= elapsedMs);
  const spans = steps.flatMap(([, inStep]) => inStep);
  const summed = spans.reduce((sum, { ms }) => sum + ms, 0);
  assert.ok(Math.abs(summed - wholeOf(totals)) < 1e-6 * summed);
  for (const [index, { startMs }] of spans.entries()) {
    if (index > 0) assert.ok(Math.abs(startMs - (spans[index - 1].startMs + spans[index - 1].ms)) < 1e-6, 'no gap and no overlap');
  }
  assert.deepEqual(steps.map(([, inStep]) => inStep.some(({ phase }) => phase === 'evaluation')), [false, false, true, false, false, true]);
});

test('time goes to the phase that was entered; totals go on from earlier ones and are copies', () => {
  const before = { steps: 7, ms: { input: 1000, copy: 0, compute: 0, read: 0, log: 0, evaluation: 0, other: 0 } };
  let nowMs = 500;
  const spans: Span[][] = [];
  const profile = new Profile(before, (step, inStep) => void (spans[step - 8] = [...inStep]), () => nowMs);
  nowMs = 510; // the clock stands still until the first phase
  profile.enter('input');
  nowMs = 530;
  profile.enter('compute');
  nowMs = 570;
  profile.endStep(8);
  nowMs = 571;
  profile.enter('input');
  nowMs = 574;
  profile.endStep(9);
  const { steps, ms } = profile.totals;
  assert.deepEqual([steps, ms], [9, { ...before.ms, input: 1023, compute: 40, other: 1 }]);
  assert.deepEqual(spans, [
    [{ phase: 'input', startMs: 510, ms: 20 }, { phase: 'compute', startMs: 530, ms: 40 }],
    [{ phase: 'other', startMs: 570, ms: 1 }, { phase: 'input', startMs: 571, ms: 3 }],
  ]);
  assert.equal(before.ms.input, 1000);
  profile.totals.ms.input = 0;
  assert.equal(profile.totals.ms.input, 1023);
  assert.deepEqual(sumOfProfiles([before, before]), { steps: 14, ms: { ...before.ms, input: 2000 } });
  assert.equal(wholeOf(sumOfProfiles([])), 0);
});
