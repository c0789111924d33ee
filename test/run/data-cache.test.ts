/** Decoded once, whole or not at all; read from disk as from memory, whatever the size. */
import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readdirSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import type { Dataset } from '../../src/core/data.ts';
import type { PlanInput } from '../../src/protocol/plan.ts';
import type { Progress } from '../../src/run/task-lines.ts';
import { clearImageCache, imageCacheBytes } from '../../src/run/trainer/data/cache-cleaning.ts';
import { openDataset, type DatasetSource } from '../../src/run/trainer/data/open-dataset.ts';
import { readPlanData, readRunData, type PlanData, type ReadOptions } from '../../src/run/trainer/data/plan-data.ts';
import { openRecords } from '../../src/run/trainer/data/records.ts';
import type { Run } from '../../src/protocol/run.ts';
import { planOf, writeClassFolders, writePicture } from '../fixtures/data-files.ts';
import { useOwnCache } from './own-cache.ts';
import { starsse } from './starsse.ts';
import { temporaryFolder } from './temporary-folder.ts';

const cache = path.join(useOwnCache(), 'images');
const entries = (): string[] => (readdirSync(path.dirname(cache)).includes('images') ? readdirSync(cache) : []);
const all = async (dataset: Dataset): Promise<number[]> => [...(await dataset.read(Uint32Array.from(dataset.labels.keys())))];
const data: PlanInput['data'] = { kind: 'folder', train: 'all', split: { validation: 0.2, test: 0.2 }, image: { size: 4 } };
const read = async (folder: string, options: ReadOptions = {}, changed: object = {}): Promise<PlanData> =>
  await readPlanData(planOf({ ...data, ...changed }), path.join(folder, 'plan.starsse.json'), options);

test('the second start decodes nothing and gives the same; another setting or a changed file is decoded anew', async (t) => {
  await clearImageCache();
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'all'), { a: 10, b: 10 });
  const first = await read(folder);
  const [entry] = entries();
  const madeAt = statSync(path.join(cache, entry, 'records.bin')).mtimeMs;
  const second = await read(folder);
  assert.deepEqual(entries(), [entry]);
  assert.equal(statSync(path.join(cache, entry, 'records.bin')).mtimeMs, madeAt);
  assert.equal(second.fingerprint, first.fingerprint);
  assert.deepEqual(await all(second.train), await all(first.train));
  const grey = await read(folder, {}, { image: { size: 4, channels: 1 } });
  assert.notEqual(grey.fingerprint, first.fingerprint);
  assert.equal(entries().length, 2);
  await writePicture(path.join(folder, 'all/a/3.png'), 200);
  const changed = await read(folder);
  assert.notEqual(changed.fingerprint, first.fingerprint);
  assert.ok((await all(changed.train)).concat(await all(changed.validation), await all(changed.test)).includes(200));
  const run = { plan: planOf(data), planPath: path.join(folder, 'plan.starsse.json'), dataFingerprint: first.fingerprint } as Run;
  await assert.rejects(readRunData(run), { code: 'data-invalid', message: /is not what it was when the run was made/ });
  assert.equal((await readRunData({ ...run, dataFingerprint: changed.fingerprint })).train.labels.length, changed.train.labels.length);
});

test('the fingerprint is of contents: other names, folders and times are the same data', async (t) => {
  const [one, other] = [temporaryFolder(t), temporaryFolder(t)];
  for (const folder of [one, other]) await writeClassFolders(path.join(folder, 'all'), { a: 10, b: 10 });
  utimesSync(path.join(other, 'all/a/1.png'), 1, 1);
  assert.equal((await read(one)).fingerprint, (await read(other)).fingerprint);
});

test('told how far it is; cancelled in the middle, nothing stays and nothing is half', async (t) => {
  await clearImageCache();
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'all'), { a: 1, b: 1 });
  const slow = path.join(folder, 'slow.png');
  await sharp({ create: { width: 900, height: 900, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).png().toFile(slow);
  for (let index = 0; index < 200; index++) linkSync(slow, path.join(folder, `all/a/slow-${index}.png`));
  const told: Progress[] = [];
  const cancel = new AbortController();
  const onProgress = (progress: Progress): void => {
    told.push(progress);
    cancel.abort();
  };
  await assert.rejects(read(folder, { signal: cancel.signal, onProgress }), { code: 'cancelled' });
  assert.match(told[0].message, /^Decoding the images of data\.train: \d+ of 202$/);
  assert.deepEqual([told.length, entries()], [1, []]);
});

test('an entry that is torn is made again', async (t) => {
  await clearImageCache();
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'all'), { a: 10, b: 10 });
  const before = await all((await read(folder)).train);
  const [entry] = entries();
  for (const [name, size] of [['records.bin', 100], ['index.bin', 30], ['entry.json', 40]] as const) {
    truncateSync(path.join(cache, entry, name), size);
    assert.deepEqual(await all((await read(folder)).train), before, name);
    assert.deepEqual(entries(), [entry]);
    assert.ok(statSync(path.join(cache, entry, name)).size > size, name);
  }
});

test('entries that nobody used for two months go when another is made; clearing says what it freed', async (t) => {
  await clearImageCache();
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'all'), { a: 10, b: 10 });
  await read(folder);
  const [old] = entries();
  const longAgo = new Date(Date.now() - 61 * 24 * 3600 * 1000);
  utimesSync(path.join(cache, old, 'entry.json'), longAgo, longAgo);
  await read(folder, {}, { image: { size: 5 } });
  assert.equal(entries().length, 1);
  assert.ok(!entries().includes(old));
  mkdirSync(path.join(cache, `${'0'.repeat(64)}.lock`));
  const sizeBytes = await imageCacheBytes();
  assert.ok(sizeBytes > 20 * 75);
  const cleared = await clearImageCache();
  assert.equal(cleared.removed, 1);
  assert.ok(cleared.freedBytes > 20 * 75 && cleared.freedBytes <= sizeBytes);
  assert.deepEqual(entries(), [`${'0'.repeat(64)}.lock`]);
});

test('two processes at once make one entry', async (t) => {
  await clearImageCache();
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'all'), { a: 40, b: 40 });
  const plan = path.join(folder, 'plan.starsse.json');
  writeFileSync(plan, JSON.stringify({ ...planOf(data) }));
  const reports = await Promise.all([1, 2, 3].map(() => starsse(['data', plan, '--json'])));
  assert.deepEqual(reports.map(({ code }) => code), [0, 0, 0], reports.map(({ stderr }) => stderr).join('\n'));
  assert.equal(new Set(reports.map(({ stdout }) => (JSON.parse(stdout) as { fingerprint: string }).fingerprint)).size, 1);
  assert.equal(entries().filter((name) => /^[0-9a-f]{64}$/.test(name)).length, 1);
  assert.equal(entries().filter((name) => name.includes('building')).length, 0);
});

test('what is streamed is what is in memory, in whatever order and as views of views', async (t) => {
  const file = path.join(temporaryFolder(t), 'records.bin');
  const layout = { count: 50, shape: [2, 3, 1] as [number, number, number], values: 'pixels' as const };
  const bytes = new SharedArrayBuffer(300);
  const pixels = new Uint8Array(bytes);
  pixels.forEach((_, index) => (pixels[index] = (index * 37) % 251));
  writeFileSync(file, pixels);
  const labels = Int32Array.from({ length: 50 }, (_, index) => index % 2);
  const memory: DatasetSource = { records: { layout, bytes }, labels, classes: 2 };
  const stream: DatasetSource = { records: { layout, file }, labels, classes: 2 };
  const sources: DatasetSource[] = [memory, stream];
  const orders = [[0], [49, 0, 1, 2, 2, 1, 48, 49], Array.from({ length: 50 }, (_, index) => (index * 7) % 50), []];
  for (const order of orders) {
    const positions = Uint32Array.from(order);
    const wanted = order.flatMap((position) => [...pixels.subarray(6 * position, 6 * position + 6)]);
    for (const whole of sources) {
      assert.deepEqual([...(await openDataset(whole).read(positions))], wanted);
      const view: Dataset = openDataset({ of: { of: whole, positions: Uint32Array.from({ length: 50 }, (_, index) => 49 - index) }, positions: positions.map((position) => 49 - position) });
      assert.deepEqual([...(await view.read(Uint32Array.from(positions.keys())))], wanted);
      assert.deepEqual([...view.labels], order.map((position) => position % 2));
    }
  }
  const floats = openRecords({ layout: { count: 2, shape: [1, 1, 3], values: 'features' }, bytes: Float32Array.of(1, 2, 3, 4, 5, 0.5).buffer as unknown as SharedArrayBuffer });
  assert.deepEqual([...(await floats(Uint32Array.of(1)))], [4, 5, 0.5]);
  truncateSync(file, 200);
  await assert.rejects(openDataset(stream).read(Uint32Array.of(40)), { code: 'file-invalid', message: /records\.bin is shorter than it was/, hint: /clear-cache/ });
});

test('another thread opens a dataset from its description', async (t) => {
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'all'), { a: 10, b: 10 });
  const { train } = await read(folder);
  const program = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { openDataset } = await import(workerData.module);
    const dataset = openDataset(workerData.source);
    parentPort.postMessage([...await dataset.read(Uint32Array.from(dataset.labels.keys()))]);`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), {
    workerData: { module: new URL('../../src/run/trainer/data/open-dataset.ts', import.meta.url).href, source: train.source },
  });
  const pixels = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  assert.deepEqual(pixels, await all(train));
});

test('of two gigabytes only what is asked for is in memory', async (t) => {
  const shape: [number, number, number] = [224, 224, 3];
  const size = 224 * 224 * 3;
  const count = Math.ceil(2.2e9 / size);
  const file = path.join(temporaryFolder(t), 'records.bin');
  const handle = await open(file, 'w');
  await handle.truncate(count * size); // a file with holes
  for (const position of [0, 777, count - 1]) await handle.write(new Uint8Array(size).fill(1 + (position % 250)), 0, size, position * size);
  await handle.close();
  const readRecords = openRecords({ layout: { count, shape, values: 'pixels' }, file });
  for (const position of [0, 777, count - 1]) {
    const record = await readRecords(Uint32Array.of(position));
    assert.ok(record.length === size && record.every((value) => value === 1 + (position % 250)));
  }
  const before = process.resourceUsage().maxRSS;
  const batch = 64;
  for (let step = 0; step < 60; step++) {
    const images = await readRecords(Uint32Array.from({ length: batch }, (_, index) => (step * 9973 + index * 7919) % count));
    assert.equal(images.length, batch * size);
  }
  const grownMb = (process.resourceUsage().maxRSS - before) / 1024;
  assert.ok(grownMb < 300, `${grownMb} MB more for ${(60 * batch * size) / 2 ** 20} MB read`);
});
