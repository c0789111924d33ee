/** What is told about data and does not stop a run; and the command that tells it. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import type { DataReport } from '../../src/protocol/data-report.ts';
import type { PlanInput } from '../../src/protocol/plan.ts';
import { readPlanData, type PlanData } from '../../src/run/trainer/data/plan-data.ts';
import { planOf, writeClassFolders, writePicture } from '../fixtures/data-files.ts';
import { useOwnCache } from './own-cache.ts';
import { starsse } from './starsse.ts';
import { temporaryFolder } from './temporary-folder.ts';

useOwnCache();

const read = async (folder: string, data: PlanInput['data']): Promise<PlanData> => await readPlanData(planOf(data), path.join(folder, 'plan.starsse.json'));
const told = ({ problems }: PlanData) => problems.map(({ kind, severity, message, examples }) => ({ kind, severity, message, examples }));
const all = { kind: 'folder', train: 'all', split: { validation: 0.25, test: 0.25 }, image: { size: 4 } } as const;

test('one unreadable file of a hundred is left out and named', async (t) => {
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'all'), { a: 60, b: 60 });
  writeFileSync(path.join(folder, 'all/a/zz.png'), 'no picture');
  const data = await read(folder, all);
  assert.equal(data.train.labels.length + data.validation.labels.length + data.test.labels.length, 120);
  assert.deepEqual(told(data), [
    { kind: 'unreadable', severity: 'warning', message: '1 of 121 image files cannot be read; they are left out', examples: ['all/a/zz.png: contains unsupported image format'] },
  ]);
});

test('copies in one folder never lie on both sides of a split, and differing labels are told', async (t) => {
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'all'), { a: 20, b: 20 });
  for (let index = 0; index < 10; index++) copyFileSync(path.join(folder, `all/a/${index}.png`), path.join(folder, `all/a/copy-${index}.png`));
  copyFileSync(path.join(folder, 'all/a/0.png'), path.join(folder, 'all/b/other.png'));
  const data = await read(folder, all);
  const [problem, ...rest] = told(data);
  assert.deepEqual([problem.kind, problem.severity, problem.message, problem.examples.length], ['copies', 'warning', '11 of 51 examples are copies of others; the split takes each content once', 11]);
  assert.ok(problem.examples.includes('all/b/other.png = all/a/0.png'));
  assert.deepEqual(rest, []);
  assert.equal(data.train.labels.length + data.validation.labels.length + data.test.labels.length, 40);
});

test('of given sets: the same image under two classes, a test image of a hundred that was trained on, a class with few examples', async (t) => {
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'train'), { a: 10, b: 10, c: 4 });
  await writeClassFolders(path.join(folder, 'valid'), { a: 1, b: 1, c: 1 }, 30);
  await writeClassFolders(path.join(folder, 'test'), { a: 40, b: 40, c: 30 }, 40);
  copyFileSync(path.join(folder, 'train/a/0.png'), path.join(folder, 'train/b/same.png'));
  copyFileSync(path.join(folder, 'train/a/1.png'), path.join(folder, 'test/a/known.png'));
  assert.deepEqual(told(await read(folder, { kind: 'folder', train: 'train', validation: 'valid', test: 'test', image: { size: 4 } })), [
    { kind: 'leakage', severity: 'warning', message: '1 of 111 examples of test are also in train, bit for bit', examples: ['test/a/known.png = train/a/1.png'] },
    { kind: 'labels', severity: 'warning', message: '1 of 25 examples of train are the same as another of a different class', examples: ['train/b/same.png (b) = train/a/0.png (a)'] },
    { kind: 'few', severity: 'warning', message: 'One class has fewer than 5 training examples: c', examples: ['c'] },
  ]);
});

test('images that are scaled up, and of very different sizes', async (t) => {
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'all'), { a: 20, b: 20 });
  await writePicture(path.join(folder, 'all/a/wide.png'), 100, [100, 7]);
  await writePicture(path.join(folder, 'all/b/large.png'), 101, [200, 100]);
  assert.deepEqual(told(await read(folder, { ...all, image: { size: 8 } })), [
    { kind: 'upscaled', severity: 'warning', message: '1 of 42 images are smaller than 8 x 8 and are scaled up', examples: ['all/a/wide.png (100 x 7)'] },
    { kind: 'sizes', severity: 'warning', message: 'Images are from 8 x 8 to 200 x 100', examples: ['all/a/0.png (8 x 8)', 'all/b/large.png (200 x 100)'] },
  ]);
});

function writePlan(folder: string, data: object): string {
  const plan = path.join(folder, 'plan.starsse.json');
  writeFileSync(plan, JSON.stringify({ name: 'mine', model: { network: 'linear' }, data, method: { kind: 'starsse' }, training: { epochs: 1, optimizer: { learningRate: 0.1 } } }));
  return plan;
}

test('starsse data: a table, problems with names, a contact sheet; the same as JSON', async (t) => {
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'all'), { cat: 30, dog: 10 }, 50);
  copyFileSync(path.join(folder, 'all/cat/0.png'), path.join(folder, 'all/cat/again.png'));
  const plan = writePlan(folder, { ...all, image: { size: 16 } });
  const { code, stdout, stderr } = await starsse(['data', plan, '--sheet', path.join(folder, 'sheet.png')], { cwd: folder });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^folder: images of 16 x 16 x 3, 2 classes\nfiles: smallest 8 x 8, median 8 x 8, largest 8 x 8\n/);
  assert.match(stdout, /class +train +validation +test\ncat +1\d +\d +\d\ndog +\d +\d +\d\nall +20 +10 +10\n/);
  assert.match(stdout, /! 1 of 41 examples are copies of others; the split takes each content once\n {4}all\/cat\/again\.png = all\/cat\/0\.png\n/);
  assert.match(stdout, /! 41 of 41 images are smaller than 16 x 16 and are scaled up\n(?: {4}all\/cat\/\w+\.png \(8 x 8\)\n){8} {4}and 33 more\n/);
  const sheet = await sharp(path.join(folder, 'sheet.png')).raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([sheet.info.width, sheet.info.height], [4 + 12 * 68, 4 + 2 * 68]);
  assert.ok(sheet.data[3 * (sheet.info.width * 36 + 36)] >= 50 && sheet.data[3 * (sheet.info.width * 36 + 36)] < 90);
  const report = JSON.parse((await starsse(['data', plan, '--json'])).stdout) as DataReport;
  assert.deepEqual([report.kind, report.classes, report.sets.map(({ name, examples }) => [name, examples])], ['folder', ['cat', 'dog'], [['train', 20], ['validation', 10], ['test', 10]]]);
  assert.deepEqual(report.problems.map(({ kind, count, examples }) => [kind, count, examples.length]), [['copies', 1, 1], ['upscaled', 41, 20]]);
  assert.match(report.fingerprint, /^[0-9a-f]{64}$/);
  assert.ok(report.cache.sizeBytes >= 41 * 768);
});

test('starsse data tells what a run is refused for, ends with 2 and goes on to tell everything else', async (t) => {
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'train'), { a: 10, b: 10 });
  await writeClassFolders(path.join(folder, 'test'), { a: 10, b: 10 });
  const plan = writePlan(folder, { kind: 'folder', train: 'train', test: 'test', split: { validation: 0.2 }, image: { size: 4 } });
  const { code, stdout } = await starsse(['data', plan]);
  assert.equal(code, 2);
  assert.match(stdout, /✗ 16 of 20 examples of test are also in train, bit for bit\n {4}test\/a\/\d\.png = train\/a\/\d\.png/);
  assert.match(stdout, /A run on these data is refused\./);
  const run = await starsse(['run', plan, '--runs', path.join(folder, 'runs'), '--backend', 'wasm']);
  assert.equal(run.code, 2, run.stdout);
  assert.match(run.stderr, /16 of 20 examples of test are also in train/);
  assert.ok(!existsSync(path.join(folder, 'runs')));
});

test('mistakes: no plan, no images to draw, a plan whose data are not there', async (t) => {
  const folder = temporaryFolder(t);
  assert.deepEqual(await starsse(['data']).then(({ code, stderr }) => [code, /data needs a plan/.test(stderr)]), [2, true]);
  const missing = await starsse(['data', writePlan(folder, all), '--json']);
  assert.deepEqual([missing.code, (JSON.parse(missing.stdout) as { error: { code: string } }).error.code], [2, 'data-missing']);
  const cleared = await starsse(['data', '--clear-cache', '--json']);
  assert.equal(cleared.code, 0);
  assert.match((JSON.parse(cleared.stdout) as { folder: string }).folder, /images$/);
});
