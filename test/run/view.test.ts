import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { floatTensor } from '../../src/protocol/tensor.ts';
import { createRunId, listRuns, readRun, runFiles } from '../../src/run/folder.ts';
import { HOST } from '../../src/run/processes.ts';
import { requestStop, withdrawStop } from '../../src/run/requests.ts';
import { writeSafetensors } from '../../src/run/safetensors-file.ts';
import { viewRun, viewRuns } from '../../src/run/view.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeJson, writeRun, writeState } from './written-run.ts';

const now = (): string => new Date().toISOString();
const old = '2026-01-01T00:00:00.000Z';
const status = async (folder: string): Promise<string> => (await viewRun(folder)).status;

test('ids sort by age and are names of folders', () => {
  assert.match(createRunId(new Date('2026-03-04T05:06:07.890Z')), /^20260304-050607-[a-z]{4}$/);
});

test('a run has one status, from its members and from whether somebody works on it', async (t) => {
  const folder = writeRun(temporaryFolder(t));
  const dead = spawnSync(process.execPath, ['-e', '0']).pid;
  const alive = { pid: process.pid, host: HOST, heartbeatAt: now() };
  assert.equal(await status(folder), 'queued');
  writeJson(runFiles.supervisor(folder), alive);
  assert.equal(await status(folder), 'running');
  writeState(folder, 'member-1', { status: 'done', step: 24 });
  writeState(folder, 'member-2', { status: 'running', ...alive });
  assert.equal(await status(folder), 'running');
  writeJson(runFiles.supervisor(folder), { ...alive, pid: dead });
  assert.equal(await status(folder), 'running', 'a trainer that outlived its supervisor');
  writeState(folder, 'member-2', { status: 'running', ...alive, pid: dead });
  assert.equal(await status(folder), 'interrupted');
  writeState(folder, 'member-2', { status: 'running', pid: 1, host: 'elsewhere', heartbeatAt: now() });
  assert.equal(await status(folder), 'running', 'on another machine the heartbeat tells');
  writeState(folder, 'member-2', { status: 'running', pid: 1, host: 'elsewhere', heartbeatAt: old });
  assert.equal((await viewRun(folder)).members[1].state.status, 'interrupted');
  writeState(folder, 'member-2', { status: 'stopped' });
  assert.equal(await status(folder), 'stopped');
  writeState(folder, 'member-2', { status: 'queued' });
  assert.equal(await status(folder), 'interrupted');
  await requestStop(folder);
  assert.equal(await status(folder), 'stopped');
  await withdrawStop(folder);
  writeState(folder, 'member-2', { status: 'done' });
  assert.equal(await status(folder), 'interrupted', 'no table yet and nobody makes it');
  writeJson(runFiles.supervisor(folder), alive);
  assert.equal(await status(folder), 'evaluating');
  writeJson(runFiles.supervisor(folder), { ...alive, pid: dead });
  const row = (name: string) => ({ name, kind: 'member', members: [name], accuracy: 1, nll: 0, calibratedNll: 0, ece: 0, validationAccuracy: 1, differenceToBest: null, forwardPasses: 1, macs: 1 });
  const table = { bestMember: 'member-1', testImages: 1, validationImages: 1, bootstrapSamples: 1, createdAt: old };
  writeJson(runFiles.table(folder), { ...table, rows: [row('member-1')] });
  assert.equal(await status(folder), 'interrupted', 'a table of before member 2 was done');
  writeJson(runFiles.table(folder), { ...table, rows: [row('member-1'), row('member-2')] });
  assert.equal(await status(folder), 'done');
  assert.equal((await viewRun(folder)).members[1].snapshot, path.join('snapshots', 'member-2.safetensors'));
});

test('the error of a failed member, or of the supervisor, is the error of the run', async (t) => {
  const folder = writeRun(temporaryFolder(t));
  writeState(folder, 'member-1', { status: 'failed', error: { code: 'diverged', message: 'loss is NaN', hint: 'lower the rate' } });
  let view = await viewRun(folder);
  assert.deepEqual([view.status, view.error], ['failed', { code: 'diverged', message: 'loss is NaN', hint: 'lower the rate' }]);
  writeJson(runFiles.error(folder), { code: 'disk', message: 'full' });
  view = await viewRun(folder);
  assert.equal(view.error?.code, 'disk');
});

test('soups are told from their snapshots, in the order of their numbers', async (t) => {
  const folder = writeRun(temporaryFolder(t));
  mkdirSync(runFiles.snapshots(folder));
  for (const number of [10, 2]) {
    await writeSafetensors(runFiles.snapshot(folder, `soup-uniform-${number}`), [floatTensor('w', [1], new Float32Array(1))], { parents: 'member-1,member-2', rule: 'uniform' });
  }
  writeFileSync(path.join(runFiles.snapshots(folder), '.soup-uniform-3.safetensors.1-1.beside'), '');
  const { soups } = await viewRun(folder);
  assert.deepEqual(soups.map(({ name }) => name), ['soup-uniform-2', 'soup-uniform-10']);
  assert.deepEqual(soups[0], { name: 'soup-uniform-2', snapshot: path.join('snapshots', 'soup-uniform-2.safetensors'), rule: 'uniform', parents: ['member-1', 'member-2'] });
});

test('torn and foreign files are errors that name the file, and one broken run hides no other', async (t) => {
  const runs = temporaryFolder(t);
  const good = writeRun(runs, '20260102-000000-good');
  const torn = writeRun(runs, '20260101-000000-torn');
  const text = readFileSync(runFiles.state(torn, 'member-1'), 'utf8');
  writeFileSync(runFiles.state(torn, 'member-1'), text.slice(0, 40));
  const foreign = path.join(runs, '20260103-000000-foreign');
  writeJson(path.join(foreign, 'run.json'), { hello: 'world' });
  const newer = path.join(runs, '20260104-000000-newer');
  writeJson(path.join(newer, 'run.json'), { format: 2 });
  mkdirSync(path.join(runs, 'not-a-run'));
  writeFileSync(path.join(runs, 'a-file'), '');
  const found = await viewRuns(runs);
  assert.deepEqual(found.map(({ folder }) => folder), [newer, foreign, good, torn]);
  assert.match(found[0].error?.message ?? '', /format 2 is newer/);
  assert.match(found[1].error?.message ?? '', /20260103-000000-foreign.run\.json: /);
  assert.equal(found[2].view?.id, '20260102-000000-good');
  assert.match(found[3].error?.message ?? '', /torn.members.member-1.state\.json: not valid JSON/);
  assert.deepEqual(await listRuns(path.join(runs, 'missing')), []);
  await assert.rejects(viewRun(path.join(runs, 'not-a-run')), { code: 'file-missing' });
});

test('names in files never lead out of the run folder, and links out of it are refused', async (t) => {
  const runs = temporaryFolder(t);
  const folder = writeRun(runs);
  for (const name of ['../x', 'member-0', 'member-1/../../x', '/etc/passwd', 'member-1\0']) {
    assert.throws(() => runFiles.snapshot(folder, name), { code: 'file-invalid' });
    assert.throws(() => runFiles.state(folder, name), { code: 'file-invalid' });
  }
  const run = await readRun(folder);
  const twice = { ...run, members: [run.members[0], run.members[0]] };
  writeJson(runFiles.run(folder), twice);
  await assert.rejects(readRun(folder), /member-1 is there twice/);
  writeJson(runFiles.run(folder), { ...run, members: [{ ...run.members[0], startsFrom: '../../x' }] });
  await assert.rejects(readRun(folder), /which is no member before it/);
  writeJson(runFiles.run(folder), run);
  const secret = path.join(runs, 'secret.json');
  writeFileSync(secret, 'password');
  symlinkSync(secret, runFiles.error(folder));
  await assert.rejects(viewRun(folder), (error: Error) => /is a link to .*outside the run/.test(error.message) && !error.message.includes('password'));
});
