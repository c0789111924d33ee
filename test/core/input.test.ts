/** Batches of training: what comes out for (seed, epoch, positions), whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { datasetInMemory, subset } from '../../src/core/data.ts';
import { inputInProcess, type InputSettings, type TrainingBatch } from '../../src/core/input.ts';
import { integer, randomKey } from '../../src/core/random.ts';
import { parse } from '../../src/protocol/parse.ts';
import { TrainingSchema, type Augmentation } from '../../src/protocol/plan-training.ts';

const none = parse(TrainingSchema, { epochs: 1, optimizer: { learningRate: 1 } }, 'training').augmentation;
const everything: Augmentation = {
  ...none,
  resizedCrop: { scale: [0.3, 1], ratio: [0.75, 1.33] },
  flip: true,
  colorJitter: { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
  randAugment: { operations: 2, magnitude: 9 },
  erasing: { probability: 0.5, area: [0.02, 0.33] },
};
const SIZE = 6;
const COUNT = 12;

function pictures(channels: number, stored = 8) {
  const key = randomKey(9, 'task');
  const examples = Uint8Array.from({ length: COUNT * stored * stored * channels }, (_, index) => integer(key, index, 256));
  return datasetInMemory({ examples, labels: Int32Array.from({ length: COUNT }, (_, image) => image % 3), shape: [stored, stored, channels], classes: 3 });
}
const settings = (augmentation: Augmentation, more: Partial<InputSettings> = {}): InputSettings => ({
  seed: 5, augmentation, labelSmoothing: 0, normalization: { mean: [0.25], std: [0.5] }, size: [SIZE, SIZE], ...more,
});
const imagesOf = ({ images: { data: images } }: TrainingBatch, channels: number) => Array.from({ length: images.length / (SIZE * SIZE * channels) }, (_, place) => images.slice(place * SIZE * SIZE * channels, (place + 1) * SIZE * SIZE * channels));

for (const channels of [1, 3]) {
  test(`an image of ${channels} channels is the same in any batch, order and process, and another in each epoch and for each seed`, async () => {
    const input = inputInProcess(pictures(channels), settings(everything));
    const all = imagesOf(await input.batch(2, Uint32Array.from({ length: COUNT }, (_, image) => image)), channels);
    const again = inputInProcess(pictures(channels), settings(everything));
    const some = imagesOf(await again.batch(2, Uint32Array.of(7, 3, 11)), channels);
    assert.deepEqual(some, [all[7], all[3], all[11]]);
    assert.notDeepEqual(imagesOf(await again.batch(3, Uint32Array.of(7)), channels)[0], all[7]);
    const other = inputInProcess(pictures(channels), settings(everything, { seed: 6 }));
    assert.notDeepEqual(imagesOf(await other.batch(2, Uint32Array.of(7)), channels)[0], all[7]);
    assert.ok(all.every((image) => image instanceof Uint8Array && image.length === SIZE * SIZE * channels));
  });
}

test('without augmentation the images are those of the data, as bytes, and the targets their labels', async () => {
  const data = pictures(1, SIZE);
  const { images, targets } = await inputInProcess(data, settings(none)).batch(4, Uint32Array.of(4, 2));
  assert.deepEqual(images, { shape: [2, SIZE, SIZE, 1], data: await data.read(Uint32Array.of(4, 2)) });
  assert.deepEqual([...targets], [0, 1, 0, 0, 0, 1]);
});

test('a batch with mixup is the same whenever it is made: the images as they are, the targets mixed by the share that the device mixes by', async () => {
  const mixed = settings({ ...none, mixup: 0.8 }, { labelSmoothing: 0.1 });
  const data = pictures(3, SIZE);
  const positions = Uint32Array.of(4, 8, 1, 11);
  const { images, targets, share } = await inputInProcess(data, mixed).batch(1, positions);
  const again = await inputInProcess(data, mixed).batch(1, positions);
  assert.deepEqual([again.images, again.targets, again.share], [images, targets, share]);
  const plain = await inputInProcess(data, settings(none, { labelSmoothing: 0.1 })).batch(1, positions);
  assert.deepEqual([plain.images, plain.share], [images, 1]);
  assert.ok(share > 0 && share < 1);
  for (let label = 0; label < 3; label++) assert.ok(Math.abs(targets[label] - (share * plain.targets[label] + (1 - share) * plain.targets[9 + label])) < 1e-6);
  for (let row = 0; row < 4; row++) assert.ok(Math.abs(targets.subarray(3 * row, 3 * row + 3).reduce((sum, value) => sum + value, 0) - 1) < 1e-6);
});

test('erased pixels are what the network sees as nothing', async () => {
  const data = datasetInMemory({ examples: new Uint8Array(4 * 36 * 3).fill(200), labels: new Int32Array(4), shape: [6, 6, 3], classes: 2 });
  const erasing = { ...none, erasing: { probability: 1, area: [0.2, 0.3] as [number, number] } };
  const { images: { data: pixels } } = await inputInProcess(data, settings(erasing, { normalization: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } })).batch(0, Uint32Array.of(0, 1, 2, 3));
  // The mean of ImageNet's pixels, as bytes.
  const erased = pixels.filter((value, index) => value === [124, 116, 104][index % 3]);
  assert.ok(erased.length > 0.1 * pixels.length && erased.length < 0.4 * pixels.length, `${erased.length} of ${pixels.length}`);
});

test('features take mixup and smoothing; what is meant for images is refused by name', async () => {
  const features = datasetInMemory({ examples: Float32Array.of(1, 2, 3, 40), labels: Int32Array.of(0, 1), shape: [1, 1, 2], classes: 2 });
  const one = { size: [1, 1] as const, normalization: { mean: [1], std: [2] } };
  const { images, share } = await inputInProcess(features, settings(none, one)).batch(0, Uint32Array.of(1, 0));
  assert.deepEqual([images.data, share], [Float32Array.of(1, 19.5, 0, 0.5), 1]);
  const mixed = await inputInProcess(features, settings({ ...none, mixup: 1 }, one)).batch(0, Uint32Array.of(1, 0));
  assert.deepEqual(mixed.images, images);
  assert.ok(mixed.share > 0 && mixed.share < 1 && Math.abs(mixed.targets[1] - mixed.share) < 1e-6);
  assert.throws(() => inputInProcess(features, settings({ ...none, flip: true, cutmix: 1, mixup: 1 }, one)), {
    code: 'plan-invalid',
    message: 'training.augmentation.flip, training.augmentation.cutmix: the data are features and no images',
    hint: /mixup/,
  });
});

test('settings that contradict each other or the data are refused with their values', () => {
  const make = (augmentation: Partial<Augmentation>, more: Partial<InputSettings> = {}) => () => inputInProcess(pictures(3), settings({ ...none, ...augmentation }, more));
  assert.throws(make({ resizedCrop: { scale: [0.5, 1], ratio: [1, 1] }, cropPadding: 4 }), { code: 'plan-invalid', message: /resizedCrop and a cropPadding of 4/ });
  assert.throws(make({ resizedCrop: { scale: [0.9, 0.5], ratio: [1, 1] } }), { code: 'plan-invalid', message: /resizedCrop\.scale is from 0\.9 to 0\.5/ });
  assert.throws(make({ erasing: { probability: 1, area: [0.5, 2] } }), { code: 'plan-invalid', message: /erasing\.area is from 0\.5 to 2/ });
  assert.throws(make({}, { size: [9, 8] }), { code: 'data-invalid', message: /images of 9 x 8, the data are 8 x 8/ });
  assert.throws(make({}, { normalization: { mean: [1, 2], std: [1] } }), { code: 'data-invalid', message: /data\.normalization\.mean/ });
});

test('a view of a dataset numbers its images anew: augmentation goes by the position in the training set', async () => {
  const data = pictures(3);
  const reversed = subset(data, Uint32Array.from({ length: COUNT }, (_, image) => COUNT - 1 - image));
  const jitter = settings({ ...none, flip: true, resizedCrop: everything.resizedCrop });
  const of = async (set: typeof data, position: number) => (await inputInProcess(set, jitter).batch(0, Uint32Array.of(position))).images.data;
  assert.deepEqual(await of(subset(reversed, Uint32Array.of(11, 0)), 1), await of(subset(data, Uint32Array.of(3, 11)), 1));
});
