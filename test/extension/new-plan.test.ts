/** New plans: what the wizard asks and makes of the answers, presets, and plans of runs. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { dataInFile, dataInFolder, type Entry } from '../../src/extension/plan/foundData.ts';
import { newPlan, type NewPlan } from '../../src/extension/plan/newPlan.ts';
import { planOfRun } from '../../src/extension/plan/planOfRun.ts';
import { methodOf, PRESETS } from '../../src/extension/plan/presets.ts';
import { relativeTo } from '../../src/extension/plan/relativeTo.ts';
import { askForPlan, type Asker, type Choices, type Opened } from '../../src/extension/plan/wizard.ts';
import { parse } from '../../src/protocol/parse.ts';
import { NETWORKS, PlanSchema, type Plan } from '../../src/protocol/plan.ts';
import { tinyPlan } from '../fixtures/tiny-plan.ts';

const SPLIT = { validation: 0.1, seed: 0 };
const WITHOUT_TEST = { validation: 0.1, test: 0.2, seed: 0 };
const image = { size: 32 };
const entries = (text: string): Entry[] => text.split(' ').map((name) => ({ name: name.replace('/', ''), isFolder: name.endsWith('/') }));

/** Answers in turn, and writes down what was asked. */
class Script implements Asker {
  readonly asked: string[] = [];
  readonly #answers: unknown[];

  constructor(...answers: unknown[]) {
    this.#answers = answers;
  }

  get left(): number {
    return this.#answers.length;
  }

  choose<Q extends keyof Choices>(question: Q, step: number, options: readonly Choices[Q][]): Promise<Choices[Q] | 'back' | undefined> {
    this.asked.push(`${step} ${question} ${options.length}`);
    const answer = this.#next();
    assert.ok(answer === undefined || answer === 'back' || options.includes(answer as Choices[Q]), `${String(answer)} is no answer to ${question}`);
    return Promise.resolve(answer as Choices[Q] | 'back' | undefined);
  }

  open(what: string): Promise<Opened | undefined> {
    this.asked.push(`open ${what}`);
    return Promise.resolve(this.#next() as Opened | undefined);
  }

  name(step: number): Promise<string | undefined> {
    this.asked.push(`${step} name`);
    return Promise.resolve(this.#next() as string | undefined);
  }

  refuse(file: string): void {
    this.asked.push(`refused ${file}`);
  }

  #next(): unknown {
    assert.ok(this.#answers.length > 0, `nobody answers ${this.asked.at(-1)}`);
    return this.#answers.shift();
  }
}

const PHOTOS: Opened = { path: 'photos', entries: entries('cats/ dogs/') };
const WEIGHTS: Opened = { path: 'net.safetensors', entries: [] };

async function answered(...answers: unknown[]): Promise<{ plan: NewPlan | undefined; asked: string[] }> {
  const script = new Script(...answers);
  const plan = await askForPlan(script);
  assert.equal(script.left, 0, 'an answer was not asked for');
  return { plan, asked: script.asked };
}

test('four questions: a folder of classes, a checkpoint and its network, a method, a name', async () => {
  const { plan, asked } = await answered('folder', PHOTOS, 'checkpoint', WEIGHTS, 'resnet-18', 'starsse', 'mine');
  assert.deepEqual(asked, ['1 place 2', 'open folder', '2 start 2', 'open checkpoint', `2 network ${NETWORKS.length}`, `3 preset ${PRESETS.length}`, '4 name']);
  assert.deepEqual(plan, { name: 'mine', preset: 'starsse', model: { network: 'resnet-18', checkpoint: 'net.safetensors' }, data: { kind: 'folder', train: 'photos', split: WITHOUT_TEST, image } });
});

test('a checkpoint that says which network it is leaves that question out; from scratch there is none', async () => {
  for (const file of ['net.keras', 'web/model.json', 'NET.KERAS']) {
    const { plan, asked } = await answered('folder', PHOTOS, 'checkpoint', { path: file, entries: [] }, 'sse', 'mine');
    assert.deepEqual([plan?.model, asked.some((line) => line.includes('network'))], [{ checkpoint: file }, false]);
  }
  const { plan } = await answered('folder', PHOTOS, 'scratch', 'vit-tiny', 'fge', 'mine');
  assert.deepEqual(plan?.model, { network: 'vit-tiny', checkpoint: null });
});

test('arrays have networks of their own, a list of images has all', async () => {
  const arrays = await answered('file', { path: 'd/train.npz', entries: [] }, 'scratch', 'linear', 'local-de', 'mine');
  assert.ok(arrays.asked.includes('2 network 2'));
  assert.deepEqual(arrays.plan?.data, { kind: 'npz', train: { file: 'd/train.npz' }, split: WITHOUT_TEST });
  const list = await answered('file', { path: 'Images.CSV', entries: [] }, 'scratch', 'resnet-8', 'local-de', 'mine');
  assert.deepEqual(list.plan?.data, { kind: 'manifest', file: 'Images.CSV', split: WITHOUT_TEST, image });
});

test('a dialog that is closed asks again; data of no known kind are refused by name; a way back from each question', async () => {
  const again = await answered('folder', undefined, 'file', { path: 'notes.txt', entries: [] }, 'folder', PHOTOS, 'checkpoint', undefined, 'scratch', 'back', 'scratch', 'mlp', 'starsse', 'mine');
  assert.deepEqual(again.asked.filter((line) => /refused|place|start/.test(line)), ['1 place 2', '1 place 2', 'refused notes.txt', '1 place 2', '2 start 2', '2 start 2', '2 start 2']);
  assert.equal(again.plan?.model.network, 'mlp');
  const back = await answered('folder', PHOTOS, 'scratch', 'mlp', 'starsse', 'back', 'back', 'scratch', 'mlp', 'back', 'back', 'file', { path: 'a.jsonl', entries: [] }, 'scratch', 'mlp', 'sse', 'mine');
  assert.equal(back.asked.map((line) => line[0]).join(''), '1o2234322321o2234');
  assert.deepEqual([back.plan?.data.kind, back.plan?.preset], ['manifest', 'sse']);
});

test('who leaves at a question makes no plan', async () => {
  const whole = ['folder', PHOTOS, 'scratch', 'mlp', 'starsse', 'mine'];
  for (const at of [0, 2, 3, 4, 5]) assert.equal((await answered(...whole.slice(0, at), undefined)).plan, undefined, String(at));
});

test('data are known by names alone', () => {
  const folder = (text: string): unknown => dataInFolder('.', entries(text));
  assert.deepEqual(folder('Training/ VALID/ testing/ .git/'), { kind: 'folder', train: 'Training', validation: 'VALID', test: 'testing', image });
  assert.deepEqual(folder('train/ val/'), { kind: 'folder', train: 'train', validation: 'val', image });
  assert.deepEqual(folder('train/ test/'), { kind: 'folder', train: 'train', test: 'test', split: SPLIT, image });
  assert.deepEqual(folder('train/'), { kind: 'folder', train: 'train', split: WITHOUT_TEST, image });
  assert.deepEqual([folder('cats/'), folder('cats/ .git/'), folder('cats dogs')], [null, null, null]);
  assert.deepEqual(folder('data_batch_10.bin data_batch_9.bin'), { kind: 'cifar-10', train: ['data_batch_10.bin', 'data_batch_9.bin'], split: SPLIT });
  assert.deepEqual(folder('train.bin test.bin'), { kind: 'cifar-100', train: ['train.bin'], test: ['test.bin'], split: SPLIT });
  assert.partialDeepStrictEqual(folder('x-images-idx3-ubyte t10k-images-idx3-ubyte'), { train: { images: 'x-images-idx3-ubyte', labels: 'x-labels-idx1-ubyte' }, test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' }, split: SPLIT });
  assert.partialDeepStrictEqual(folder('x-images-idx3-ubyte'), { kind: 'idx', split: WITHOUT_TEST });
  assert.deepEqual(dataInFile('c/data_batch_1.bin'), { kind: 'cifar-10', train: ['c/data_batch_1.bin'], split: WITHOUT_TEST });
  assert.partialDeepStrictEqual(dataInFile('images/train-images.idx3'), { kind: 'idx', train: { images: 'images/train-images.idx3', labels: 'images/train-labels.idx1' }, split: WITHOUT_TEST });
});

test('presets: the ratios of the authors, five members', () => {
  assert.deepEqual(PRESETS.map((preset) => methodOf(preset)), [
    { kind: 'starsse', members: 5, cycle: { lrRatio: 1, epochRatio: 1 } },
    { kind: 'starsse', members: 5, cycle: { lrRatio: 0.5, epochRatio: 0.5 } },
    { kind: 'starsse', members: 5, cycle: { lrRatio: 4, epochRatio: 1 } },
    { kind: 'sse', members: 5, cycle: { lrRatio: 1, epochRatio: 1 } },
    { kind: 'fge', shape: 'chain', members: 5, cycle: { lrRatio: 1, epochRatio: 0.25 } },
    { kind: 'local-de', members: 5 },
    { kind: 'fine-tuning' },
  ]);
});

test('a new plan: rates by start, augmentation by data; no flips of digits, none of arrays', () => {
  const plan = (data: NewPlan['data'] | null, checkpoint: string | null) => newPlan({ name: 'mine', data: data!, model: { network: 'mlp', checkpoint }, preset: 'sse' });
  const photos = plan(dataInFolder('photos', PHOTOS.entries), 'net.safetensors');
  assert.deepEqual(photos, {
    name: 'mine', model: { network: 'mlp', checkpoint: 'net.safetensors' }, data: { kind: 'folder', train: 'photos', split: WITHOUT_TEST, image }, method: methodOf('sse'),
    training: { epochs: 20, batchSize: 64, optimizer: { kind: 'sgd', learningRate: 0.05, momentum: 0.9, weightDecay: 0.0005 }, augmentation: { cropPadding: 4, flip: true } },
    seed: 0,
  });
  const digits = plan(dataInFolder('.', entries('train-images-idx3-ubyte')), null);
  assert.deepEqual([digits.training.optimizer?.learningRate, digits.training.augmentation], [0.1, { cropPadding: 2, flip: false }]);
  assert.equal(plan(dataInFile('a.npz'), null).training.augmentation, undefined);
});

test('the plan of a run keeps everything but what the machine decided; its files are named from the new place', () => {
  const was: Plan = parse(PlanSchema, {
    ...tinyPlan(), $schema: '../schema.json', model: { network: 'mlp', checkpoint: '../net.safetensors', dropout: 0.1 }, method: { kind: 'global-de', otherCheckpoints: ['b.safetensors'] },
    training: { epochs: 4, batchSize: 16, optimizer: { kind: 'adamw', learningRate: 0.001 }, labelSmoothing: 0.1 }, seed: 7, memberSeeds: [7, 12],
    compute: { backend: 'wasm', workers: 2, threads: 1, membersPerGpu: 3 },
  }, 'plan');
  const before = structuredClone(was);
  const made = planOfRun({ plan: was, planPath: path.resolve('/work/old/tiny.starsse.json') }, path.resolve('/work/new'), 'Tiny, again');
  assert.deepEqual(was, before);
  const { $schema: _, ...rest } = was;
  const data = (set: string) => ({ images: `../old/data/${set}-images.idx`, labels: `../old/data/${set}-labels.idx` });
  assert.deepEqual(made, {
    ...rest, name: 'Tiny, again',
    model: { ...was.model, checkpoint: '../net.safetensors' },
    data: { ...was.data, train: data('train'), test: data('test') },
    method: { ...was.method, otherCheckpoints: ['../old/b.safetensors'] },
    compute: { backend: 'auto', workers: null, threads: null, membersPerGpu: 3 },
  });
  assert.deepEqual(parse(PlanSchema, made, 'plan'), made);
  assert.deepEqual([relativeTo('/a/b', '/a/b'), relativeTo('/a/b', '/a/b/c/d.bin'), relativeTo('/a/b', '/a/x')], ['.', 'c/d.bin', '../x']);
});
