import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { parse } from '../../../src/protocol/parse.ts';
import type { PlanInput } from '../../../src/protocol/plan.ts';
import { PlanSchema } from '../../../src/protocol/plan.ts';
import { DataSchema } from '../../../src/protocol/plan-data.ts';
import { movedPlan } from '../../../src/run/tune/moved-plan.ts';
import { tinyPlan } from '../../fixtures/tiny-plan.ts';

const FROM = path.resolve('/work-space/plans');
const TO = path.resolve('/work-space/plans/.starsse/tunes/a/plans');
const split = { validation: 10 };
const image = { size: 8 };
const classes = ['a', 'b'];
const idx = (name: string) => ({ images: `../data/${name}-images`, labels: `../data/${name}-labels` });
const DATA: PlanInput['data'][] = [
  { kind: 'idx', train: idx('train'), validation: idx('validation'), test: idx('test'), classes },
  { kind: 'folder', train: '../data/train', validation: '../data/validation', test: '/elsewhere/test', image },
  { kind: 'manifest', file: '../data/list.csv', root: '../data', split, image },
  { kind: 'manifest', file: '../data/list.csv', split, image },
  { kind: 'cifar-10', train: ['../data/one.bin', '../data/two.bin'], test: ['../data/test.bin'], split },
  { kind: 'npz', train: { file: '../data/train.npz', x: 'images' }, test: { file: '../data/test.npz' }, split },
];

/** Every text of a plan's data that names a file. */
function filesOf(value: unknown): string[] {
  if (typeof value === 'string') return value.includes('/') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(filesOf) : [];
}

test('every kind of data, checkpoints too, names the same files from its new folder', () => {
  assert.equal(DataSchema.options.length, new Set(DATA.map(({ kind }) => kind)).size, 'a kind of data is missing here');
  for (const data of DATA) {
    const plan = parse(PlanSchema, { ...tinyPlan(), data, model: { network: 'mlp', checkpoint: 'start.safetensors' }, method: { kind: 'global-de', otherCheckpoints: ['../b.safetensors'] } }, 'plan');
    const moved = movedPlan(plan, FROM, TO);
    assert.deepEqual(filesOf(moved.data).map((file) => path.resolve(TO, file)), filesOf(plan.data).map((file) => path.resolve(FROM, file)), data.kind);
    assert.equal(moved.model.checkpoint, '../../../../start.safetensors');
    assert.deepEqual(moved.method.kind === 'global-de' && moved.method.otherCheckpoints, ['../../../../../b.safetensors']);
    assert.deepEqual(parse(PlanSchema, moved, 'moved'), moved);
    assert.deepEqual(movedPlan(moved, TO, FROM), plan);
  }
});
