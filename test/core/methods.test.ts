import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseClones } from '../../src/protocol/clones.ts';
import { membersOf, snapshotEpochs } from '../../src/protocol/methods.ts';
import { mostAtOnce, readyMembers } from '../../src/protocol/members.ts';
import { StarsseError, type ErrorCode } from '../../src/protocol/errors.ts';
import { parse } from '../../src/protocol/parse.ts';
import { PlanSchema, type Plan, type PlanInput } from '../../src/protocol/plan.ts';
import { tinyPlan } from '../fixtures/tiny-plan.ts';

function plan(method: PlanInput['method'], overrides: Partial<PlanInput> = {}): Plan {
  const training = { epochs: 25, optimizer: { learningRate: 0.05 } };
  const model = { network: 'mlp', checkpoint: 'a.safetensors' } as const;
  return parse(PlanSchema, { ...tinyPlan(), model, training, seed: 7, ...overrides, method }, 'plan');
}

function refuses(make: () => unknown, code: ErrorCode, message: RegExp): void {
  assert.throws(make, (error) => error instanceof StarsseError && error.code === code && message.test(error.message) && error.hint !== undefined);
}

const FIRST = {
  name: 'member-1', startsFrom: 'pretrained', checkpoint: 'a.safetensors', seed: 7, headSeed: 7, probe: null, epochs: 25, learningRate: 0.05,
  schedule: 'cosine', scheduleBy: 'epoch', warmupEpochs: 0, warmup: 'line', warmupLearningRate: 0, swa: null, ema: null, retries: [], resetOptimizer: true,
} as const;
const CYCLE = {
  headSeed: null, probe: null, epochs: 12, learningRate: 0.1, schedule: 'cosine', scheduleBy: 'epoch', warmupEpochs: 1, warmup: 'hold', warmupLearningRate: 0,
  swa: null, ema: null, retries: [], resetOptimizer: false,
} as const;

test('StarSSE: member 1 fine-tunes the checkpoint with a new head, later members cycle from member 1', () => {
  const cycle = { lrRatio: 2, epochRatio: 0.5, warmupEpochs: 1, warmup: 'hold', resetOptimizer: false } as const;
  assert.deepEqual(membersOf(plan({ kind: 'starsse', members: 3, cycle })), [
    FIRST,
    { name: 'member-2', startsFrom: 'member-1', seed: 8, ...CYCLE },
    { name: 'member-3', startsFrom: 'member-1', seed: 9, ...CYCLE },
  ]);
});

test('SSE: the same, in a chain; members 1 and 2 are those of StarSSE (X2)', () => {
  const [sse, star] = (['sse', 'starsse'] as const).map((kind) => membersOf(plan({ kind, members: 4, cycle: { lrRatio: 2 } })));
  assert.deepEqual(sse.map(({ startsFrom }) => startsFrom), ['pretrained', 'member-1', 'member-2', 'member-3']);
  assert.deepEqual(sse.slice(0, 2), star.slice(0, 2));
  assert.deepEqual(sse.map((member) => ({ ...member, startsFrom: '' })), star.map((member) => ({ ...member, startsFrom: '' })));
});

test('FGE: cycles are triangles by the step, in a chain or a star', () => {
  const cycle = { lrRatio: 0.5, epochRatio: 0.25 };
  const members = membersOf(plan({ kind: 'fge', members: 3, cycle }));
  assert.deepEqual(members, [
    FIRST,
    { ...CYCLE, name: 'member-2', startsFrom: 'member-1', seed: 8, epochs: 6, learningRate: 0.025, schedule: 'triangle', scheduleBy: 'step', warmupEpochs: 0, warmup: 'rise', resetOptimizer: true },
    { ...CYCLE, name: 'member-3', startsFrom: 'member-2', seed: 9, epochs: 6, learningRate: 0.025, schedule: 'triangle', scheduleBy: 'step', warmupEpochs: 0, warmup: 'rise', resetOptimizer: true },
  ]);
  const star = membersOf(plan({ kind: 'fge', shape: 'star', members: 3, cycle }));
  assert.deepEqual(star.map(({ startsFrom }) => startsFrom), ['pretrained', 'member-1', 'member-1']);
});

test('fine-tuning: one member, with the averages of its training', () => {
  assert.deepEqual(membersOf(plan({ kind: 'fine-tuning' })), [FIRST]);
  const averaged = membersOf(plan({ kind: 'fine-tuning', swa: { start: 0.75, learningRate: 0.01 }, ema: { decay: 0.99 } }));
  assert.deepEqual(averaged, [{ ...FIRST, swa: { startEpoch: 18, learningRate: 0.01 }, ema: { decay: 0.99 } }]);
  refuses(() => membersOf(plan({ kind: 'fine-tuning', swa: { start: 1 } })), 'plan-invalid', /method\.swa\.start: after 1 of 25 epochs none is left/);
});

test('Local DE: every member fine-tunes the checkpoint; the head is new for each, shared or kept', () => {
  const fresh = membersOf(plan({ kind: 'local-de', members: 3 }));
  assert.deepEqual(fresh, [FIRST, { ...FIRST, name: 'member-2', seed: 8, headSeed: 8 }, { ...FIRST, name: 'member-3', seed: 9, headSeed: 9 }]);
  const heads = (head: 'shared' | 'kept') => membersOf(plan({ kind: 'local-de', members: 3, head })).map(({ seed, headSeed }) => [seed, headSeed]);
  assert.deepEqual(heads('shared'), [[7, 7], [8, 7], [9, 7]]);
  assert.deepEqual(heads('kept'), [[7, null], [8, null], [9, null]]);
});

test('Global DE: each member has a checkpoint of its own', () => {
  const otherCheckpoints = ['b.safetensors', 'c/model.json'];
  const members = membersOf(plan({ kind: 'global-de', otherCheckpoints }));
  assert.deepEqual(members.map(({ name, startsFrom, checkpoint, headSeed }) => [name, startsFrom, checkpoint, headSeed]), [
    ['member-1', 'pretrained', 'a.safetensors', 7],
    ['member-2', 'pretrained', 'b.safetensors', 8],
    ['member-3', 'pretrained', 'c/model.json', 9],
  ]);
  refuses(() => membersOf(plan({ kind: 'global-de', otherCheckpoints }, { model: { network: 'mlp' } })), 'plan-invalid', /model\.checkpoint is null/);
});

test('a kept head needs a checkpoint', () => {
  for (const kind of ['fine-tuning', 'starsse', 'local-de'] as const) {
    refuses(() => membersOf(plan({ kind, head: 'kept' }, { model: { network: 'mlp' } })), 'plan-invalid', /method\.head is "kept"/);
  }
});

test('a linear probe draws its data as the head was drawn, so a shared head is probed alike', () => {
  const probes = (method: PlanInput['method']) => membersOf(plan(method)).map(({ probe }) => probe);
  const linearProbe = { epochs: 2, learningRate: 0.3 };
  const probe = (seed: number) => ({ ...linearProbe, seed });
  assert.deepEqual(probes({ kind: 'local-de', members: 3, linearProbe }), [probe(7), probe(8), probe(9)]);
  assert.deepEqual(probes({ kind: 'local-de', members: 3, head: 'shared', linearProbe }), [probe(7), probe(7), probe(7)]);
  assert.deepEqual(probes({ kind: 'local-de', members: 3, head: 'kept', linearProbe }), [probe(7), probe(7), probe(7)]);
  assert.deepEqual(probes({ kind: 'sse', members: 3, linearProbe }), [probe(7), null, null]);
});

test('warm-up is a line in fine-tunings and not in cycles; what changes by the step does so in both', () => {
  const training = { epochs: 25, optimizer: { learningRate: 0.05 }, scheduleBy: 'step', schedule: 'constant', warmup: { epochs: 10, startLearningRate: 5e-7 } } as const;
  const [first, second] = membersOf(plan({ kind: 'starsse', members: 2 }, { training }));
  assert.deepEqual([first.warmupEpochs, first.warmup, first.warmupLearningRate], [10, 'line', 5e-7]);
  assert.deepEqual([second.warmupEpochs, second.warmupLearningRate], [0, 0]);
  for (const { schedule, scheduleBy } of [first, second]) assert.deepEqual([schedule, scheduleBy], ['constant', 'step']);
  const short = { ...training, epochs: 10 };
  refuses(() => membersOf(plan({ kind: 'starsse', members: 2 }, { training: short })), 'plan-invalid', /training\.warmup\.epochs: 10 epochs of warm-up fill all 10/);
});

test('X1: member 1 is the same in every method with the same seeds', () => {
  const others: PlanInput['method'][] = [
    { kind: 'fine-tuning' }, { kind: 'sse' }, { kind: 'fge' }, { kind: 'fge', shape: 'star' }, { kind: 'local-de' }, { kind: 'local-de', head: 'shared' },
    { kind: 'global-de', otherCheckpoints: ['b.safetensors'] }, { kind: 'global-de', otherCheckpoints: ['b.safetensors'], head: 'shared' },
  ];
  for (const method of others) assert.deepEqual(membersOf(plan(method))[0], membersOf(plan({ kind: 'starsse' }))[0]);
});

test('more members do not change the first ones', () => {
  const many = membersOf(plan({ kind: 'starsse', members: 6 }));
  assert.deepEqual(membersOf(plan({ kind: 'starsse', members: 2 })), many.slice(0, 2));
});

test('X4: one member is plain fine-tuning', () => {
  const cycle = { epochRatio: 0.001 };
  for (const method of [{ kind: 'starsse', members: 1, cycle }, { kind: 'sse', members: 1, cycle }, { kind: 'fge', members: 1, cycle }, { kind: 'local-de', members: 1 }] as const) {
    assert.deepEqual(membersOf(plan(method)), membersOf(plan({ kind: 'fine-tuning' })));
  }
});

test('X5: snapshot epochs', () => {
  for (const kind of ['starsse', 'sse', 'fge'] as const) {
    const epochs = (epochRatio: number) => snapshotEpochs(membersOf(plan({ kind, cycle: { epochRatio } })));
    assert.deepEqual(epochs(0.5), [25, 37, 49, 61, 73]);
    assert.deepEqual(epochs(1), [25, 50, 75, 100, 125]);
  }
  assert.deepEqual(snapshotEpochs(membersOf(plan({ kind: 'local-de', members: 3, linearProbe: { epochs: 2, learningRate: 0.3 } }))), [27, 54, 81]);
});

test('a cycle length is not cut short by rounding', () => {
  const training = { epochs: 100, optimizer: { learningRate: 0.05 } };
  assert.equal(membersOf(plan({ kind: 'starsse', cycle: { epochRatio: 0.29 } }, { training }))[1].epochs, 29);
});

test('X13: members that would be clones are refused by name', () => {
  refuses(() => membersOf(plan({ kind: 'starsse', members: 3 }, { memberSeeds: [1, 2, 2] })), 'clones', /member-2 and member-3 .* member-1 with seed 2/);
  refuses(() => membersOf(plan({ kind: 'local-de', members: 2 }, { memberSeeds: [4, 4] })), 'clones', /member-1 and member-2/);
  refuses(() => membersOf(plan({ kind: 'fge', shape: 'star', members: 3 }, { memberSeeds: [1, 2, 2] })), 'clones', /member-2 and member-3 .* member-1 with seed 2/);
  const seeds = { memberSeeds: [4, 5, 4] };
  refuses(() => membersOf(plan({ kind: 'local-de', head: 'shared', members: 3 }, seeds)), 'clones', /member-1 and member-3 .* the checkpoint a\.safetensors with seed 4/);
  refuses(() => membersOf(plan({ kind: 'local-de', members: 2 }, { model: { network: 'mlp' }, memberSeeds: [4, 4] })), 'clones', /start from scratch with seed 4/);
  refuses(() => membersOf(plan({ kind: 'global-de', otherCheckpoints: ['b', 'a.safetensors'] }, seeds)), 'clones', /member-1 and member-3 .* the checkpoint a\.safetensors with seed 4/);
});

test('the same seed from another start makes another member', () => {
  const memberSeeds = [4, 4, 4];
  assert.equal(membersOf(plan({ kind: 'starsse', members: 2 }, { memberSeeds: [4, 4] })).length, 2);
  assert.equal(membersOf(plan({ kind: 'sse', members: 3 }, { memberSeeds })).length, 3);
  const global = membersOf(plan({ kind: 'global-de', otherCheckpoints: ['b', 'c'] }, { memberSeeds }));
  assert.equal(global.length, 3);
  const contents: Record<string, string> = { 'a.safetensors': '1', b: '2', c: '2' };
  refuses(() => refuseClones(global, (checkpoint) => contents[checkpoint]), 'clones', /member-2 and member-3 .* the same checkpoint \(b and c\)/);
});

test('a cycle without epochs, a cycle of warm-up only and a wrong number of seeds are refused', () => {
  refuses(() => membersOf(plan({ kind: 'starsse', cycle: { epochRatio: 0.03 } })), 'plan-invalid', /floor\(0\.03 x 25 epochs\) is 0 epochs/);
  refuses(() => membersOf(plan({ kind: 'starsse', cycle: { warmupEpochs: 25 } })), 'plan-invalid', /25 epochs of warm-up/);
  refuses(() => membersOf(plan({ kind: 'starsse', members: 3 }, { memberSeeds: [1, 2] })), 'plan-invalid', /2 seeds for 3 members/);
});

test('ready are the members whose start is done, in any order', () => {
  const members = membersOf(plan({ kind: 'starsse', members: 4 }));
  const names = (done: string[]) => readyMembers(members, done).map(({ name }) => name);
  assert.deepEqual(names([]), ['member-1']);
  assert.deepEqual(names(['member-1']), ['member-2', 'member-3', 'member-4']);
  assert.deepEqual(names(['member-1', 'member-3']), ['member-2', 'member-4']);
  assert.deepEqual(names(members.map(({ name }) => name)), []);
  assert.equal(readyMembers(membersOf(plan({ kind: 'local-de' })), []).length, 5);
  assert.equal(mostAtOnce(members), 3);
  assert.equal(mostAtOnce(membersOf(plan({ kind: 'local-de' }))), 5);
  assert.equal(mostAtOnce(membersOf(plan({ kind: 'starsse', members: 1 }))), 1);
});
