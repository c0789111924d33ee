import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { PlanSchema } from '../../src/protocol/plan.ts';
import { parse } from '../../src/protocol/parse.ts';
import { DATA_KINDS, newPlan } from '../../src/extension/plan/newPlan.ts';
import { planProblems, type PlanProblem } from '../../src/extension/plan/planProblems.ts';
import { writeTinyPlan } from '../fixtures/tiny-plan.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'starsse-plan-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const good = readFileSync(writeTinyPlan(folder), 'utf8');

/** The problems of the good plan after a change, with the text that each points at. */
async function problems(change: (plan: Record<string, never>) => void): Promise<(PlanProblem & { at: string })[]> {
  const plan = JSON.parse(good) as Record<string, never>;
  change(plan);
  const text = JSON.stringify(plan, null, 2);
  return (await planProblems(text, folder)).map((problem) => ({ ...problem, at: text.slice(problem.offset, problem.offset + problem.length) }));
}
type Json = Record<string, Record<string, unknown>>;

test('a good plan has none', async () => {
  assert.deepEqual(await planProblems(good, folder), []);
});

test('a wrong value is pointed at', async () => {
  const [problem, ...rest] = await problems((plan) => Object.assign((plan as Json).training, { epochs: '20' }));
  assert.deepEqual(rest, []);
  assert.equal(problem.at, '"20"');
  assert.equal(problem.field, 'training.epochs');
  assert.match(problem.message, /number/i);
});

test('of a missing field the object that lacks it is pointed at', async () => {
  const [problem] = await problems((plan) => delete (plan as Json).training.epochs);
  assert.equal(problem.at, '"training"');
  assert.equal(problem.field, 'training.epochs');
});

test('an unknown field is pointed at', async () => {
  const [problem] = await problems((plan) => Object.assign(plan, { membrs: 3 }));
  assert.equal(problem.field, 'membrs');
  assert.equal(problem.at, '3');
});

test('several at once', async () => {
  const found = await problems((plan) => {
    Object.assign((plan as Json).training, { epochs: 0, batchSize: -1 });
    Object.assign((plan as Json).model, { network: 'resnet-9000' });
  });
  assert.deepEqual(found.map(({ field }) => field).sort(), ['model.network', 'training.batchSize', 'training.epochs']);
});

test('a plan that is no object', async () => {
  assert.equal((await planProblems('3', folder)).length, 1);
});

test('files that are not there', async () => {
  const found = await problems((plan) => {
    Object.assign((plan as Json).model, { checkpoint: 'gone.safetensors' });
    Object.assign((plan as unknown as { data: { test: object } }).data.test, { labels: 'data/none.idx' });
  });
  assert.deepEqual(found.map(({ kind, at, message }) => [kind, at, message]), [
    ['missing-file', '"data/none.idx"', path.join(folder, 'data/none.idx')],
    ['missing-file', '"gone.safetensors"', path.join(folder, 'gone.safetensors')],
  ]);
});

test('text that is not JSON is left to the editor', async () => {
  assert.deepEqual(await planProblems('{ "name": ', folder), []);
  assert.deepEqual(await planProblems('{ // no\n}', folder), []);
  assert.deepEqual(await planProblems('', folder), []);
});

for (const kind of DATA_KINDS) {
  test(`a new plan on ${kind} data is a plan, and only its files are missing`, async () => {
    parse(PlanSchema, newPlan('mine', kind), 'new plan');
    const found = await planProblems(JSON.stringify(newPlan('mine', kind)), folder);
    assert.deepEqual([...new Set(found.map((problem) => problem.kind))], ['missing-file']);
  });
}

test('every file that a plan names is looked for', async () => {
  const missing = async (change: object): Promise<string[]> => (await problems((plan) => Object.assign(plan, change))).map(({ field }) => field);
  const images = { split: null, image: { size: 32 } };
  assert.deepEqual(await missing({ data: { kind: 'folder', train: 'a', validation: 'b', test: 'c', ...images } }), ['data.train', 'data.validation', 'data.test']);
  assert.deepEqual(await missing({ data: { kind: 'manifest', file: 'a.csv', root: 'b', ...images } }), ['data.file', 'data.root']);
  assert.deepEqual(await missing({ data: { kind: 'cifar-100', train: ['a', 'b'], test: ['c'] } }), ['data.train.0', 'data.train.1', 'data.test.0']);
  assert.deepEqual(await missing({ data: { kind: 'npz', train: { file: 'a' }, test: { file: 'b' } } }), ['data.train.file', 'data.test.file']);
  const method = { kind: 'global-de', otherCheckpoints: ['a.safetensors', 'b.safetensors'] };
  assert.deepEqual(await missing({ method }), ['method.otherCheckpoints.0', 'method.otherCheckpoints.1']);
});
