import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { membersOf } from '../../../src/protocol/methods.ts';
import type { Predictions } from '../../../src/core/metrics.ts';
import type { Run } from '../../../src/protocol/run.ts';
import type { TuneJob, TuneSettings, TuneState } from '../../../src/protocol/tune.ts';
import { readRun, runFiles } from '../../../src/run/folder.ts';
import { tuneCompareTask, tuneJobsTask } from '../../../src/run/trainer/tune-tasks.ts';
import { writePredictions, writeSnapshot } from '../../../src/run/trainer/snapshot.ts';
import { createTune, readTune, tuneFiles } from '../../../src/run/tune/tune-folder.ts';
import { writeTinyPlan } from '../../fixtures/tiny-plan.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { writeJson, writeRun } from '../written-run.ts';

const OBJECTS = 20;
const settings: TuneSettings = {
  methods: ['starsse'], lrRatios: [0.25, 0.5, 1, 2], epochRatios: [0.5], seeds: 2, members: 2, halving: true, swaStart: 0.75, swaLrRatio: null, emaDecay: null,
};
const context = { onProgress: () => undefined, signal: new AbortController().signal };

function rightOn(right: number): Predictions {
  const labels = Int32Array.from({ length: OBJECTS }, (_, object) => object % 2);
  return { labels, classes: 2, logits: Float32Array.from({ length: 2 * OBJECTS }, (_, index) => ((index % 2 === labels[index >> 1]) === index >> 1 < right ? 1 : 0)) };
}

/** The run of a job, as if it had been trained: its members are right on so many objects, its soup on others. */
async function writeTrained(runsFolder: string, { id, plan }: TuneJob, ensemble: number, soup: number): Promise<string> {
  const folder = writeRun(runsFolder, id);
  const members = membersOf(plan);
  const run: Run = { ...(await readRun(folder)), plan, members };
  writeJson(runFiles.run(folder), run);
  for (const name of ['predictions', 'snapshots']) mkdirSync(path.join(folder, name), { recursive: true });
  const write = async (name: string, right: number): Promise<void> => {
    for (const set of ['validation', 'test'] as const) await writePredictions(folder, run, name, set, rightOn(right));
  };
  for (const { name } of members) await write(name, ensemble);
  const names = members.map(({ name }) => name);
  const name = names.length === 1 ? 'soup-swa-1' : 'soup-uniform-1';
  await write(name, soup);
  await writeSnapshot(folder, run, [], { name, parents: names, rule: names.length === 1 ? 'swa' : 'uniform', metrics: {} });
  return id;
}

test('the better half of each method, by ensemble or by soup, goes on to twice the epochs with every seed', async (t) => {
  const plan = writeTinyPlan(temporaryFolder(t), { training: { epochs: 8, batchSize: 16, optimizer: { learningRate: 0.05 } } });
  const folder = await createTune({ planPath: plan, settings, backend: undefined, folder: path.join(path.dirname(plan), 'tune'), runsFolder: null });
  const state: TuneState = await readTune(folder);
  assert.deepEqual(state.rungEpochs, [2, 4, 8]);

  const first = await tuneJobsTask(folder, 0, context);
  assert.deepEqual(first.jobs.map(({ method, lrRatio }) => [method, lrRatio]), ['fine-tuning', 'starsse'].flatMap((method) => [0.25, 0.5, 1, 2].map((ratio) => [method, ratio])));
  assert.ok(first.jobs.every(({ id, budgetEpochs }) => id.startsWith('rung1-') && budgetEpochs === 3));
  // Right on validation, [ensemble, soup], by learning rate. Of a single network the better of both stands for either.
  const right: Record<string, [number, number][]> = { 'fine-tuning': [[10, 11], [15, 12], [9, 14], [8, 8]], starsse: [[10, 9], [12, 11], [11, 8], [9, 15]] };
  const jobs: TuneState['rungs'][number]['jobs'] = [];
  for (const job of first.jobs) {
    const [ensemble, soup] = right[job.method][settings.lrRatios.indexOf(job.lrRatio)];
    jobs.push({ ...job, run: await writeTrained(state.runsFolder, job, ensemble, soup), status: 'done', reason: null });
  }
  const written: TuneState = { ...state, rungs: [{ epochs: 2, jobs, leftOut: [] }] };
  writeJson(tuneFiles.state(folder), written);

  const second = await tuneJobsTask(folder, 1, context);
  // StarSSE: 0.5 and 1 by the ensemble, 2 and 0.5 by the soup.
  assert.deepEqual(second.jobs.map(({ method, lrRatio }) => [method, lrRatio]), [['fine-tuning', 0.5], ['fine-tuning', 1], ['starsse', 0.5], ['starsse', 1], ['starsse', 2]]);
  assert.ok(second.jobs.every(({ budgetEpochs }) => budgetEpochs === 6));

  await assert.rejects(tuneCompareTask(folder), { code: 'usage', message: /is not done/ });
  // As if that had been the last rung.
  writeJson(tuneFiles.state(folder), { ...written, rungEpochs: [2] });
  const comparison = await tuneCompareTask(folder);
  const rankings = comparison.rankings.filter(({ epochRatio }) => epochRatio === null);
  assert.deepEqual(rankings.map(({ goal, rows }) => [goal, rows.map(({ method, lrRatio, validation, forwardPasses }) => [method, lrRatio, validation.mean, forwardPasses])]), [
    ['ensemble', [['fine-tuning', 0.5, 0.75, 1], ['starsse', 0.5, 0.6, 2]]],
    ['soup', [['fine-tuning', 0.5, 0.75, 1], ['starsse', 2, 0.75, 1]]],
  ]);
  assert.deepEqual(comparison.cells.filter(({ method }) => method === 'fine-tuning').map(({ seeds }) => seeds[0].soup?.name), ['soup-swa-1', 'member-1', 'soup-swa-1', 'member-1']);

  // The last rung has all seeds.
  writeJson(tuneFiles.state(folder), { ...written, rungEpochs: [2, 8] });
  const last = await tuneJobsTask(folder, 1, context);
  assert.deepEqual([last.jobs.length, [...new Set(last.jobs.map(({ seed }) => seed))]], [10, [0, 2]]);
});
