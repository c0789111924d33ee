import assert from 'node:assert/strict';
import { test } from 'node:test';
import './cpu-backend.ts';
import { epochOrder, plainBatches, stepsPerEpoch } from '../../src/core/batches.ts';
import { datasetInMemory, subset, type Examples } from '../../src/core/data.ts';

const pixels: Examples = { examples: Uint8Array.from({ length: 24 }, (_, index) => index), labels: Int32Array.of(1, 0), shape: [2, 3, 2], classes: 2 };

test('labels and sizes of a dataset are checked', () => {
  datasetInMemory(pixels, 'data');
  assert.throws(() => datasetInMemory({ ...pixels, classes: 1 }, 'train.idx'), { code: 'data-invalid', message: /train\.idx: example 0 has label 1/ });
  assert.throws(() => datasetInMemory({ ...pixels, examples: new Uint8Array(23) }, 'train.idx'), { code: 'data-invalid', message: /23 numbers for 2 labels of examples 2 x 3 x 2/ });
});

test('a subset of a subset reads the chosen images in the given order, and what it gives is a copy', async () => {
  const chosen = subset(subset(datasetInMemory(pixels), Uint32Array.of(1, 0, 1)), Uint32Array.of(1, 2));
  assert.deepEqual([...chosen.labels], [1, 0]);
  const read = await chosen.read(Uint32Array.of(0, 1, 0));
  assert.deepEqual([...read], [...pixels.examples.subarray(0, 12), ...pixels.examples.subarray(12), ...pixels.examples.subarray(0, 12)]);
  read.fill(99);
  assert.equal(pixels.examples[0], 0);
});

test('features are floats and stay what they are', async () => {
  const features = datasetInMemory({ examples: Float32Array.of(-1.5, 2, 1e6, 0.25), labels: Int32Array.of(0, 1), shape: [1, 1, 2], classes: 2 });
  assert.equal(features.values, 'features');
  assert.deepEqual(await features.read(Uint32Array.of(1)), Float32Array.of(1e6, 0.25));
});

test('an evaluation sees the middle of larger images, as bytes, in batches in order', async () => {
  // One channel, 4 x 5: the middle 2 x 3 starts in row 1, column 1.
  const examples = Uint8Array.from({ length: 60 }, (_, index) => index);
  const data = datasetInMemory({ examples, labels: Int32Array.of(0, 0, 0), shape: [4, 5, 1], classes: 1 });
  const seen: Uint8Array[] = [];
  for await (const { positions, images } of plainBatches(data, [Uint32Array.of(2, 0), Uint32Array.of(1)], { mean: [0], std: [1 / 255] }, [2, 3])) {
    assert.deepEqual(images.shape, [positions.length, 2, 3, 1]);
    seen.push(images.data as Uint8Array);
  }
  const middle = [6, 7, 8, 11, 12, 13];
  assert.deepEqual(seen, [Uint8Array.from([...middle.map((pixel) => pixel + 40), ...middle]), Uint8Array.from(middle, (pixel) => pixel + 20)]);
});

test('images that cannot be read are an error of whoever asks, also of one who stops early', async () => {
  const broken = { ...datasetInMemory(pixels), read: () => Promise.reject(new Error('torn')) };
  await assert.rejects(plainBatches(broken, [Uint32Array.of(0)], { mean: [0], std: [1] }, [2, 3]).next(), /torn/);
  let reads = 0;
  const later = { ...broken, read: (positions: Uint32Array) => (reads++ === 0 ? datasetInMemory(pixels).read(positions) : broken.read()) };
  const batches = plainBatches(later, [Uint32Array.of(0), Uint32Array.of(1)], { mean: [0], std: [1] }, [2, 3]);
  await batches.next();
  await batches.return(undefined); // an unhandled rejection would fail this test
  assert.equal(reads, 2);
});

test('an epoch shows every image once, in another order each epoch; the last short batch counts', () => {
  assert.deepEqual([...epochOrder(1, 0, 100)].sort((a, b) => a - b), Array.from({ length: 100 }, (_, index) => index));
  assert.notDeepEqual(epochOrder(1, 0, 100), epochOrder(1, 1, 100));
  assert.equal(stepsPerEpoch(100, 32), 4);
  assert.equal(stepsPerEpoch(96, 32), 3);
});
