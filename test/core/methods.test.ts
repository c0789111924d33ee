import assert from 'node:assert/strict';
import { test } from 'node:test';
import { membersOf, snapshotEpochs } from '../../src/core/methods.ts';
import { mostAtOnce, readyMembers } from '../../src/protocol/members.ts';
import { StarsseError, type ErrorCode } from '../../src/protocol/errors.ts';
import { parse } from '../../src/protocol/parse.ts';
import { PlanSchema, type Plan, type PlanInput } from '../../src/protocol/plan.ts';
import { tinyPlan } from '../fixtures/tiny-plan.ts';

function plan(method: PlanInput['method'], overrides: Partial<PlanInput> = {}): Plan {
  const training = { epochs: 25, optimizer: { learningRate: 0.05 } };
  return parse(PlanSchema, { ...tinyPlan(), training, seed: 7, ...overrides, method }, 'plan');
}

function refuses(make: () => unknown, code: ErrorCode, message: RegExp): void {
  assert.throws(make, (error) => error instanceof StarsseError && error.code === code && message.test(error.message) && error.hint !== undefined);
}

test('StarSSE: member 1 fine-tunes the checkpoint with a new head, later members cycle from member 1', () => {
  const members = membersOf(plan({ kind: 'starsse', members: 3, cycle: { lrRatio: 2, epochRatio: 0.5, warmupEpochs: 1, resetOptimizer: false } }));
  assert.deepEqual(members, [
    { name: 'member-1', startsFrom: 'pretrained', seed: 7, headSeed: 7, epochs: 25, learningRate: 0.05, warmupEpochs: 0, schedule: 'cosine', resetOptimizer: true },
    { name: 'member-2', startsFrom: 'member-1', seed: 8, headSeed: null, epochs: 12, learningRate: 0.1, warmupEpochs: 1, schedule: 'cosine', resetOptimizer: false },
    { name: 'member-3', startsFrom: 'member-1', seed: 9, headSeed: null, epochs: 12, learningRate: 0.1, warmupEpochs: 1, schedule: 'cosine', resetOptimizer: false },
  ]);
});

test('Local DE: every member fine-tunes the checkpoint; the head is new for each or shared', () => {
  const fresh = membersOf(plan({ kind: 'local-de', members: 3 }));
  assert.ok(fresh.every(({ startsFrom, epochs }) => startsFrom === 'pretrained' && epochs === 25));
  assert.deepEqual(fresh.map(({ headSeed }) => headSeed), [7, 8, 9]);
  const shared = membersOf(plan({ kind: 'local-de', members: 3, head: 'shared' }));
  assert.deepEqual(shared.map(({ seed, headSeed }) => [seed, headSeed]), [[7, 7], [8, 7], [9, 7]]);
});

test('X1: member 1 is the same in every method with the same seeds', () => {
  const star = membersOf(plan({ kind: 'starsse' }))[0];
  assert.deepEqual(membersOf(plan({ kind: 'local-de' }))[0], star);
  assert.deepEqual(membersOf(plan({ kind: 'local-de', head: 'shared' }))[0], star);
});

test('more members do not change the first ones', () => {
  const many = membersOf(plan({ kind: 'starsse', members: 6 }));
  assert.deepEqual(membersOf(plan({ kind: 'starsse', members: 2 })), many.slice(0, 2));
});

test('X4: one member is plain fine-tuning', () => {
  const [only, ...others] = membersOf(plan({ kind: 'starsse', members: 1, cycle: { epochRatio: 0.001 } }));
  assert.equal(others.length, 0);
  assert.deepEqual(only, membersOf(plan({ kind: 'local-de', members: 1 }))[0]);
});

test('X5: snapshot epochs', () => {
  const epochs = (epochRatio: number) => snapshotEpochs(membersOf(plan({ kind: 'starsse', cycle: { epochRatio } })));
  assert.deepEqual(epochs(0.5), [25, 37, 49, 61, 73]);
  assert.deepEqual(epochs(1), [25, 50, 75, 100, 125]);
});

test('a cycle length is not cut short by rounding', () => {
  const training = { epochs: 100, optimizer: { learningRate: 0.05 } };
  assert.equal(membersOf(plan({ kind: 'starsse', cycle: { epochRatio: 0.29 } }, { training }))[1].epochs, 29);
});

test('X13: members that would be clones are refused by name', () => {
  refuses(() => membersOf(plan({ kind: 'starsse', members: 3 }, { memberSeeds: [1, 2, 2] })), 'clones', /member-2 and member-3 .* member-1 with seed 2/);
  refuses(() => membersOf(plan({ kind: 'local-de', members: 2 }, { memberSeeds: [4, 4] })), 'clones', /member-1 and member-2/);
  // The same seed from another start makes another member.
  assert.equal(membersOf(plan({ kind: 'starsse', members: 2 }, { memberSeeds: [4, 4] })).length, 2);
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
