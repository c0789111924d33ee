import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { parse as parseCsv } from 'csv-parse/sync';
import { parseJson } from '../../../src/protocol/parse.ts';
import { PlanSchema } from '../../../src/protocol/plan.ts';
import { ComparisonSchema, type Rung, type TuneState } from '../../../src/protocol/tune.ts';
import { runFiles } from '../../../src/run/folder.ts';
import { readTune, tuneFiles } from '../../../src/run/tune/tune-folder.ts';
import { decodeEvents } from '../records/decode-events.ts';
import { createRun, runToEnd, snapshotDigests, tinyPlanFile } from '../real-run.ts';
import { starsse } from '../starsse.ts';

// lr x 1e9 diverges: such cells are reported and not chosen.
const GRID = ['--methods', 'starsse', '--lr-ratios', '0.5', '1', '1e9', '--epoch-ratios', '0.5', '--members', '2'];

async function untilTune(folder: string, wanted: (state: TuneState) => boolean): Promise<TuneState> {
  for (const deadline = Date.now() + 120_000; ; await wait(50)) {
    const state = await readTune(folder).catch(() => null);
    if (state !== null && wanted(state)) return state;
    assert.ok(Date.now() < deadline, `the tune stands at ${JSON.stringify(state?.rungs.map(({ jobs }) => jobs.map(({ status, reason }) => [status, reason])))}`);
  }
}

test('a tune is told its cost, left with Ctrl-C, taken up again, and compares on validation', async (t) => {
  const plan = tinyPlanFile(t);
  const folder = path.join(path.dirname(plan), 'tune');
  const runs = path.join(path.dirname(plan), 'runs'); // where whatever is left is ended after the test
  const args = ['tune', plan, ...GRID, '--out', folder, '--runs', runs];

  const dry = await starsse([...args, '--dry-run']);
  assert.deepEqual([dry.code, dry.stderr], [0, '']);
  assert.equal(dry.stdout, '6 runs of fine-tuning, starsse; budgets of one run: 6 epochs (x 0.5)\n28 epochs of one network to train; 8 more are members that runs share\n');
  assert.ok(!existsSync(folder));

  let interrupt: () => void = () => undefined;
  const first = starsse(args, { onStart: (child) => (interrupt = () => child.kill('SIGINT')) });
  const begun = await untilTune(folder, ({ rungs }) => rungs.at(0)?.jobs[0].status === 'done' && rungs[0].jobs[1].run !== null);
  interrupt();
  const stopped = await first;
  assert.deepEqual([stopped.code, stopped.stderr], [3, '']);
  assert.match(stopped.stdout, new RegExp(`^6 runs of [^]*^The tune was stopped\\.\nGo on with: starsse tune ${folder}\n$`, 'm'));
  const doneBefore = begun.rungs[0].jobs[0];
  const snapshot = runFiles.snapshot(path.join(runs, doneBefore.run!), 'member-1');
  const writtenAt = statSync(snapshot).mtimeMs;

  const second = await starsse(['tune', folder, '--json']);
  assert.deepEqual([second.code, second.stderr], [0, '']);
  const { rungs } = await readTune(folder);
  assert.equal(rungs[0].jobs[0].run, doneBefore.run);
  assert.equal(rungs[0].jobs[1].run, begun.rungs[0].jobs[1].run);
  assert.equal(statSync(snapshot).mtimeMs, writtenAt);
  assert.deepEqual(rungs[0].jobs.map(({ id, status }) => [id, status]), [
    ['fine-tuning-lr0.5-ep0.5-seed0', 'done'],
    ['fine-tuning-lr1-ep0.5-seed0', 'done'],
    ['fine-tuning-lr1000000000-ep0.5-seed0', 'failed'],
    ['starsse-lr0.5-ep0.5-seed0', 'done'],
    ['starsse-lr1-ep0.5-seed0', 'done'],
    ['starsse-lr1000000000-ep0.5-seed0', 'failed'],
  ]);
  await checkSharing(plan, runs, rungs[0]);
  checkComparison(folder, JSON.parse(second.stdout) as { comparison: unknown });

  // A run that was deleted is made again, from members that others have.
  rmSync(path.join(runs, rungs[0].jobs[3].run!), { recursive: true });
  assert.equal((await starsse(['tune', folder, '--json'])).code, 0);
  const again = (await readTune(folder)).rungs[0].jobs;
  assert.deepEqual(again.map(({ run }, index) => run === rungs[0].jobs[index].run), [true, true, true, false, true, true]);

  // The same command finds the tune done; another one does not take its folder.
  assert.equal((await starsse([...args, '--json'])).code, 0);
  const other = await starsse([...args, '--seeds', '2']);
  assert.equal(other.code, 2);
  assert.match(other.stderr, /is a tune of another plan or with other settings/);
});

/** Members taken over are those that training them again gives. */
async function checkSharing(plan: string, runs: string, { jobs }: Rung): Promise<void> {
  const [half, full] = jobs.slice(3, 5).map(({ run }) => path.join(runs, run!));
  const shared = JSON.parse(readFileSync(path.join(runFiles.member(full, 'member-1'), 'shared.json'), 'utf8')) as { run: string; member: string };
  assert.deepEqual([shared.run, shared.member], [path.basename(half), 'member-1']);
  assert.equal(statSync(runFiles.snapshot(full, 'member-1')).ino, statSync(runFiles.snapshot(half, 'member-1')).ino);
  const again = await createRun(path.join(path.dirname(plan), 'tune', 'plans', `${jobs[4].id}.starsse.json`), { threads: 1, backend: 'wasm' });
  await runToEnd(again);
  assert.deepEqual(await snapshotDigests(full), await snapshotDigests(again));
  assert.equal(existsSync(path.join(runFiles.member(again, 'member-1'), 'shared.json')), false);
  // A real training writes its event files, and they go with a member that is taken over.
  for (const folder of [again, full]) {
    const { scalars, hparams } = decodeEvents(runFiles.member(folder, 'member-1'));
    assert.deepEqual([scalars['train/loss'].length, scalars['validation/accuracy'].map(([step]) => step), hparams['_hparams_/session_end_info']], [24, [6, 12, 18, 24], 1]);
  }
}

function checkComparison(folder: string, { comparison: printed }: { comparison: unknown }): void {
  const comparison = parseJson(ComparisonSchema, readFileSync(tuneFiles.comparison(folder), 'utf8'), 'comparison.json');
  assert.deepEqual(printed, comparison);
  assert.deepEqual([comparison.metric, comparison.validationImages, comparison.testImages, comparison.spentEpochs, comparison.trainedEpochs], ['accuracy', 48, 90, 36, 28]);
  assert.deepEqual(comparison.rankings.map(({ goal, epochRatio, rows }) => [goal, epochRatio, rows.length]), [['ensemble', null, 2], ['soup', null, 2], ['ensemble', 0.5, 2], ['soup', 0.5, 2]]);
  for (const { goal, epochRatio, rows } of comparison.rankings) {
    assert.ok(rows[0].validation.mean >= rows[1].validation.mean);
    for (const { method, lrRatio, epochs, test: measured } of rows) {
      const own = comparison.cells.filter((cell) => cell.method === method).flatMap((cell) => cell.seeds[0][goal]?.metric ?? []);
      assert.equal(rows.find((row) => row.method === method)!.validation.mean, Math.max(...own));
      assert.deepEqual([epochs, lrRatio < 2, measured === null], [6, true, epochRatio !== null]);
    }
  }
  const failed = comparison.cells.filter(({ lrRatio }) => lrRatio === 1e9);
  assert.deepEqual(failed.map(({ ensemble, soup, seeds }) => [ensemble, soup, /diverged/.test(seeds[0].reason ?? '')]), [[null, null, true], [null, null, true]]);
  for (const goal of ['ensemble', 'soup']) {
    const file = tuneFiles.best(folder, goal);
    const winner = parseJson(PlanSchema, readFileSync(file, 'utf8'), file);
    assert.equal(winner.method.kind, comparison.rankings.find((ranking) => ranking.goal === goal)!.rows[0].method);
    assert.ok(winner.data.kind === 'idx' && existsSync(path.resolve(path.dirname(file), winner.data.train.images)));
    for (const method of ['starsse', 'fine-tuning']) assert.ok(existsSync(path.join(tuneFiles.winners(folder), `${goal}-${method}.starsse.json`)));
  }
  const rows = parseCsv<Record<string, string>>(readFileSync(tuneFiles.cells(folder), 'utf8'), { columns: true });
  assert.deepEqual(rows.map(({ method, lrRatio, goal, validation }) => [method, Number(lrRatio), goal, validation === '' ? null : Number(validation)]), comparison.cells.flatMap(({ method, lrRatio, seeds: [seed] }) => [
    [method, lrRatio, 'ensemble', seed.ensemble?.metric ?? null],
    [method, lrRatio, 'soup', seed.soup?.metric ?? null],
  ]));
  assert.match(readFileSync(tuneFiles.report(folder), 'utf8'), /^# Tiny: methods at equal budget\n[^]*^\| starsse \| (?:0\.5|1) \| 0\.5 \| 6 \| 2 \|/m);
}
