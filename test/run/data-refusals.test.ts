/** Everything about data that a run is refused for, with what is said. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { PlanInput } from '../../src/protocol/plan.ts';
import { readPlanData } from '../../src/run/trainer/data/plan-data.ts';
import { cifarRecord, npy, planOf, writeClassFolders, writePicture, zip } from '../fixtures/data-files.ts';
import { useOwnCache } from './own-cache.ts';
import { temporaryFolder } from './temporary-folder.ts';

useOwnCache();

type Data = PlanInput['data'];
const read = (folder: string, data: Data): Promise<unknown> => readPlanData(planOf(data), path.join(folder, 'plan.starsse.json'));
const refuses = async (folder: string, data: Data, code: string, message: RegExp, hint?: RegExp): Promise<void> => {
  await assert.rejects(read(folder, data), hint === undefined ? { code, message } : { code, message, hint });
};
const put = (folder: string, name: string, content: string | Buffer): void => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
};
const image = { size: 4 };
const split = { validation: 0.25, test: 0.25 };

test('sets that are missing or named twice', async (t) => {
  const folder = temporaryFolder(t);
  const missing = { kind: 'folder', train: 'train', image } as const;
  await refuses(folder, missing, 'plan-invalid', /no validation set/, /Set data\.validation, or set data\.split, for example/);
  await refuses(folder, { ...missing, validation: 'v' }, 'plan-invalid', /no test set/, /Set data\.test, or set data\.split with "test"/);
  await refuses(folder, { ...missing, split: { validation: 0.1 } }, 'plan-invalid', /no test set/, /Set data\.test, or set data\.split\.test/);
  await refuses(folder, { ...missing, validation: 'v', split }, 'plan-invalid', /come with a validation set, and data\.split draws one too/);
  await refuses(folder, { ...missing, test: 't', split }, 'plan-invalid', /come with a test set, and data\.split\.test draws one too/);
  await refuses(folder, { kind: 'cifar-10', train: ['a'], test: ['b'] }, 'plan-invalid', /no validation set/, /^Set data\.split, for example/);
  put(folder, 'list.csv', 'file,label\na.png,x\n');
  await refuses(folder, { kind: 'manifest', file: 'list.csv', image }, 'plan-invalid', /no validation set/, /Give rows with "validation" in the field split/);
  await refuses(folder, { kind: 'folder', train: 'train', split, image: { size: 32, stored: 16 } }, 'plan-invalid', /data\.image\.stored is 16, less than data\.image\.size, which is 32/);
});

test('folders that are missing, empty or differ in their classes', async (t) => {
  const folder = temporaryFolder(t);
  const data = { kind: 'folder', train: 'train', image, split } as const;
  await refuses(folder, data, 'data-missing', /data\.train: there is no folder .*train/);
  mkdirSync(path.join(folder, 'train'));
  await refuses(folder, data, 'data-invalid', /has no class folders/);
  put(folder, 'train/list.txt', 'x');
  await refuses(folder, data, 'data-invalid', /has no class folders/);
  await refuses(folder, { ...data, train: 'train/list.txt' }, 'data-invalid', /cannot be read/);
  await writeClassFolders(path.join(folder, 'train'), { cat: 4 });
  await refuses(folder, data, 'data-invalid', /The folder train has one class, cat; a classifier needs at least two/);
  await writeClassFolders(path.join(folder, 'train'), { dog: 4 }, 10);
  mkdirSync(path.join(folder, 'train/eel'));
  await refuses(folder, data, 'data-invalid', /The class folder train.eel has no images/);
  await writePicture(path.join(folder, 'train/eel/1.png'), 99);
  await writeClassFolders(path.join(folder, 'test'), { cat: 1, fox: 1, gnu: 1 }, 20);
  const held = { ...data, test: 'test', split: { validation: 0.25 } };
  await refuses(folder, held, 'data-invalid', /The folder test has no class dog, eel and has classes fox, gnu that the folder train has not/, /The classes of the folder train are cat, dog, eel/);
  await refuses(folder, { ...data, classes: ['cat', 'cow'] }, 'data-invalid', /The folder train has no class cow and has classes dog, eel that data\.classes has not/);
  await refuses(folder, { ...data, classes: ['cat', 'dog', 'eel', 'cat'] }, 'plan-invalid', /data\.classes names cat twice/);
});

test('lists that are torn, lead out of their folder, or name classes that there are not', async (t) => {
  const folder = temporaryFolder(t);
  const data = { kind: 'manifest', file: 'list.csv', image, split } as const;
  const refusesList = async (text: string, message: RegExp, more: object = {}, name = 'list.csv'): Promise<void> => {
    put(folder, name, text);
    await refuses(folder, { ...data, file: name, ...more }, 'data-invalid', message);
  };
  await refuses(folder, data, 'data-missing', /list\.csv is missing/);
  await refusesList('', /lists no images/);
  await refusesList('path,class\na,b\n', /has no column file; it has path, class/);
  await refusesList('file,label\na.png\n', /Invalid Record Length.*line 2/);
  await refusesList('file,label\n"a.png,x\n', /Quote/);
  await refusesList('file,label\na.png,x\n,y\n', /line 3: file/);
  await refusesList('file,label,split\na.png,x,training\n', /line 2: split is "training", it has to be train, validation, test or empty/);
  await refusesList('{"file": "a.png", "label": "x"}\n{"file": \n', /line 2 is not JSON/, {}, 'list.jsonl');
  await refusesList('{"file": "a.png", "label": [1]}\n', /line 1: label/, {}, 'list.jsonl');
  for (const outside of ['../secret.png', '/etc/passwd', 'a/../../b.png', '.']) {
    await refusesList(`file,label\n${outside},x\na.png,y\n`, new RegExp(`line 2: ${outside.replaceAll('.', '\\.')} is outside of`));
  }
  await refusesList('file,label\na.png,x\nb.png,x\n', /has one class, x/);
  await refusesList('file,label,split\na.png,x,train\nb.png,y,train\nc.png,z,test\n', /line 4: the label "z" of a test image is no class; the classes are x, y/, { split: { validation: 0.5 } });
  await refusesList('file,label\na.png,0\nb.png,2\n', /line 3: the label "2" of a train image is no class; data\.classes has 2 names, for labels from 0/, { classes: ['cat', 'dog'] });
  await refusesList('file,label,split\na.png,x,test\nb.png,y,test\n', /has no training images/, { split: { validation: 0.5 } });
});

test('images none of which can be read, or more than one of a hundred', async (t) => {
  const folder = temporaryFolder(t);
  const data = { kind: 'folder', train: 'train', image, split } as const;
  put(folder, 'train/a/1.png', 'no picture');
  put(folder, 'train/b/1.png', 'no picture');
  await refuses(folder, data, 'data-invalid', /data\.train: none of the 2 images can be read; train.a.1\.png: contains unsupported image format/);
  await writeClassFolders(path.join(folder, 'more'), { a: 50, b: 48 });
  put(folder, 'more/a/torn.png', 'no picture');
  put(folder, 'more/b/torn.png', '');
  await refuses(folder, { ...data, train: 'more' }, 'data-invalid', /2 of 100 image files cannot be read: more.a.torn\.png: contains unsupported.*; more.b.torn\.png: /, /up to 1 % of a set may be unreadable/);
});

test('images to train on that are also to measure on', async (t) => {
  const folder = temporaryFolder(t);
  await writeClassFolders(path.join(folder, 'train'), { a: 30, b: 30 });
  await writeClassFolders(path.join(folder, 'valid'), { a: 5, b: 5 }, 100);
  await writeClassFolders(path.join(folder, 'test'), { a: 5, b: 5 }, 120);
  await writePicture(path.join(folder, 'test/a/again.png'), 3, [16, 16]);
  const data = { kind: 'folder', train: 'train', validation: 'valid', test: 'test', image } as const;
  await refuses(folder, data, 'data-invalid', /1 of 11 examples of test are also in train, bit for bit: test.a.again\.png = train.a.3\.png/, /cannot measure what was learned/);
  await refuses(folder, { ...data, validation: 'test', test: 'valid' }, 'data-invalid', /1 of 11 examples of validation are also in train/);
  await refuses(folder, { ...data, train: 'valid', validation: 'test' }, 'data-invalid', /10 of 10 examples|11 of 11 examples/);
});

test('classes that have nothing to train on', async (t) => {
  const folder = temporaryFolder(t);
  const set = (name: string, labels: number[], first: number): void => put(folder, name, Buffer.concat(labels.map((label, index) => cifarRecord([label], [first + index, 0, 0]))));
  set('train.bin', Array.from({ length: 40 }, (_, index) => index % 9), 0);
  set('test.bin', [0, 9], 90);
  const data = { kind: 'cifar-10', train: ['train.bin'], test: ['test.bin'], split: { validation: 0.3 } } as const;
  await refuses(folder, { ...data, train: [...data.train], test: [...data.test] }, 'data-invalid', /nothing to train on for class truck, which validation or test has/);
});

test('CIFAR files that are torn or have other labels', async (t) => {
  const folder = temporaryFolder(t);
  const data = (kind: 'cifar-10' | 'cifar-100'): Data => ({ kind, train: ['batch.bin'], split });
  await refuses(folder, data('cifar-10'), 'data-missing', /batch\.bin is missing/);
  put(folder, 'batch.bin', cifarRecord([3], [0, 0, 0]).subarray(0, 3000));
  await refuses(folder, data('cifar-10'), 'data-invalid', /batch\.bin: 3000 bytes are no whole number of records of 3073/);
  put(folder, 'batch.bin', cifarRecord([3], [0, 0, 0]));
  await refuses(folder, data('cifar-100'), 'data-invalid', /3073 bytes are no whole number of records of 3074/);
  put(folder, 'batch.bin', cifarRecord([10], [0, 0, 0]));
  await refuses(folder, data('cifar-10'), 'data-invalid', /batch\.bin: example 0 has label 10, the plan names 10 classes/);
});

test('NumPy files that are torn, hostile or of types that are not read', async (t) => {
  const folder = temporaryFolder(t);
  const labels = npy('|u1', [4], Uint8Array.of(0, 1, 0, 1));
  const features = (bytes = new Uint8Array(new Float32Array(8).buffer)): Buffer => npy('<f4', [4, 2], bytes);
  const refusesFile = async (content: Buffer, message: RegExp, hint?: RegExp): Promise<void> => {
    put(folder, 'all.npz', content);
    await refuses(folder, { kind: 'npz', train: { file: 'all.npz' }, split: { validation: 1, test: 1 } }, 'data-invalid', message, hint);
  };
  const refusesArray = async (x: Buffer, message: RegExp, hint?: RegExp, y = labels): Promise<void> => await refusesFile(zip({ 'x.npy': x, 'y.npy': y }), message, hint);
  await refuses(folder, { kind: 'npz', train: { file: 'none.npz' }, split }, 'data-missing', /none\.npz is missing/);
  await refusesFile(Buffer.from('no zip'), /all\.npz: .*/, /numpy\.savez/);
  await refusesFile(zip({ 'x.npy': features(), 'y.npy': labels }).subarray(0, 120), /all\.npz/);
  await refusesFile(zip({ 'images.npy': features(), 'y.npy': labels }), /has no array x; it has images, y/);
  await refusesArray(Buffer.from('hello, hello'), /array x: it is no NumPy array/);
  await refusesArray(npy('|O', [4], new Uint8Array(32)), /array x: it holds Python objects \(pickle\), which are not read/);
  await refusesArray(npy('<U3', [4, 2], new Uint8Array(96)), /numbers of type <U3 are not read/);
  await refusesArray(npy('<f4', [4, 2], new Uint8Array(32), { fortran: true }), /Fortran order; save numpy\.ascontiguousarray/);
  await refusesArray(npy('<f4', [4, 2, 2], new Uint8Array(64)), /images of type <f4/, /uint8/);
  await refusesArray(npy('|u1', [4, 3, 2, 2, 1], new Uint8Array(48)), /\[4, 3, 2, 2, 1\] are no examples/);
  await refusesArray(npy('|u1', [4, 3, 2, 2].map((size, index) => (index === 3 ? 9 : size)), new Uint8Array(4 * 54)), /images of 9 channels/, /Channels come last/);
  await refusesArray(npy('<f4', [4, 2], new Uint8Array(28)), /28 bytes, \[4, 2\] needs 32/);
  await refusesArray(npy('<f4', [4, 2], new Uint8Array(36)), /more than 32 bytes/);
  await refusesArray(npy('<f4', [3, 2], new Uint8Array(24)), /3 examples for 4 labels/);
  await refusesArray(npy('<f4', [0, 2], new Uint8Array(0)), /no examples|4 labels/);
  await refusesArray(features(new Uint8Array(Float32Array.of(0, 1, NaN, 3, 4, 5, 6, 7).buffer)), /one of its numbers is NaN/);
  await refusesArray(npy('<f8', [4, 2], new Uint8Array(Float64Array.of(0, 1, 1e300, 3, 4, 5, 6, 7).buffer)), /1e\+300, no finite 32-bit number/);
  await refusesArray(features(), /array y: labels of type <f4/, undefined, npy('<f4', [4], new Uint8Array(16)));
  await refusesArray(features(), /array y: a label is -1/, undefined, npy('|i1', [4], Uint8Array.of(0, 255, 0, 1)));
  await refusesArray(features(), /array y: \[4, 2\] are no labels/, undefined, npy('|u1', [4, 2], new Uint8Array(8)));
  // A bomb: a megabyte of packed zeros that the directory calls 32 bytes.
  await refusesFile(zip({ 'x.npy': Buffer.concat([features(), Buffer.alloc(2 ** 26)]), 'y.npy': labels }, { packed: true, claimed: 112 + 32 }), /all\.npz/);
  // A header that claims more than there is, and more than there could be.
  await refusesArray(npy('<f4', [4, 2 ** 31], new Uint8Array(8)), /bytes|GB/);
});
