import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibratedNll } from '../../src/core/calibration.ts';
import { ensemble } from '../../src/core/ensemble.ts';
import { accuracy, nll, type Predictions } from '../../src/core/metrics.ts';
import { integer, normal, randomKey } from '../../src/core/random.ts';
import { ece } from '../../src/core/reliability.ts';
import { bestOf, resultTable, type Candidate, type TableRequest } from '../../src/core/table.ts';
import { parse } from '../../src/protocol/parse.ts';
import { ResultTableSchema } from '../../src/protocol/results.ts';

/** `skill` raises the right logit. Labels depend on the part only. */
function predictions(part: number, member: number, skill: number, objects = 200): Predictions {
  const labels = Int32Array.from({ length: objects }, (_, row) => integer(randomKey(part, 'task'), row, 4));
  const key = randomKey(part, 'task', member);
  return { labels, classes: 4, logits: Float32Array.from({ length: objects * 4 }, (_, index) => normal(key, index) + (index % 4 === labels[Math.floor(index / 4)] ? skill : 0)) };
}
function candidate(member: number, onValidation: number, onTest: number): Candidate {
  return { name: `member-${member}`, validation: predictions(1, member, onValidation, 100), test: predictions(2, member, onTest) };
}
// Member 2 is the best on validation, member 3 by far the best on test.
const members = [candidate(1, 1, 1), candidate(2, 2, 1), candidate(3, 0.5, 3)];
const onTest = members.map(({ test }) => test!);
const request: TableRequest = {
  members,
  soups: [{ ...candidate(9, 1, 1), name: 'soup-uniform-1', members: ['member-1', 'member-2'] }],
  ensembles: [{ name: 'ensemble-1', members: ['member-1', 'member-2', 'member-3'] }],
  metric: 'accuracy',
  macs: 1000,
  bootstrapSamples: 300,
  seed: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
};

test('rows of members, mean member, soup and ensemble, with their costs', () => {
  const table = resultTable(request);
  assert.deepEqual(parse(ResultTableSchema, table, 'table'), table);
  assert.deepEqual(table.rows.map(({ name, kind, forwardPasses, macs }) => [name, kind, forwardPasses, macs]), [
    ['member-1', 'member', 1, 1000],
    ['member-2', 'member', 1, 1000],
    ['member-3', 'member', 1, 1000],
    ['mean-member', 'mean-member', 1, 1000],
    ['soup-uniform-1', 'soup', 1, 1000],
    ['ensemble-1', 'ensemble', 3, 3000],
  ]);
  assert.deepEqual([table.testImages, table.validationImages, table.bootstrapSamples, table.createdAt], [200, 100, 300, request.createdAt]);
  const [first, , , mean, , together] = table.rows;
  assert.deepEqual([first.accuracy, first.nll, first.ece], [accuracy(onTest[0]), nll(onTest[0]), ece(onTest[0])]);
  assert.equal(first.calibratedNll, calibratedNll(onTest[0], { seed: 1 }));
  assert.ok(Math.abs(mean.accuracy - onTest.reduce((sum, test) => sum + accuracy(test), 0) / 3) < 1e-12);
  assert.equal(together.accuracy, accuracy(ensemble(onTest)));
  assert.equal(together.validationAccuracy, accuracy(ensemble(members.map((member) => member.validation))));
  assert.deepEqual(together.members, ['member-1', 'member-2', 'member-3']);
});

test('the best member is chosen on validation, however good another is on test', () => {
  const table = resultTable(request);
  assert.equal(table.bestMember, 'member-2');
  assert.equal(resultTable({ ...request, members: members.map((member) => ({ ...member, test: members[2].test })) }).bestMember, 'member-2');
});

test('differences are paired with the best member; it and the mean have none', () => {
  const { rows } = resultTable(request);
  for (const { name, accuracy: own, differenceToBest } of rows) {
    if (name === 'member-2' || name === 'mean-member') assert.equal(differenceToBest, null);
    else {
      assert.ok(Math.abs(differenceToBest!.estimate - (own - rows[1].accuracy)) < 1e-12, name);
      assert.ok(differenceToBest!.low < differenceToBest!.estimate && differenceToBest!.estimate < differenceToBest!.high, name);
    }
  }
  assert.ok(rows[2].differenceToBest!.low > 0);
});

test('equal validation accuracy is decided by validation NLL, then by number', () => {
  const { logits, ...rest } = predictions(1, 1, 1);
  const sharp = (name: string, scale: number) => ({ name, validation: { ...rest, logits: logits.map((logit) => logit * scale) } });
  assert.equal(bestOf([sharp('a', 100), sharp('b', 1), sharp('c', 1)], 'accuracy').name, 'b');
});

test('unknown members and predictions of other images are refused', () => {
  assert.throws(() => resultTable({ ...request, ensembles: [{ name: 'e', members: ['member-7'] }] }), { code: 'usage', message: /member-7 is not a member/ });
  const foreign = { ...members[1], test: predictions(3, 1, 1) };
  assert.throws(() => resultTable({ ...request, members: [members[0], foreign] }), { code: 'mismatch', message: /The test predictions of member-2 and member-1/ });
  assert.throws(() => resultTable({ ...request, members: [] }), { code: 'usage' });
});
