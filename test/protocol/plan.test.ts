import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StarsseError } from '../../src/protocol/errors.ts';
import { parse, parseJson } from '../../src/protocol/parse.ts';
import { PlanSchema, type PlanInput } from '../../src/protocol/plan.ts';
import { tinyPlan } from '../fixtures/tiny-plan.ts';

function refused(plan: unknown, ...messages: RegExp[]): void {
  assert.throws(
    () => parse(PlanSchema, plan, 'my.starsse.json', 'plan-invalid'),
    (error) => {
      assert.ok(error instanceof StarsseError);
      assert.equal(error.code, 'plan-invalid');
      assert.match(error.message, /^my\.starsse\.json: /);
      for (const message of messages) assert.match(error.message, message);
      return true;
    },
  );
}
/** The tiny plan with one field replaced; `path` as in error messages. */
function withField(path: string, value: unknown): unknown {
  const plan = structuredClone(tinyPlan()) as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((object, key) => object[key] as Record<string, unknown>, plan);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return plan;
}

test('a plan of the least that must be said gets every default', () => {
  const least: PlanInput = {
    name: 'least',
    model: { network: 'mlp' },
    data: { ...tinyPlan().data, split: { train: 1, validation: 1 }, normalization: undefined },
    method: { kind: 'starsse' },
    training: { epochs: 1, optimizer: { learningRate: 1 } },
  };
  const plan = parse(PlanSchema, least, 'plan');
  assert.equal(plan.model.checkpoint, null);
  assert.deepEqual(plan.data.split, { train: 1, validation: 1, test: null, seed: 0 });
  assert.equal(plan.data.normalization, 'auto');
  assert.deepEqual(plan.model, { network: 'mlp', checkpoint: null, dropout: 0, dropPath: 0 });
  const cycle = { lrRatio: 1, epochRatio: 1, warmupEpochs: 0, warmup: 'rise', resetOptimizer: true };
  assert.deepEqual(plan.method, { kind: 'starsse', members: 5, head: 'new', linearProbe: null, cycle });
  assert.deepEqual(plan.training, {
    epochs: 1,
    batchSize: 64,
    accumulate: 1,
    optimizer: { kind: 'sgd', learningRate: 1, momentum: 0.9, nesterov: false, weightDecay: 0 },
    schedule: 'cosine',
    scheduleBy: 'epoch',
    warmup: null,
    layerDecay: null,
    clipNorm: null,
    labelSmoothing: 0,
    freeze: [],
    augmentation: { cropPadding: 0, resizedCrop: null, flip: false, colorJitter: null, randAugment: null, erasing: null, mixup: 0, cutmix: 0 },
    guards: { maxLoss: null, collapse: true },
  });
  assert.deepEqual([plan.seed, plan.memberSeeds], [0, null]);
  assert.deepEqual(plan.evaluation, { batchSize: 250, bootstrapSamples: 2000, metric: 'accuracy' });
  assert.deepEqual(plan.compute, { backend: 'auto', workers: null, threads: null, membersPerGpu: 1 });
  // A complete plan is complete: run.json reads back as it was written.
  assert.deepEqual(parseJson(PlanSchema, JSON.stringify(plan), 'run.json'), plan);
});

const wrong: [string, unknown, RegExp][] = [
  ['name', '', /name: /],
  ['name', undefined, /name: /],
  ['model.network', 'resnet-9', /model\.network: .*resnet-9/],
  ['data.kind', 'folders', /data\.kind: .*folders/],
  ['data.split.train', 0, /data\.split\.train: /],
  ['data.split.train', 1.5, /data\.split\.train: /],
  ['data.classes', ['one'], /data\.classes: /],
  ['data.normalization.std', [0], /data\.normalization\.std\.0: /],
  ['method.kind', 'sses', /method\.kind: .*sses/],
  ['method.head', 'shared', /method\.head: .*shared/],
  ['method.linearProbe', { epochs: 1 }, /method\.linearProbe\.learningRate: /],
  ['training.clipNorm', 0, /training\.clipNorm: /],
  ['training.optimizer.beta1', 0.9, /training\.optimizer\.beta1: /],
  ['training.augmentation', { resizedCrop: { scale: [0.1] } }, /training\.augmentation\.resizedCrop\.scale/],
  ['method.members', 0, /method\.members: /],
  ['method.members', 101, /method\.members: /],
  ['method.cycle.lrRatio', -1, /method\.cycle\.lrRatio: /],
  ['method.cycle.epochRatio', 0, /method\.cycle\.epochRatio: /],
  ['training.epochs', '20', /training\.epochs: /],
  ['training.optimizer.learningRate', 0, /training\.optimizer\.learningRate: /],
  ['training.optimizer.momentum', 1, /training\.optimizer\.momentum: /],
  ['training.optimizer.kind', 'adam', /training\.optimizer\.kind: /],
  ['training.schedule', 'linear', /training\.schedule: /],
  ['training.learningRate', 0.1, /training\.learningRate: /],
  ['seed', -1, /seed: /],
  ['seed', 2 ** 31, /seed: /],
  ['memberSeeds', [1, 'two'], /memberSeeds\.1: /],
  ['compute.backend', 'cuda', /compute\.backend: .*cuda/],
  ['compute.workers', 0, /compute\.workers: /],
  ['epochs', 3, /epochs: /],
];
for (const [path, value, message] of wrong) {
  test(`refused by field: ${path} = ${JSON.stringify(value)}`, () => {
    refused(withField(path, value), message);
  });
}

test('numbers that JSON cannot hold are refused too', () => {
  // JSON's 1e999 is read as Infinity.
  refused(withField('training.optimizer.learningRate', NaN), /training\.optimizer\.learningRate: /);
  refused(withField('training.optimizer.learningRate', Infinity), /training\.optimizer\.learningRate: /);
});

test('every wrong field is named, not only the first', () => {
  refused({ ...tinyPlan(), name: 7, seed: 'x', training: { epochs: 0, optimizer: {} } }, /name: /, /seed: /, /training\.epochs: /, /training\.optimizer\.learningRate: /);
});

test('text that is no JSON, and JSON that is no object, are plan errors', () => {
  assert.throws(() => parseJson(PlanSchema, '{"name": }', 'p', 'plan-invalid'), { code: 'plan-invalid', message: /^p: not valid JSON/ });
  for (const value of [null, [], 'plan', 3]) refused(value);
});

test('an error survives a process border', () => {
  const error = new StarsseError('diverged', 'the loss is NaN', { hint: 'Lower it.', cause: new Error('inner') });
  const back = StarsseError.fromJSON(JSON.parse(JSON.stringify(error)) as ReturnType<StarsseError['toJSON']>);
  assert.deepEqual([back.code, back.message, back.hint, back.cause], ['diverged', 'the loss is NaN', 'Lower it.', 'Error: inner']);
  assert.equal(StarsseError.from(error), error);
  assert.deepEqual([StarsseError.from(new TypeError('bad')).code, StarsseError.from('text').message], ['internal', 'text']);
});
