import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { PlanInput } from '../../src/protocol/plan.ts';
import type { ResultTable, SnapshotSummary } from '../../src/protocol/results.ts';
import { requestStop } from '../../src/run/requests.ts';
import { viewRun, type FoundRun } from '../../src/run/view.ts';
import { listRuns } from '../../src/run/folder.ts';
import { tinyPlanFile, untilOver, untilStep } from './real-run.ts';
import { starsse } from './starsse.ts';

const SLOW: Partial<PlanInput> = { model: { network: 'resnet-8' }, method: { kind: 'local-de', members: 1 }, training: { epochs: 300, optimizer: { learningRate: 0.01 } } };
const runsOf = (plan: string): string => path.join(path.dirname(plan), 'runs');

test('run shows a line an epoch, the back end and the table; the other commands find what it made', async (t) => {
  const plan = tinyPlanFile(t);
  const runs = ['--runs', runsOf(plan)];
  const { code, stdout, stderr } = await starsse(['run', plan, ...runs, '--workers', '2']);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^member-1 runs on wasm \(cpu\): WebAssembly SIMD/m);
  assert.equal(stdout.match(/^member-\d epoch \d\/\d loss \S+ validation \S+ % lr \S+ \d+ images\/s.* \[wasm cpu\]$/gm)?.length, 4 + 2 + 2);
  assert.match(stdout, /^ensemble-1 \(3\) +\d+\.\d\d % +(best member|[+-]\d+\.\d\d \[[+-]\d+\.\d\d, [+-]\d+\.\d\d\]) /m);
  const folder = /^Run folder: (.*)$/m.exec(stdout)?.[1] ?? '';
  assert.equal((await viewRun(folder)).status, 'done');

  const id = path.basename(folder);
  const list = JSON.parse((await starsse(['ls', ...runs, '--json'])).stdout) as { runs: FoundRun[] };
  assert.deepEqual(list.runs.map(({ view }) => [view?.id, view?.status]), [[id, 'done']]);
  assert.match((await starsse(['ls', ...runs])).stdout, new RegExp(`^${id}  done +3/3 done +\\d+\\.\\d\\d %  Tiny$`, 'm'));
  const watched = await starsse(['watch', id.slice(0, 18), ...runs]);
  assert.deepEqual([watched.code, watched.stdout.includes('soup-uniform-1')], [0, true]);

  const soup = await starsse(['soup', folder, '--members', '1', 'member-2', '--json']);
  assert.deepEqual([soup.code, soup.stderr], [0, '']);
  const made = JSON.parse(soup.stdout) as { added: string; table: ResultTable };
  assert.equal(made.added, 'soup-uniform-2');
  const ensemble = JSON.parse((await starsse(['ensemble', folder, '--members', '1,3', '--json'])).stdout) as { added: string; table: ResultTable };
  assert.equal(ensemble.added, 'ensemble-2');
  assert.equal(ensemble.table.rows.length, made.table.rows.length + 1);
  assert.match((await starsse(['ensemble', folder])).stdout, /^ensemble-1 is in the table\.$/m);

  const snapshot = path.join(folder, 'snapshots', 'soup-uniform-2.safetensors');
  const summary = JSON.parse((await starsse(['inspect', snapshot, '--json'])).stdout) as SnapshotSummary;
  assert.deepEqual([summary.metadata.parents, summary.tensors.length, summary.parameters], ['member-1,member-2', 4, 64 * 128 + 128 + 128 * 3 + 3]);
  assert.match((await starsse(['inspect', snapshot])).stdout, /^fc1\.weight +F32 +\[128, 64\] +32\.8 kB$/m);
  assert.deepEqual([(await starsse(['resume', folder])).code, (await starsse(['stop', folder])).code], [2, 2]);
});

test('--json prints one object on stdout and nothing else', async (t) => {
  const plan = tinyPlanFile(t);
  const { code, stdout, stderr } = await starsse(['run', plan, '--runs', runsOf(plan), '--json']);
  const result = JSON.parse(stdout) as { id: string; status: string; table: ResultTable; error: null };
  assert.deepEqual([code, stderr, result.status, result.error, result.table.rows.length], [0, '', 'done', null, 6]);
});

test('detached, stopped from elsewhere, resumed: exit codes tell how a run ended', async (t) => {
  const plan = tinyPlanFile(t, SLOW);
  const detached = await starsse(['run', plan, '--runs', runsOf(plan), '--detach', '--json']);
  const { folder, status } = JSON.parse(detached.stdout) as { folder: string; status: string };
  assert.deepEqual([detached.code, status], [0, 'running']);
  await untilStep(folder, 'member-1', 2);
  const stopped = await starsse(['stop', folder]);
  assert.deepEqual([stopped.code, stopped.stdout], [0, `Stopped. Go on with: starsse resume ${folder}\n`]);
  const again = starsse(['resume', folder]);
  await untilStep(folder, 'member-1', (await viewRun(folder)).members[0].state.step + 2);
  await requestStop(folder);
  const { code, stdout } = await again;
  assert.equal(code, 3);
  assert.match(stdout, /The run was stopped\.\nGo on with: starsse resume /);
});

test('Ctrl-C stops and saves; the run can be resumed', async (t) => {
  const plan = tinyPlanFile(t, SLOW);
  let interrupt: () => void = () => undefined;
  const ended = starsse(['run', plan, '--runs', runsOf(plan)], { onStart: (child) => (interrupt = () => child.kill('SIGINT')) });
  let folder: string | undefined;
  while (folder === undefined) [folder] = await listRuns(runsOf(plan));
  await untilStep(folder, 'member-1', 2);
  interrupt();
  const { code, stdout } = await ended;
  assert.equal(code, 3);
  assert.match(stdout, /member-1 stopped/);
  assert.equal((await untilOver(folder)).members[0].state.status, 'stopped');
});

test('a run that fails is exit code 1 with its error and hint', async (t) => {
  const plan = tinyPlanFile(t, { training: { epochs: 3, optimizer: { learningRate: 1e30 } } });
  const { code, stdout } = await starsse(['run', plan, '--runs', runsOf(plan)]);
  assert.equal(code, 1);
  assert.match(stdout, /The run failed\.\n {2}Training of member-1 diverged: .*\n {2}Lower training\.optimizer\.learningRate\./);
});
