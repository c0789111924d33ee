import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { floatsOf } from '../../src/protocol/tensor.ts';
import { VERSION } from '../../src/protocol/version.ts';
import { readRun, runFiles } from '../../src/run/folder.ts';
import { applyResumes, RowReader } from '../../src/run/rows.ts';
import { readSafetensors, readSafetensorsHeader } from '../../src/run/safetensors-file.ts';
import { BACKENDS, createRun, filesOf, runToEnd, snapshotDigests, tinyPlanFile } from './real-run.ts';

test('a run goes to its end by itself and leaves exactly what CONTRIBUTING.md lists', async (t) => {
  const folder = await createRun(tinyPlanFile(t));
  const view = await runToEnd(folder);
  const members = ['member-1', 'member-2', 'member-3'];
  const networks = [...members, 'soup-uniform-1'];
  assert.deepEqual(filesOf(folder), [
    'analyses/classes.json',
    'analyses/gate.json',
    'analyses/table.json',
    ...members.flatMap((name) => ['events', 'log.txt', 'metrics.ndjson', 'state.json'].map((file) => `members/${name}/${file}`)),
    'model.json',
    ...networks.flatMap((name) => [`predictions/${name}.test.safetensors`, `predictions/${name}.validation.safetensors`]),
    'run.json',
    ...networks.map((name) => `snapshots/${name}.safetensors`),
    'supervisor.log',
  ].sort());
  assert.deepEqual(view.results?.rows.map(({ name }) => name), [...members, 'mean-member', 'soup-uniform-1', 'ensemble-1']);
  assert.deepEqual(view.soups, [{ name: 'soup-uniform-1', snapshot: 'snapshots/soup-uniform-1.safetensors', rule: 'uniform', parents: members }]);
  for (const { state, member } of view.members) {
    assert.deepEqual([state.status, state.step, state.steps, state.epoch, state.device?.backend], ['done', 6 * member.epochs, 6 * member.epochs, member.epochs, 'wasm']);
    const rows = applyResumes((await new RowReader(runFiles.rows(folder, member.name)).read()).rows);
    assert.equal(rows.filter(({ kind }) => kind === 'step').length, 6 * member.epochs);
    const epochs = rows.filter((row) => row.kind === 'epoch');
    assert.equal(epochs.length, member.epochs);
    assert.equal(epochs.at(-1)?.validationAccuracy, state.validationAccuracy);
  }
  assert.ok((view.results?.rows[0].accuracy ?? 0) > 0.5, 'it has learned something');
});

test('run.json has every default written in, and auto as what it turned out to be', async (t) => {
  const folder = await createRun(tinyPlanFile(t, { compute: {} }), { backend: 'wasm', workers: 2 });
  const { plan, workers, threads, members, versions } = await readRun(folder);
  assert.deepEqual(plan.compute, { backend: 'wasm', workers: 2, threads, membersPerGpu: 1 });
  assert.equal(workers, 2);
  assert.deepEqual([plan.training.augmentation.cropPadding, plan.training.augmentation.flip, plan.training.augmentation.mixup], [0, false, 0]);
  assert.deepEqual(plan.training.optimizer, { kind: 'sgd', learningRate: 0.05, momentum: 0.9, nesterov: false, weightDecay: 0 });
  assert.deepEqual(members.map(({ startsFrom }) => startsFrom), ['pretrained', 'member-1', 'member-1']);
  assert.equal(versions.starsse, VERSION);
});

test('snapshots name their origin, and predictions are logits with labels', async (t) => {
  const folder = await createRun(tinyPlanFile(t));
  const { results } = await runToEnd(folder);
  const { metadata } = await readSafetensorsHeader(runFiles.snapshot(folder, 'member-2'));
  const run = await readRun(folder);
  assert.deepEqual({ ...metadata, metrics: '' }, { format: 'pt', run: run.id, name: 'member-2', parents: 'member-1', method: 'starsse', metrics: '' });
  const { tensors } = await readSafetensors(runFiles.predictions(folder, 'member-1', 'test'));
  const logits = tensors.find(({ name }) => name === 'logits');
  const labels = tensors.find(({ name }) => name === 'labels');
  assert.ok(logits && labels);
  assert.deepEqual([logits.shape, labels.shape], [[90, 3], [90]]);
  const classes = new Int32Array(labels.data.slice().buffer);
  const rows = floatsOf(logits);
  const right = classes.filter((label, image) => {
    const row = [...rows.subarray(image * 3, image * 3 + 3)];
    return row.indexOf(Math.max(...row)) === label;
  });
  assert.equal(results?.rows[0].accuracy, right.length / 90);
});

for (const backend of BACKENDS) {
  test(`X3: members trained one after the other and side by side are the same files (${backend})`, async (t) => {
    const plan = tinyPlanFile(t, {
      model: { network: 'resnet-8' },
      method: { kind: 'starsse', members: 4, cycle: { epochRatio: 0.5 } },
      training: { epochs: 2, batchSize: 16, optimizer: { learningRate: 0.05, weightDecay: 1e-4 }, augmentation: { cropPadding: 1, flip: true } },
    });
    const [serial, parallel] = [await createRun(plan, { backend, workers: 1 }), await createRun(plan, { backend, workers: 2 })];
    await runToEnd(serial);
    await runToEnd(parallel);
    const digests = await snapshotDigests(serial);
    assert.deepEqual(Object.keys(digests), ['member-1', 'member-2', 'member-3', 'member-4', 'soup-uniform-1']);
    assert.equal(new Set(Object.values(digests)).size, 5);
    assert.deepEqual(await snapshotDigests(parallel), digests);
    const started = async (folder: string): Promise<number> => (await readFile(runFiles.supervisorLog(folder), 'utf8')).match(/member-\d: process \d+ started/g)?.length ?? 0;
    assert.deepEqual([await started(serial), await started(parallel)], [1, 2], 'one trainer went through all members, or two shared them');
  });
}

test('Local DE trains its members from the start, and one member needs no soup', async (t) => {
  const plan = tinyPlanFile(t, { method: { kind: 'local-de', members: 2 } });
  const view = await runToEnd(await createRun(plan, { workers: 2 }));
  assert.deepEqual(view.members.map(({ member }) => member.startsFrom), ['pretrained', 'pretrained']);
  const single = await runToEnd(await createRun(tinyPlanFile(t, { method: { kind: 'local-de', members: 1 } })));
  assert.deepEqual(single.results?.rows.map(({ name }) => name), ['member-1', 'mean-member']);
  assert.deepEqual(single.soups, []);
});

test('a cycle may go on with the optimizer of the member it starts from', async (t) => {
  const cycle = { epochRatio: 0.5 };
  const reset = await createRun(tinyPlanFile(t, { method: { kind: 'starsse', members: 2, cycle } }));
  const kept = await createRun(tinyPlanFile(t, { method: { kind: 'starsse', members: 2, cycle: { ...cycle, resetOptimizer: false } } }));
  await runToEnd(reset);
  await runToEnd(kept);
  const [a, b] = [await snapshotDigests(reset), await snapshotDigests(kept)];
  assert.equal(a['member-1'], b['member-1']);
  assert.notEqual(a['member-2'], b['member-2']);
  assert.ok(filesOf(kept).includes('members/member-1/final.safetensors'));
});
