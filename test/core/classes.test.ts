import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classTable, classTables } from '../../src/core/classes.ts';
import { meanPerClassAccuracy, type Predictions } from '../../src/core/metrics.ts';
import { parse } from '../../src/protocol/parse.ts';
import { ClassTablesSchema } from '../../src/protocol/results.ts';

// The micro example: member 2 predicts 0 2 2 1 for the labels 0 1 2 0.
const second: Predictions = { logits: Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 2, 0, 1, 0), labels: Int32Array.of(0, 1, 2, 0), classes: 3 };

test('count, recall, precision, F1 and confusion of the micro example', () => {
  const { classes, confusion } = classTable('member-2', second, ['a', 'b', 'c']);
  assert.deepEqual(classes, [
    { name: 'a', count: 2, recall: 0.5, precision: 1, f1: 2 / 3 },
    { name: 'b', count: 1, recall: 0, precision: 0, f1: 0 },
    { name: 'c', count: 1, recall: 1, precision: 0.5, f1: 2 / 3 },
  ]);
  assert.deepEqual(confusion, [[0, 0, 1], [0, 1, 1], [1, 2, 1], [2, 2, 1]]);
  assert.equal(classes.reduce((sum, { recall }) => sum + recall!, 0) / 3, meanPerClassAccuracy(second));
});

test('a class without images has no recall, one never predicted no precision, and F1 is 0 where either is wrong', () => {
  const { classes } = classTable('m', { logits: Float32Array.of(1, 0, 0, 0), labels: Int32Array.of(1), classes: 4 }, ['a', 'b', 'c', 'd']);
  assert.deepEqual(classes.map(({ count, recall, precision, f1 }) => [count, recall, precision, f1]), [
    [0, null, 0, 0],
    [1, 0, null, 0],
    [0, null, null, null],
    [0, null, null, null],
  ]);
});

test('a table for every member, soup and ensemble; on validation where there is no test set', () => {
  const first: Predictions = { ...second, logits: Float32Array.of(2, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0.9, 0) };
  const members = [{ name: 'member-1', validation: second, test: first }, { name: 'member-2', validation: second, test: second }];
  const tables = classTables({ members, soups: [], ensembles: [{ name: 'ensemble-1', members: ['member-1', 'member-2'] }] }, ['a', 'b', 'c']);
  assert.deepEqual(parse(ClassTablesSchema, tables, 'tables'), tables);
  assert.deepEqual([tables.images, tables.measuredOn, tables.tables.map(({ name }) => name)], [4, 'test', ['member-1', 'member-2', 'ensemble-1']]);
  assert.deepEqual(tables.tables[2].confusion, [[0, 0, 1], [0, 1, 1], [1, 1, 1], [2, 2, 1]]);
  const untested = classTables({ members: members.map((member) => ({ ...member, test: null })), soups: [], ensembles: [] }, ['a', 'b', 'c']);
  assert.deepEqual([untested.measuredOn, untested.tables[0].confusion], ['validation', tables.tables[1].confusion]);
});
