import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bootstrapIntervals } from '../../src/core/bootstrap.ts';
import { meanPerClassAccuracy, type Predictions } from '../../src/core/metrics.ts';
import { bestOf, resultTable, type TableRequest } from '../../src/core/table.ts';

// The micro example. Ensemble: 0 1 2 1 for the labels 0 1 2 0.
const labels = Int32Array.of(0, 1, 2, 0);
const first: Predictions = { logits: Float32Array.of(2, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0.9, 0), labels, classes: 3 };
const second: Predictions = { logits: Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 2, 0, 1, 0), labels, classes: 3 };
const request: TableRequest = {
  members: [{ name: 'member-1', validation: first, test: first }, { name: 'member-2', validation: second, test: second }],
  soups: [],
  ensembles: [{ name: 'ensemble-1', members: ['member-1', 'member-2'] }],
  metric: 'mean-per-class-accuracy',
  macs: 1,
  bootstrapSamples: 500,
  seed: 3,
  createdAt: '2026-01-01T00:00:00.000Z',
};

test('figures of the micro example', () => {
  const { rows, metric } = resultTable(request);
  assert.equal(metric, 'mean-per-class-accuracy');
  const figures = rows.map(({ name, accuracy, meanPerClassAccuracy: perClass, validationMeanPerClassAccuracy: onValidation }) => [name, accuracy, perClass, onValidation]);
  assert.deepEqual(figures.slice(0, 3), [['member-1', 1, 1, 1], ['member-2', 0.5, 0.5, 0.5], ['mean-member', 0.75, 0.75, 0.75]]);
  const [name, accuracy, perClass] = figures[3];
  assert.deepEqual([name, accuracy], ['ensemble-1', 0.75]);
  assert.ok(Math.abs(Number(perClass) - 0.8333333333) < 1e-9);
  assert.ok(Math.abs(rows[0].nll - 0.540852541) < 1e-7 && Math.abs(rows[1].nll - 0.973469727) < 1e-7 && Math.abs(rows[3].nll - 0.7047604208) < 1e-7);
});

test('differences are of the metric that the plan chose', () => {
  const differenceOf = (metric: TableRequest['metric']) => resultTable({ ...request, metric }).rows[3].differenceToBest!;
  assert.ok(Math.abs(differenceOf('mean-per-class-accuracy').estimate + 1 / 6) < 1e-12);
  assert.equal(differenceOf('accuracy').estimate, -0.25);
});

test('the best member by accuracy and by mean per-class accuracy can be two', () => {
  // Nine of class 0, one of class 1: who always says 0 has accuracy .9 and mean per-class accuracy .5.
  const unbalanced = Int32Array.from({ length: 10 }, (_, image) => (image === 9 ? 1 : 0));
  const predicting = (name: string, classes: number[]) => ({ name, validation: { labels: unbalanced, classes: 2, logits: Float32Array.from(classes.flatMap((label) => [1 - label, label])) } });
  const lazy = predicting('lazy', Array.from({ length: 10 }, () => 0));
  const fair = predicting('fair', [1, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
  assert.equal(bestOf([fair, lazy], 'accuracy').name, 'lazy');
  assert.equal(bestOf([lazy, fair], 'mean-per-class-accuracy').name, 'fair');
});

test('the bootstrap of mean per-class accuracy resamples objects and takes the classes that came up', () => {
  const classes = [0, 0, 0, 1];
  const [{ estimate, low, high }] = bootstrapIntervals([[1, 1, 0, 0]], { samples: 4000, seed: 1, classes });
  assert.ok(Math.abs(estimate - 1 / 3) < 1e-12);
  // Without object 4 (31.6 % of the resamples) the mean is that of class 0 alone, up to 1.
  assert.deepEqual([low, high], [0, 1]);
  const [equal] = bootstrapIntervals([[1, 0, 1, 0]], { samples: 200, seed: 1, classes: [7, 7, 7, 7] });
  assert.deepEqual(equal, bootstrapIntervals([[1, 0, 1, 0]], { samples: 200, seed: 1 })[0]);
});

test('without a test set the figures are of validation, and the table says so', () => {
  const table = resultTable({ ...request, members: request.members.map((member) => ({ ...member, test: null })) });
  assert.deepEqual([table.testImages, table.validationImages], [0, 4]);
  assert.equal(table.rows[0].meanPerClassAccuracy, meanPerClassAccuracy(first));
  assert.equal(table.rows[3].accuracy, 0.75);
});
