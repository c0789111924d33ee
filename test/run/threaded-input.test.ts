/** Batches from threads beside the trainer: the same as those made here, whatever goes wrong is thrown where the batch is awaited. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { inputInProcess, type InputSettings } from '../../src/core/input.ts';
import { integer, randomKey } from '../../src/core/random.ts';
import { parse } from '../../src/protocol/parse.ts';
import { TrainingSchema } from '../../src/protocol/plan-training.ts';
import { openDataset, type DatasetSource } from '../../src/run/trainer/data/open-dataset.ts';
import { openInput } from '../../src/run/trainer/input/open-input.ts';
import { ThreadedInput } from '../../src/run/trainer/input/threaded-input.ts';
import { temporaryFolder } from './temporary-folder.ts';

const [COUNT, SIDE] = [40, 32];
const layout = { count: COUNT, shape: [SIDE, SIDE, 3] as [number, number, number], values: 'pixels' as const };
const key = randomKey(1, 'task');
const pixels = Uint8Array.from({ length: COUNT * SIDE * SIDE * 3 }, (_, index) => integer(key, index, 256));
const labels = Int32Array.from({ length: COUNT }, (_, index) => index % 4);

const { augmentation } = parse(TrainingSchema, {
  epochs: 1, optimizer: { learningRate: 1 },
  augmentation: { resizedCrop: {}, flip: true, colorJitter: { brightness: 0.4, hue: 0.1 }, randAugment: {}, erasing: {}, mixup: 0.8, cutmix: 1 },
}, 'training');
const settings: InputSettings = { seed: 3, augmentation, labelSmoothing: 0.1, normalization: { mean: [0.4], std: [0.2] }, size: [24, 24] };

function inMemory(): DatasetSource {
  const bytes = new SharedArrayBuffer(pixels.length);
  new Uint8Array(bytes).set(pixels);
  return { records: { layout, bytes }, labels, classes: 4 };
}
function inFile(t: TestContext): DatasetSource & { records: { file: string } } {
  const file = path.join(temporaryFolder(t), 'records');
  writeFileSync(file, pixels);
  return { records: { layout, file }, labels, classes: 4 };
}
const requests: [number, Uint32Array][] = [0, 1, 2, 3, 4, 5].map((batch) => [batch % 2, Uint32Array.from({ length: 8 }, (_, index) => (7 * index + 5 * batch) % COUNT)]);

test('threads give the same batches as this one, from memory and from a file, of a view too, asked for in a bunch', async (t) => {
  for (const whole of [inMemory(), inFile(t)]) {
    for (const source of [whole, { of: whole, positions: Uint32Array.from({ length: COUNT }, (_, index) => COUNT - 1 - index) }]) {
      const here = inputInProcess(openDataset(source), settings);
      const beside = new ThreadedInput(source, settings, { threads: 2, ahead: 3 });
      const batches = await Promise.all(requests.map(([epoch, positions]) => beside.batch(epoch, positions)));
      for (const [index, [epoch, positions]] of requests.entries()) {
        const { images, targets, share } = await here.batch(epoch, positions);
        assert.deepEqual(batches[index], { images, targets, share });
      }
      await beside.close();
      await assert.rejects(beside.batch(0, Uint32Array.of(0)), { code: 'cancelled' });
    }
  }
});

test('what cannot be read is thrown where its batch is awaited, and the others still come', async (t) => {
  const source = inFile(t);
  writeFileSync(source.records.file, pixels.subarray(0, pixels.length / 2));
  const input = new ThreadedInput(source, settings, { threads: 1, ahead: 2 });
  const [torn, whole] = [input.batch(0, Uint32Array.of(COUNT - 1)), input.batch(0, Uint32Array.of(0))];
  await assert.rejects(torn, { code: 'file-invalid', message: /is shorter than it was/ });
  assert.equal((await whole).targets.length, 4);
  await input.close();
});

test('a file that is gone is an error of the batch', async (t) => {
  const source = inFile(t);
  rmSync(source.records.file);
  const input = new ThreadedInput(source, settings, { threads: 1, ahead: 1 });
  await assert.rejects(input.batch(0, Uint32Array.of(0)), /ENOENT/);
  await input.close();
});

test('a thread that dies fails what was asked of it and whatever is asked later', async () => {
  // The augmentation does not fit the data: the thread throws as it starts.
  const input = new ThreadedInput(inMemory(), { ...settings, size: [99, 99] }, { threads: 1, ahead: 1 });
  const first = input.batch(0, Uint32Array.of(0));
  await assert.rejects(first, /images of 99 x 99, the data are 32 x 32/);
  await assert.rejects(input.batch(0, Uint32Array.of(0)), /99 x 99/);
  await input.close();
});

test('closing fails what is still being made, and ends', async () => {
  const input = new ThreadedInput(inMemory(), settings, { threads: 1, ahead: 1 });
  const asked = input.batch(0, Uint32Array.of(0));
  const outcome = assert.rejects(asked, { code: 'cancelled' });
  await input.close();
  await outcome;
});

test('small batches and sets without a source are made in this thread, large ones beside it with a bound on memory', async () => {
  const cpu = { device: { kind: 'cpu' } as const };
  const plain = { ...settings, augmentation: { ...augmentation, resizedCrop: null, colorJitter: null, randAugment: null }, size: [32, 32] as const };
  const data = openDataset(inMemory());
  assert.ok(!(openInput(data, plain, { batchSize: 4, ...cpu }) instanceof ThreadedInput));
  assert.ok(!(openInput({ ...data, source: undefined }, plain, { batchSize: 512, ...cpu }) instanceof ThreadedInput));
  const large = openInput(data, plain, { batchSize: 64, ...cpu });
  assert.ok(large instanceof ThreadedInput);
  assert.equal(large.ahead, 2);
  const huge = openInput(data, plain, { batchSize: 65_536, ...cpu }); // 192 MB a batch
  assert.equal(huge.ahead, 1);
  await Promise.all([large.close(), huge.close()]);
  assert.throws(() => openInput(data, { ...plain, size: [99, 99] }, { batchSize: 4, ...cpu }), { code: 'data-invalid' });
});
