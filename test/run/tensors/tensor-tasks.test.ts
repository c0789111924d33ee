/** The inspector's tasks on files of every kind. */
import assert from 'node:assert/strict';
import { closeSync, copyFileSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { encodeHeader } from '../../../src/protocol/safetensors.ts';
import { floatsOf, floatTensor } from '../../../src/protocol/tensor.ts';
import { readSafetensorsHeader, writeSafetensors } from '../../../src/run/safetensors-file.ts';
import { readCheckpoint } from '../../../src/run/trainer/checkpoint/read-checkpoint.ts';
import { tensorDifferenceTask, tensorFiltersTask, tensorListTask, tensorStatisticsTask } from '../../../src/run/trainer/tensors/tensor-tasks.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const context = (told: number[] = []) => ({ signal: new AbortController().signal, onProgress: ({ fraction }: { fraction: number | null }) => void told.push(fraction ?? -1) });
const fixtures = path.resolve(import.meta.dirname, '../../fixtures/keras');

async function written(t: TestContext, tensors: Record<string, number[]>, name = 'a.safetensors'): Promise<string> {
  const file = path.join(temporaryFolder(t), name);
  await writeSafetensors(file, Object.entries(tensors).map(([tensor, values]) => floatTensor(tensor, [values.length], Float32Array.from(values))), { name: 'x' });
  return file;
}

test('a tensor of several pieces has the figures of the whole, and progress goes up to one', async (t) => {
  const count = (1 << 20) + 3;
  const values = Float32Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 1 : -1));
  const file = path.join(temporaryFolder(t), 'long.safetensors');
  await writeSafetensors(file, [floatTensor('long', [count], values), floatTensor('short', [2], Float32Array.of(0, 5))], {});
  const told: number[] = [];
  const [long, short] = await tensorStatisticsTask(JSON.stringify({ file }), context(told));
  assert.deepEqual([long.count, long.min, long.max, long.zeros], [count, -1, 1, 0]);
  assert.ok(Math.abs(long.mean! - 1 / count) < 1e-12 && Math.abs(long.norm! - Math.sqrt(count)) < 1e-9);
  assert.deepEqual([long.histogram[0], long.histogram.at(-1)], [(count - 1) / 2, (count + 1) / 2]);
  assert.deepEqual([short.name, short.mean, short.zeros], ['short', 2.5, 1]);
  assert.equal(told.at(-1), 1);
  assert.deepEqual(told, told.toSorted((a, b) => a - b));
  const named = await tensorStatisticsTask(JSON.stringify({ file, names: ['short'] }), context());
  assert.deepEqual(named, [short]);
  await assert.rejects(tensorStatisticsTask(JSON.stringify({ file, names: ['none'] }), context()), { code: 'usage', message: `${file} has no tensor "none"` });
});

test('a statistic that is cancelled ends', async (t) => {
  const file = await written(t, { w: [1, 2] });
  const cancel = new AbortController();
  cancel.abort(new Error('cancelled'));
  await assert.rejects(tensorStatisticsTask(JSON.stringify({ file }), { signal: cancel.signal, onProgress: () => undefined }), /cancelled/);
});

test('two files are compared by name and shape; the types may differ', async (t) => {
  const a = await written(t, { only: [1], same: [3, 4], other: [1, 2, 3] });
  const b = path.join(temporaryFolder(t), 'b.safetensors');
  const brain = { name: 'same', dtype: 'BF16', shape: [2], data: Uint8Array.of(0x40, 0x40, 0x00, 0x41) }; // 3, 8
  await writeSafetensors(b, [brain, floatTensor('other', [2], Float32Array.of(1, 2))], {});
  const differences = await tensorDifferenceTask(JSON.stringify({ a, b }), context());
  assert.deepEqual(differences, [{ name: 'same', count: 2, distance: 4, largest: 4, normA: 5, normB: Math.sqrt(73), dot: 41 }]);
});

test('a .keras file: tensors by the names in its store, with the numbers that a training reads from it', async () => {
  const file = path.join(fixtures, 'tiny.keras');
  const { kind, tensors } = await tensorListTask(file);
  assert.equal(kind, 'keras');
  assert.ok(tensors.some(({ name, dtype, start }) => name === 'layers/dense/vars/0' && dtype === 'F32' && start === null), JSON.stringify(tensors));
  const [dense] = await tensorStatisticsTask(JSON.stringify({ file, names: ['layers/dense/vars/0'] }), context());
  const read = (await readCheckpoint(file)).tensors.map((tensor) => floatsOf(tensor));
  assert.ok(read.some((values) => values.length === dense.count && Math.min(...values) === dense.min && Math.max(...values) === dense.max), JSON.stringify(dense));
});

test('a TensorFlow.js model: shards are read by ranges that cross them, quantised numbers as they are meant', async (t) => {
  const folder = temporaryFolder(t);
  const bytes = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
  const weights = [
    { name: 'dense/kernel', shape: [2, 2], dtype: 'float32' },
    { name: 'dense/bias', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
  ];
  writeFileSync(path.join(folder, '1.bin'), bytes.subarray(0, 10));
  writeFileSync(path.join(folder, '2.bin'), Uint8Array.of(...bytes.subarray(10), 2, 6));
  const file = path.join(folder, 'model.json');
  writeFileSync(file, JSON.stringify({ format: 'graph-model', weightsManifest: [{ paths: ['1.bin', '2.bin'], weights }] }));
  const { tensors, metadata } = await tensorListTask(file);
  assert.deepEqual(tensors, [
    { name: 'dense/kernel', dtype: 'F32', shape: [2, 2], sizeBytes: 16, start: null },
    { name: 'dense/bias', dtype: 'U8', shape: [2], sizeBytes: 2, start: null },
  ]);
  assert.deepEqual(metadata, { format: 'graph-model' });
  const [kernel, bias] = await tensorStatisticsTask(JSON.stringify({ file }), context());
  assert.deepEqual([kernel.min, kernel.max, kernel.mean], [1, 4, 2.5]);
  assert.deepEqual([bias.min, bias.max], [0, 2]);
  writeFileSync(path.join(folder, '2.bin'), bytes.subarray(10));
  await assert.rejects(tensorListTask(file), { code: 'file-invalid', message: `${file}: its weights take 18 bytes, 1.bin, 2.bin have 16` });
});

test('filters of a file are images', async (t) => {
  const file = path.join(temporaryFolder(t), 'conv.safetensors');
  await writeSafetensors(file, [floatTensor('conv1.weight', [1, 1, 2, 2], Float32Array.of(0, 1, 2, 4)), floatTensor('fc', [1], Float32Array.of(1))], {});
  const images = await tensorFiltersTask(JSON.stringify({ file, name: 'conv1.weight' }));
  assert.deepEqual([...Buffer.from(images.pixels, 'base64')], [0, 64, 128, 255]);
  await assert.rejects(tensorFiltersTask(JSON.stringify({ file, name: 'fc' })), { code: 'usage' });
});

test('5 GB are opened by their header alone', async (t) => {
  const file = path.join(temporaryFolder(t), 'large.safetensors');
  const sizeBytes = 5_000_000_000;
  const header = encodeHeader([{ name: 'large', dtype: 'U8', shape: [sizeBytes], sizeBytes }], {});
  const handle = openSync(file, 'w');
  writeSync(handle, header);
  ftruncateSync(handle, header.length + sizeBytes);
  closeSync(handle);
  assert.equal((await readSafetensorsHeader(file)).tensors[0].end, header.length + sizeBytes);
  assert.deepEqual((await tensorListTask(file)).tensors, [{ name: 'large', dtype: 'U8', shape: [sizeBytes], sizeBytes, start: header.length }]);
});

test('hostile files are precise errors', async (t) => {
  const folder = temporaryFolder(t);
  const at = (name: string, content: Uint8Array | string): string => {
    writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const header = (tensors: unknown, data: number): Uint8Array => {
    const json = Buffer.from(JSON.stringify(tensors));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    return Buffer.concat([length, json, Buffer.alloc(data)]);
  };
  const rejects = async (file: string, message: RegExp): Promise<void> => await assert.rejects(tensorListTask(file), { code: 'file-invalid', message });
  const entry = (from: number, to: number) => ({ dtype: 'U8', shape: [to - from], data_offsets: [from, to] });
  await rejects(at('beyond.safetensors', Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 123, 125)), /header of 200 bytes in a file of 10$/);
  await rejects(at('overlap.safetensors', header({ a: entry(0, 4), b: entry(2, 6) }, 6)), /tensor b starts at byte \d+, not \d+$/);
  const million = `{${Array.from({ length: 250_000 }, (_, index) => `"t${index}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`).join(',')}}`;
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(million.length));
  await rejects(at('million.safetensors', Buffer.concat([length, Buffer.from(million)])), /has 250000 tensors; 200000 at most are shown$/);
  await rejects(at('run.json', '{"members":[]}'), /has no weightsManifest/);
  await rejects(at('torn.h5', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')), /not a whole HDF5 file/);
  copyFileSync(path.join(fixtures, 'tiny.safetensors'), path.join(folder, 'foreign.onnx'));
  await rejects(path.join(folder, 'foreign.onnx'), /no kind of checkpoint that is known here/);
  await assert.rejects(tensorListTask(path.join(folder, 'none.safetensors')), { code: 'file-missing' });
  await assert.rejects(tensorListTask(path.join(folder, 'none.h5')), { code: 'file-missing' });
});
