import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResultTable } from '../../src/protocol/results.ts';
import { resultTable } from '../../src/run/cli/result-table.ts';

const table: ResultTable = {
  rows: [
    {
      name: 'member-1', kind: 'member', members: ['member-1'], accuracy: 0.5, meanPerClassAccuracy: 0.25, nll: 1, calibratedNll: 0.9, ece: 0.1,
      validationAccuracy: 0.6, validationMeanPerClassAccuracy: 0.35, differenceToBest: null, forwardPasses: 1, macs: 2000,
    },
  ],
  metric: 'accuracy', bestMember: 'member-1', testImages: 40, validationImages: 20, bootstrapSamples: 100, createdAt: '2026-01-01T00:00:00.000Z',
};

test('the table shows the metric that the plan chose, and what it was chosen on', () => {
  assert.deepEqual(resultTable(table).slice(0, 4), [
    '          accuracy  to best member, 95 %     NLL  calibrated      ECE  validation  passes   MACs',
    'member-1   50.00 %  best member           1.0000      0.9000  10.00 %     60.00 %       1  2.0 k',
    '',
    'Accuracy, NLL (nats) and ECE on 40 test images; member-1 is the best of the members on 20 validation images.',
  ]);
  const perClass = resultTable({ ...table, metric: 'mean-per-class-accuracy' });
  assert.match(perClass[0], /accuracy +per class +to best member/);
  assert.match(perClass[1], /^member-1 +50\.00 % +25\.00 % +best member .* 35\.00 % +1 +2\.0 k$/);
  assert.match(perClass[3], /best of the members on 20 validation images by mean per-class accuracy\.$/);
  assert.match(perClass[4], /^Differences of mean per-class accuracy in percentage points/);
});

test('a table without a test set says that its figures are of validation', () => {
  assert.match(resultTable({ ...table, testImages: 0 })[3], /ECE on 20 validation images \(there is no test set\)/);
});
