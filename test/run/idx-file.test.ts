import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { splitDataset } from '../../src/core/split.ts';
import { PlanSchema } from '../../src/protocol/plan.ts';
import type { Run } from '../../src/protocol/run.ts';
import { readIdxSet } from '../../src/run/trainer/data/idx-file.ts';
import { readPlanData, readRunData } from '../../src/run/trainer/data/plan-data.ts';
import { tinyPlan, writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { temporaryFolder } from './temporary-folder.ts';

function idx(shape: number[], data: number[], type = 8): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = type;
  header[3] = shape.length;
  shape.forEach((length, index) => header.writeUInt32BE(length, 4 + 4 * index));
  return Buffer.concat([header, Buffer.from(data)]);
}

test('images and labels are read, plain and gzipped, grey and in colour', async (t) => {
  const folder = temporaryFolder(t);
  const file = (name: string, content: Buffer): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const grey = file('grey', idx([2, 1, 3], [1, 2, 3, 4, 5, 6]));
  const colour = file('colour.gz', gzipSync(idx([2, 1, 1, 3], [1, 2, 3, 4, 5, 6])));
  const labels = file('labels', idx([2], [1, 0]));
  const { dataset } = await readIdxSet(grey, labels, 2);
  assert.deepEqual([dataset.shape, [...(await dataset.read(Uint32Array.of(0, 1)))], [...dataset.labels]], [[1, 3, 1], [1, 2, 3, 4, 5, 6], [1, 0]]);
  assert.deepEqual((await readIdxSet(colour, labels, 2)).dataset.shape, [1, 1, 3]);
  await assert.rejects(readIdxSet(grey, labels, 1), { code: 'data-invalid', message: /label 1/ });
  await assert.rejects(readIdxSet(labels, labels, 2), { code: 'data-invalid', message: /labels: 1 dimensions, images have 3 or 4/ });
  await assert.rejects(readIdxSet(grey, grey, 2), { code: 'data-invalid', message: /grey: 3 dimensions, labels have 1/ });
  const three = file('three', idx([3], [0, 1, 0]));
  await assert.rejects(readIdxSet(grey, three, 2), { code: 'data-invalid', message: /three: 3 labels for the 2 images of .*grey/ });
  await assert.rejects(readIdxSet(file('none', idx([0, 1, 1], [])), file('no-labels', idx([0], [])), 2), { code: 'data-invalid', message: /no images/ });
});

test('a file that is missing, torn or of another kind is an error that names it', async (t) => {
  const folder = temporaryFolder(t);
  const write = (name: string, content: Buffer): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const labels = write('labels', idx([1], [0]));
  const images: Record<string, [Buffer, RegExp]> = {
    empty: [Buffer.alloc(0), /does not begin as an IDX file/],
    'a-picture.png': [Buffer.from('89504e470d0a1a0a', 'hex'), /does not begin as an IDX file/],
    floats: [idx([1, 1, 1], [0, 0, 0, 0], 0x0d), /numbers of type 0xd/],
    'short-header': [idx([2, 3], []).subarray(0, 6), /6 bytes, too few for 2 dimensions/],
    torn: [idx([1, 2, 2], [1, 2, 3]), /3 bytes of data, \[1, 2, 2\] needs 4/],
    longer: [idx([1, 1, 2], [1, 2, 3]), /3 bytes of data, \[1, 1, 2\] needs 2/],
    huge: [idx([1, 4294967295, 4294967295], [1]), /1 bytes of data, \[1, 4294967295, 4294967295\] needs/],
    'longer.gz': [gzipSync(idx([1, 1, 2], [1, 2, 3])), /3 bytes of data, \[1, 1, 2\] needs 2/],
    'bomb.gz': [gzipSync(Buffer.concat([idx([1, 1, 2], [1, 2]), Buffer.alloc(2 ** 24)])), /over 1048578 bytes of data/],
    'not-gzip.gz': [Buffer.from('hello'), /not a whole gzip file/],
    'torn.gz': [gzipSync(idx([1, 1, 1], [1])).subarray(0, 15), /not a whole gzip file/],
  };
  for (const [name, [content, message]] of Object.entries(images)) {
    const file = write(name, content);
    await assert.rejects(readIdxSet(file, labels, 2), (error: Error) => message.test(error.message) && error.message.includes(file), name);
  }
  const torn = write('torn-labels', idx([2], [1]));
  await assert.rejects(readIdxSet(labels, torn, 2), { code: 'data-invalid', message: /torn-labels: 1 bytes of data, \[2\] needs 2/ });
  const missing = path.join(folder, 'missing');
  await assert.rejects(readIdxSet(missing, labels, 2), { code: 'data-missing', message: `The data file ${missing} is missing`, hint: /npm run quickstart/ });
  mkdirSync(path.join(folder, 'folder'));
  await assert.rejects(readIdxSet(path.join(folder, 'folder'), labels, 2), { code: 'data-invalid' });
});

test('the fingerprint is of the contents and the split, not of names or compression', async (t) => {
  const folder = temporaryFolder(t);
  const planFile = writeTinyPlan(folder);
  const plan = v.parse(PlanSchema, tinyPlan());
  assert.ok(plan.data.kind === 'idx' && plan.data.test !== null && plan.data.split !== null);
  const first = await readPlanData(plan, planFile);
  assert.equal(first.train.labels.length + first.validation.labels.length, 96 + 48);
  assert.match(first.fingerprint, /^[0-9a-f]{64}$/);
  writeFileSync(path.join(folder, 'data', 'packed.gz'), gzipSync(readFileSync(path.join(folder, plan.data.test.images))));
  const packed = { ...plan, data: { ...plan.data, test: { ...plan.data.test, images: 'data/packed.gz' } } };
  assert.equal((await readPlanData(packed, planFile)).fingerprint, first.fingerprint);
  const other = { ...plan, data: { ...plan.data, split: { ...plan.data.split, seed: 1 } } };
  assert.notEqual((await readPlanData(other, planFile)).fingerprint, first.fingerprint);
});

test('runs made before contents were hashed go on: by their fingerprint of whole files, with the split of then', async (t) => {
  const folder = temporaryFolder(t);
  const planPath = writeTinyPlan(folder);
  const plan = v.parse(PlanSchema, tinyPlan());
  // Two of the same image: a split of today takes it once, that of then took it twice.
  const images = readFileSync(path.join(folder, 'data/train-images.idx'));
  images.copyWithin(16 + 64 * 3, 16, 16 + 64);
  writeFileSync(path.join(folder, 'data/train-images.idx'), images);
  const hash = createHash('sha256');
  for (const file of ['train-images', 'train-labels', 'test-images', 'test-labels']) hash.update(readFileSync(path.join(folder, `data/${file}.idx`)));
  const dataFingerprint = hash.update(JSON.stringify([96, 48, 0])).digest('hex');
  const run = { plan, planPath, dataFingerprint } as Run;
  const { train, validation } = await readRunData(run);
  const { labels } = await readIdxSet(path.join(folder, 'data/train-images.idx'), path.join(folder, 'data/train-labels.idx'), 3).then(({ dataset }) => dataset);
  const split = splitDataset(labels, { train: 96, validation: 48, test: null, seed: 0 });
  assert.deepEqual([train.source, validation.source].map((source) => (source as { positions: Uint32Array }).positions), [split.train, split.validation]);
  assert.equal((await readPlanData(plan, planPath)).problems[0].kind, 'copies');
  await assert.rejects(readRunData({ ...run, dataFingerprint: dataFingerprint.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }), { code: 'data-invalid', hint: /Put the old files back/ });
});
