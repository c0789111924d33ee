import assert from 'node:assert/strict';
import { existsSync, linkSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { deleteLeftovers, leftoversOf, type Leftover } from '../../src/run/cleaning.ts';
import { bytesOf } from '../../src/run/disk-use.ts';
import { changeLabels } from '../../src/run/labels.ts';
import { viewRun } from '../../src/run/view.ts';
import { HOST } from '../../src/run/processes.ts';
import { starsse } from './starsse.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeJson, writeRun, writeState } from './written-run.ts';

const never = (): Promise<boolean> => assert.fail('no whole run is to be removed');
const listOf = async (folder: string): Promise<Leftover[]> => await leftoversOf(await viewRun(folder));
const short = (folder: string, found: Leftover[]) => found.map(({ kind, files, sizeBytes }) => [kind, files.map((file) => path.relative(folder, file)), sizeBytes]);

/** Member 1 is done and member 2 stopped; each has everything that a training leaves. */
function halfDone(t: TestContext): string {
  const folder = writeRun(temporaryFolder(t));
  writeState(folder, 'member-1', { status: 'done', step: 24 });
  writeState(folder, 'member-2', { status: 'stopped', step: 12 });
  const old = new Date(Date.now() - 7_200_000);
  for (const member of ['member-1', 'member-2']) {
    for (const name of ['resume', 'first-epoch', 'final']) put(folder, `members/${member}/${name}.safetensors`, 100);
  }
  put(folder, 'predictions/member-1.test.safetensors', 10);
  put(folder, 'predictions/soup-uniform-7.test.safetensors', 20);
  put(folder, 'predictions/notes.txt', 20);
  put(folder, 'analyses/distil-0123456789.resume.safetensors', 30);
  for (const [name, mtime] of [['.a.safetensors.12-3.beside', old], ['.b.safetensors.12-4.beside', new Date()]] as const) {
    utimesSync(put(folder, `snapshots/${name}`, 5), mtime, mtime);
  }
  return folder;
}

function put(folder: string, name: string, bytes: number): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, Buffer.alloc(bytes));
  return file;
}

test('only what nobody needs is listed, with its size', async (t) => {
  const folder = halfDone(t);
  assert.deepEqual(short(folder, await listOf(folder)), [
    ['resume', ['members/member-1/resume.safetensors', 'members/member-1/first-epoch.safetensors'], 200],
    ['predictions', ['predictions/soup-uniform-7.test.safetensors'], 20],
    ['torn', ['snapshots/.a.safetensors.12-3.beside'], 5],
    ['distillation', ['analyses/distil-0123456789.resume.safetensors'], 30],
  ]);
});

test('optimizer slots at the end go only when no cycle can want them any more', async (t) => {
  const folder = halfDone(t);
  writeState(folder, 'member-2', { status: 'done', step: 24 });
  const row = (name: string) => ({ name, kind: 'member', members: [name], accuracy: 1, nll: 0, calibratedNll: 0, ece: 0, validationAccuracy: 1, differenceToBest: null, forwardPasses: 1, macs: 1 });
  writeJson(path.join(folder, 'analyses/table.json'), { bestMember: 'member-1', testImages: 1, validationImages: 1, bootstrapSamples: 1, createdAt: '', rows: [row('member-1'), row('member-2')] });
  const [resume] = await listOf(folder);
  assert.deepEqual(resume.files.filter((file) => file.endsWith('final.safetensors')).length, 2);
});

test('what is listed is deleted, and nothing else', async (t) => {
  const folder = halfDone(t);
  const listed = await listOf(folder);
  assert.equal(await deleteLeftovers(listed.filter(({ kind }) => kind !== 'distillation'), never), 225);
  assert.deepEqual((await listOf(folder)).map(({ kind }) => kind), ['distillation']);
  for (const kept of ['members/member-2/resume.safetensors', 'members/member-1/final.safetensors', 'predictions/member-1.test.safetensors', 'predictions/notes.txt', 'snapshots/.b.safetensors.12-4.beside']) {
    assert.ok(existsSync(path.join(folder, kept)), kept);
  }
});

test('a run that somebody works on has nothing to delete, also when it began after the list was made', async (t) => {
  const folder = halfDone(t);
  const listed = await listOf(folder);
  writeJson(path.join(folder, 'supervisor.json'), { pid: process.pid, host: HOST, heartbeatAt: new Date().toISOString() });
  assert.deepEqual(await listOf(folder), []);
  assert.equal(await deleteLeftovers(listed, never), 0);
  assert.ok(existsSync(path.join(folder, 'members/member-1/resume.safetensors')));
});

test('an analysis or a table that is being made keeps its files', async (t) => {
  const folder = halfDone(t);
  const lock = { pid: process.pid, host: HOST, heartbeatAt: new Date().toISOString() };
  writeJson(path.join(folder, 'analyses/lock.json'), lock);
  writeJson(path.join(folder, 'analyses/distil-0123456789.lock.json'), lock);
  assert.deepEqual((await listOf(folder)).map(({ kind }) => kind), ['resume', 'torn']);
});

test('an archived run is one entry and goes as a whole, only while it is archived', async (t) => {
  const folder = halfDone(t);
  await changeLabels(folder, { archived: true });
  const listed = await listOf(folder);
  assert.deepEqual(listed.map(({ kind, files }) => [kind, files]), [['archived', [folder]]]);
  assert.equal(listed[0].sizeBytes, await bytesOf(folder));
  await changeLabels(folder, { archived: false });
  assert.equal(await deleteLeftovers(listed, never), 0);
  await changeLabels(folder, { archived: true });
  const removed: string[] = [];
  await deleteLeftovers(listed, async (run) => removed.push(run) > 0);
  assert.deepEqual(removed, [folder]);
});

test('disk use counts every file once', async (t) => {
  const folder = temporaryFolder(t);
  const file = put(folder, 'a/b/one.bin', 1000);
  linkSync(file, path.join(folder, 'again.bin'));
  put(folder, 'two.bin', 24);
  assert.equal(await bytesOf(folder), 1024);
  rmSync(path.join(folder, 'a'), { recursive: true });
  assert.equal(await bytesOf(folder), 1024);
  assert.equal(await bytesOf(path.join(folder, 'nowhere')), 0);
});

test('`starsse clean` lists, and deletes only with --yes', async (t) => {
  const folder = halfDone(t);
  const runs = path.dirname(folder);
  const list = await starsse(['clean', '--runs', runs]);
  assert.match(list.stdout, /resume +200B +where finished members could have gone on\n/);
  assert.match(list.stdout, /Nothing was deleted/);
  assert.match((await starsse(['clean', '--runs', runs, '--only', 'resume', '--yes'])).stdout, /Deleted 200B/);
  assert.deepEqual((await listOf(folder)).map(({ kind }) => kind), ['predictions', 'torn', 'distillation']);
});
