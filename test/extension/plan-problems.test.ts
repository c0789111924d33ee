import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { PlanSchema } from '../../src/protocol/plan.ts';
import { parse } from '../../src/protocol/parse.ts';
import { dataInFile, dataInFolder } from '../../src/extension/plan/foundData.ts';
import { newPlan } from '../../src/extension/plan/newPlan.ts';
import { PRESETS } from '../../src/extension/plan/presets.ts';
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

const entries = (names: string[]): { name: string; isFolder: boolean }[] => names.map((name) => ({ name: name.replace('/', ''), isFolder: name.endsWith('/') }));
const DATA = {
  'class folders': dataInFolder('photos', entries(['cats/', 'dogs/'])),
  'train and test': dataInFolder('.', entries(['train/', 'test/'])),
  'train, val and test': dataInFolder('x', entries(['train/', 'val/', 'test/'])),
  idx: dataInFolder('d', entries(['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'])),
  'CIFAR-10': dataInFolder('c', entries(['data_batch_2.bin', 'data_batch_1.bin', 'test_batch.bin'])),
  'CIFAR-100': dataInFolder('c', entries(['train.bin', 'test.bin'])),
  list: dataInFile('images.csv'),
  arrays: dataInFile('d/train.npz'),
};

for (const [what, data] of Object.entries(DATA)) {
  test(`a new plan on ${what} is a plan, and only its files are missing`, async () => {
    assert.ok(data, 'the data were not known');
    for (const preset of PRESETS) {
      const plan = newPlan({ name: 'mine', data, model: { network: 'resnet-8', checkpoint: 'gone.safetensors' }, preset });
      parse(PlanSchema, plan, 'new plan');
      const found = await planProblems(JSON.stringify(plan), folder);
      assert.deepEqual([...new Set(found.map((problem) => problem.kind))], ['missing-file']);
    }
  });
}

test('names tell what data there are', () => {
  assert.deepEqual(DATA.idx, {
    kind: 'idx',
    train: { images: 'd/train-images-idx3-ubyte', labels: 'd/train-labels-idx1-ubyte' },
    test: { images: 'd/t10k-images-idx3-ubyte', labels: 'd/t10k-labels-idx1-ubyte' },
    split: { validation: 0.1, seed: 0 },
    classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  });
  assert.deepEqual(DATA['train and test'], { kind: 'folder', train: 'train', test: 'test', split: { validation: 0.1, seed: 0 }, image: { size: 32 } });
  assert.equal(dataInFolder('x', entries(['notes.txt'])), null);
  assert.equal(dataInFile('notes.txt'), null);
});

test('clones, seeds that are too few and a cycle without an epoch are pointed at', async () => {
  const local = { kind: 'local-de', members: 3 };
  const [clones] = await problems((plan) => Object.assign(plan, { method: local, memberSeeds: [4, 5, 4] }));
  assert.deepEqual([clones.kind, clones.field, clones.at], ['members', 'memberSeeds', '"memberSeeds"']);
  assert.match(clones.message, /member-1 and member-3 would be identical/);
  const [few] = await problems((plan) => Object.assign(plan, { memberSeeds: [1, 2] }));
  assert.match(few.message, /2 seeds for 3 members/);
  const [short] = await problems((plan) => Object.assign(plan, { method: { kind: 'sse', cycle: { epochRatio: 0.1 } } }));
  assert.equal(short.field, 'method.cycle.epochRatio');
});

test('every file that a plan names is looked for', async () => {
  const missing = async (change: object): Promise<string[]> => (await problems((plan) => Object.assign(plan, change))).filter(({ kind }) => kind === 'missing-file').map(({ field }) => field);
  const images = { split: null, image: { size: 32 } };
  assert.deepEqual(await missing({ data: { kind: 'folder', train: 'a', validation: 'b', test: 'c', ...images } }), ['data.train', 'data.validation', 'data.test']);
  assert.deepEqual(await missing({ data: { kind: 'manifest', file: 'a.csv', root: 'b', ...images } }), ['data.file', 'data.root']);
  assert.deepEqual(await missing({ data: { kind: 'cifar-100', train: ['a', 'b'], test: ['c'] } }), ['data.train.0', 'data.train.1', 'data.test.0']);
  assert.deepEqual(await missing({ data: { kind: 'npz', train: { file: 'a' }, test: { file: 'b' } } }), ['data.train.file', 'data.test.file']);
  const method = { kind: 'global-de', otherCheckpoints: ['a.safetensors', 'b.safetensors'] };
  assert.deepEqual(await missing({ method }), ['method.otherCheckpoints.0', 'method.otherCheckpoints.1']);
});
