/** Every kind of data, read through the plan that names it. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Dataset } from '../../src/core/data.ts';
import type { PlanInput } from '../../src/protocol/plan.ts';
import { readPlanData, type PlanData } from '../../src/run/trainer/data/plan-data.ts';
import { cifarRecord, npy, planOf, writeClassFolders, writePicture, zip } from '../fixtures/data-files.ts';
import { useOwnCache } from './own-cache.ts';
import { temporaryFolder } from './temporary-folder.ts';

useOwnCache();

const read = async (folder: string, data: PlanInput['data']): Promise<PlanData> => await readPlanData(planOf(data), path.join(folder, 'plan.starsse.json'));
/** The first number of every example, with its label. */
async function contents(dataset: Dataset): Promise<[number, number][]> {
  const all = await dataset.read(Uint32Array.from(dataset.labels.keys()));
  const size = dataset.shape[0] * dataset.shape[1] * dataset.shape[2];
  assert.equal(all.length, size * dataset.labels.length);
  return Array.from(dataset.labels, (label, index) => [all[index * size], label]);
}
const put = (folder: string, name: string, content: string | Buffer): void => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
};

test('class folders: classes are the names sorted, files in folders of their own count, the given sets stay', async (t) => {
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'train'), { dog: 6, cat: 5 }, 10);
  await writePicture(path.join(folder, 'train/cat/more/black.png'), 1);
  await writeClassFolders(path.join(folder, 'valid'), { cat: 1, dog: 2 }, 50);
  await writeClassFolders(path.join(folder, 'test'), { cat: 1, dog: 1 }, 60);
  put(folder, 'train/cat/.hidden.png', 'nothing');
  put(folder, 'train/cat/Thumbs.db', 'nothing');
  const data = await read(folder, { kind: 'folder', train: 'train', validation: 'valid', test: 'test', image: { size: 4 } });
  assert.deepEqual([data.classes, data.shape, data.train.values], [['cat', 'dog'], [4, 4, 3], 'pixels']);
  assert.deepEqual(await contents(data.train), [[16, 0], [17, 0], [18, 0], [19, 0], [20, 0], [1, 0], [10, 1], [11, 1], [12, 1], [13, 1], [14, 1], [15, 1]]);
  assert.deepEqual(await contents(data.validation), [[50, 0], [51, 1], [52, 1]]);
  assert.deepEqual(await contents(data.test), [[60, 0], [61, 1]]);
  assert.deepEqual(data.problems.map(({ kind, examples }) => [kind, examples]), [['ignored', ['train/cat/Thumbs.db']]]);
  const reversed = await read(folder, { kind: 'folder', train: 'train', validation: 'valid', test: 'test', classes: ['dog', 'cat'], image: { size: 4 } });
  assert.deepEqual(await contents(reversed.test), [[61, 0], [60, 1]]);
});

test('class folders split by a seed: training, validation and test are stratified and drawn from the same folder', async (t) => {
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'all'), { a: 20, b: 40 });
  const plan = (seed: number): PlanInput['data'] => ({ kind: 'folder', train: 'all', split: { validation: 0.2, test: 0.3, seed }, image: { size: 4, channels: 1 } });
  const { train, validation, test: held, shape, fingerprint } = await read(folder, plan(1));
  const counts = ({ labels }: Dataset): number[] => [0, 1].map((label) => labels.filter((other) => other === label).length);
  assert.deepEqual([counts(train), counts(validation), counts(held), shape], [[10, 20], [4, 8], [6, 12], [4, 4, 1]]);
  const all = [...(await contents(train)), ...(await contents(validation)), ...(await contents(held))].map(([grey]) => grey);
  assert.deepEqual(all.sort((a, b) => a - b), Array.from({ length: 60 }, (_, grey) => grey));
  assert.equal((await read(folder, plan(1))).fingerprint, fingerprint);
  assert.notEqual((await read(folder, plan(2))).fingerprint, fingerprint);
});

async function listedPictures(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t);
  for (let grey = 0; grey < 16; grey++) await writePicture(path.join(folder, `pictures/${grey}.png`), grey);
  return folder;
}
const rows = (label: (grey: number) => string): string[] =>
  Array.from({ length: 16 }, (_, grey) => `pictures/${grey}.png,${label(grey)},${grey < 12 ? (grey % 3 === 0 ? '' : 'train') : grey < 14 ? 'validation' : 'test'}`);

test('a CSV list: quotes, spaces and a byte order mark; its own split', async (t) => {
  const folder = await listedPictures(t);
  put(folder, 'list.csv', `\ufeffFile, label ,split\r\n${rows((grey) => (grey % 2 === 0 ? '"even, number"' : ' odd ')).join('\r\n')}\r\n`);
  const data = await read(folder, { kind: 'manifest', file: 'list.csv', image: { size: 4 } });
  assert.deepEqual(data.classes, ['even, number', 'odd']);
  assert.deepEqual(await contents(data.train), Array.from({ length: 12 }, (_, grey) => [grey, grey % 2]));
  assert.deepEqual([await contents(data.validation), await contents(data.test)], [[[12, 0], [13, 1]], [[14, 0], [15, 1]]]);
});

test('a CSV list of numbers: sorted as numbers, or places in the class names of the plan', async (t) => {
  const folder = await listedPictures(t);
  put(folder, 'list.csv', `file,label,split\n${rows((grey) => (grey % 2 === 0 ? '10' : '9')).join('\n')}\n`);
  assert.deepEqual((await read(folder, { kind: 'manifest', file: 'list.csv', image: { size: 4 } })).classes, ['9', '10']);
  put(folder, 'list.csv', `file,label,split\n${rows((grey) => String(grey % 2)).join('\n')}\n`);
  const named = await read(folder, { kind: 'manifest', file: 'list.csv', classes: ['even', 'odd'], image: { size: 4 } });
  assert.deepEqual([named.classes, await contents(named.test)], [['even', 'odd'], [[14, 0], [15, 1]]]);
});

test('a JSONL list relative to a root of its own, with validation drawn from its training images', async (t) => {
  const folder = await listedPictures(t);
  const lines = Array.from({ length: 16 }, (_, grey) => JSON.stringify({ file: `${grey}.png`, label: grey % 2, ...(grey < 12 ? {} : { split: 'test' }) }));
  put(folder, 'lists/list.jsonl', `${lines.join('\n')}\n\n`);
  const data = await read(folder, { kind: 'manifest', file: 'lists/list.jsonl', root: 'pictures', split: { validation: 4, seed: 0 }, image: { size: 4 } });
  assert.deepEqual([data.train.labels.length, data.validation.labels.length, await contents(data.test)], [8, 4, [[12, 0], [13, 1], [14, 0], [15, 1]]]);
});

test('CIFAR-10 and CIFAR-100: planes become pixels, of two labels the fine one counts, files follow each other', async (t) => {
  const folder = temporaryFolder(t);
  const many = (first: number, count: number, labels: (index: number) => number[]): Buffer => Buffer.concat(Array.from({ length: count }, (_, index) => cifarRecord(labels(index), [first + index, 200, 100])));
  put(folder, 'batch-1.bin', many(0, 20, (index) => [index % 10]));
  put(folder, 'batch-2.bin', many(20, 20, (index) => [index % 10]));
  put(folder, 'test.bin', many(60, 10, (index) => [index]));
  const ten = await read(folder, { kind: 'cifar-10', train: ['batch-1.bin', 'batch-2.bin'], test: ['test.bin'], split: { validation: 10, seed: 0 } });
  assert.deepEqual([ten.shape, ten.classes[3], ten.train.labels.length, ten.validation.labels.length], [[32, 32, 3], 'cat', 30, 10]);
  assert.deepEqual((await contents(ten.test)).slice(0, 2), [[60, 0], [61, 1]]);
  assert.deepEqual([...(await ten.test.read(Uint32Array.of(9)))].slice(0, 6), [69, 200, 100, 69, 200, 100]);
  put(folder, 'train100.bin', many(0, 200, (index) => [index % 20, index % 100]));
  put(folder, 'test100.bin', many(200, 40, (index) => [19, index]));
  const hundred = await read(folder, { kind: 'cifar-100', train: ['train100.bin'], test: ['test100.bin'], split: { validation: 0.5, seed: 0 } });
  assert.deepEqual([hundred.classes.length, hundred.classes[99], [...hundred.test.labels.slice(0, 3)]], [100, 'worm', [0, 1, 2]]);
});

test('NumPy images, packed and not, and labels of another name and type', async (t) => {
  const folder = temporaryFolder(t);
  const images = (first: number, count: number): Buffer => npy('|u1', [count, 2, 3], Uint8Array.from({ length: count * 6 }, (_, index) => first + Math.floor(index / 6)));
  put(folder, 'train.npz', zip({ 'pictures.npy': images(0, 20), 'y.npy': npy('>i8', [20, 1], new Uint8Array(Buffer.concat(Array.from({ length: 20 }, (_, index) => Buffer.from([0, 0, 0, 0, 0, 0, 0, index % 2]))))) }, { packed: true }));
  put(folder, 'test.npz', zip({ 'x.npy': images(40, 4), 'y.npy': npy('|u1', [4], Uint8Array.of(0, 1, 0, 1)) }));
  const data = await read(folder, { kind: 'npz', train: { file: 'train.npz', x: 'pictures' }, test: { file: 'test.npz' }, split: { validation: 6, seed: 0 }, classes: ['even', 'odd'] });
  assert.deepEqual([data.shape, data.train.values, data.train.labels.length], [[2, 3, 1], 'pixels', 14]);
  assert.deepEqual(await contents(data.test), [[40, 0], [41, 1], [42, 0], [43, 1]]);
});

test('NumPy features of every type of number, of either byte order', async (t) => {
  const folder = temporaryFolder(t);
  const types: [string, number, (view: DataView, at: number) => void][] = [
    ['|b1', 1, (view, at) => view.setUint8(at, 1)],
    ['|i1', -3, (view, at) => view.setInt8(at, -3)],
    ['<u2', 40_000, (view, at) => view.setUint16(at, 40_000, true)],
    ['>i2', -300, (view, at) => view.setInt16(at, -300)],
    ['<u4', 3e9, (view, at) => view.setUint32(at, 3e9, true)],
    ['>i4', -70_000, (view, at) => view.setInt32(at, -70_000)],
    ['<u8', 5, (view, at) => view.setBigUint64(at, 5n, true)],
    ['<i8', -5, (view, at) => view.setBigInt64(at, -5n, true)],
    ['<f2', 0.5, (view, at) => view.setUint16(at, 0x3800, true)],
    ['<f4', 0.25, (view, at) => view.setFloat32(at, 0.25, true)],
    ['>f4', -0.25, (view, at) => view.setFloat32(at, -0.25)],
    ['<f8', 1 / 3, (view, at) => view.setFloat64(at, 1 / 3, true)],
  ];
  for (const [dtype, value, write] of types) {
    const size = Number(dtype[2]);
    const bytes = new Uint8Array(20 * 3 * size);
    for (let index = 0; index < 60; index++) write(new DataView(bytes.buffer), index * size);
    const labels = npy('|u1', [20], Uint8Array.from({ length: 20 }, (_, index) => index % 2));
    put(folder, 'all.npz', zip({ 'x.npy': npy(dtype, [20, 3], bytes), 'y.npy': labels }));
    const data = await read(folder, { kind: 'npz', train: { file: 'all.npz' }, split: { validation: 4, test: 4, seed: 0 } });
    assert.deepEqual([data.shape, data.train.values, data.classes], [[1, 1, 3], 'features', ['0', '1']]);
    assert.deepEqual([...(await data.train.read(Uint32Array.of(0)))], [value, value, value].map(Math.fround), dtype);
    // Rows of the same numbers are common, and no reason not to start.
    assert.deepEqual(data.problems.map(({ kind, severity }) => [kind, severity]), Array(3).fill(['leakage', 'warning']));
  }
});

test('IDX with a given validation set, and one drawn test set, packed or not the same', async (t) => {
  const folder = temporaryFolder(t);
  const idx = (shape: number[], bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from([0, 0, 8, shape.length]), ...shape.map((size) => Buffer.from([0, 0, size >> 8, size & 255])), bytes]);
  const set = (name: string, first: number, count: number): void => {
    put(folder, `${name}-images`, idx([count, 1, 2], Uint8Array.from({ length: 2 * count }, (_, index) => first + (index >> 1))));
    put(folder, `${name}-labels`, idx([count], Uint8Array.from({ length: count }, (_, index) => index % 2)));
  };
  set('train', 0, 20);
  set('valid', 30, 2);
  set('test', 40, 2);
  const files = (name: string, ending = '') => ({ images: `${name}-images${ending}`, labels: `${name}-labels` });
  const given = await read(folder, { kind: 'idx', train: files('train'), validation: files('valid'), test: files('test'), classes: ['even', 'odd'] });
  assert.deepEqual([await contents(given.validation), await contents(given.test)], [[[30, 0], [31, 1]], [[40, 0], [41, 1]]]);
  put(folder, 'train-images.gz', gzipSync(idx([20, 1, 2], Uint8Array.from({ length: 40 }, (_, index) => index >> 1))));
  const drawn = await Promise.all(['', '.gz'].map((ending) => read(folder, { kind: 'idx', train: files('train', ending), split: { validation: 4, test: 4, seed: 0 }, classes: ['even', 'odd'] })));
  assert.deepEqual([drawn[0].train.labels.length, drawn[0].test.labels.length], [12, 4]);
  assert.equal(drawn[0].fingerprint, drawn[1].fingerprint);
});
