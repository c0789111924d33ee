/** Files of gigabytes are opened, and single tensors of them read, by ranges: memory stays where it was. */
import assert from 'node:assert/strict';
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { tensorListTask, tensorStatisticsTask } from '../../../src/run/trainer/tensors/tensor-tasks.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const context = { signal: new AbortController().signal, onProgress: () => undefined };
/** What h5py wrote before a tensor of 5 GB that it never filled (test/reference/hdf5_forms.py). */
const head = readFileSync(path.resolve(import.meta.dirname, '../../fixtures/hdf5/large-head.bin'));
const ROOM = 100_000_000;

function written(t: TestContext, name: string, parts: readonly { at: number; bytes: Uint8Array }[], size: number): string {
  const file = path.join(temporaryFolder(t), name);
  const handle = openSync(file, 'w');
  for (const { at, bytes } of parts) writeSync(handle, bytes, 0, bytes.length, at);
  ftruncateSync(handle, size);
  closeSync(handle);
  return file;
}

/** A record of a zip, numbers of 16 (u) and 32 (U) bits after its signature. */
function record(signature: number, fields: readonly (readonly ['u' | 'U', number])[], name = ''): Buffer {
  const numbers = fields.map(([width, value]) => {
    const bytes = Buffer.alloc(width === 'u' ? 2 : 4);
    bytes.writeUIntLE(value, 0, bytes.length);
    return bytes;
  });
  const start = Buffer.alloc(4);
  start.writeUInt32LE(signature);
  return Buffer.concat([start, ...numbers, Buffer.from(name)]);
}

/** A zip of config.json and of model.weights.h5, stored as they are; the weights are what lies at `weightsAt`. */
function zipAround(weightsBytes: number): { parts: { at: number; bytes: Uint8Array }[]; weightsAt: number; size: number } {
  const files = [{ name: 'config.json', bytes: Buffer.from('{}'), size: 2 }, { name: 'model.weights.h5', bytes: Buffer.alloc(0), size: weightsBytes }];
  const parts: { at: number; bytes: Uint8Array }[] = [];
  const central: Buffer[] = [];
  let [at, weightsAt] = [0, 0];
  for (const { name, bytes, size } of files) {
    const common = [['u', 0], ['u', 0], ['u', 0], ['u', 0], ['U', 0], ['U', size], ['U', size], ['u', name.length], ['u', 0]] as const;
    central.push(record(0x02014b50, [['u', 20], ['u', 20], ...common, ['u', 0], ['u', 0], ['u', 0], ['U', 0], ['U', at]], name));
    parts.push({ at, bytes: Buffer.concat([record(0x04034b50, [['u', 20], ...common], name), bytes]) });
    weightsAt = at + 30 + name.length;
    at = weightsAt + size;
  }
  const directory = Buffer.concat(central);
  const end = record(0x06054b50, [['u', 0], ['u', 0], ['u', 2], ['u', 2], ['U', directory.length], ['U', at], ['u', 0]]);
  return { parts: [...parts, { at, bytes: Buffer.concat([directory, end]) }], weightsAt, size: at + directory.length + end.length };
}

async function readsSmall(file: string): Promise<void> {
  const before = process.memoryUsage.rss();
  const { tensors } = await tensorListTask(file);
  assert.ok(tensors.some(({ name, sizeBytes }) => name.endsWith('large') && sizeBytes >= 2_000_000_000), JSON.stringify(tensors));
  const [small] = await tensorStatisticsTask(JSON.stringify({ file, names: ['small'] }), context);
  assert.deepEqual([small.min, small.max, small.mean], [1, 3, 2]);
  const grown = process.memoryUsage.rss() - before;
  assert.ok(grown < ROOM, `${file} took ${grown} bytes of memory`);
}

test('5 GB of HDF5', async (t) => {
  await readsSmall(written(t, 'large.h5', [{ at: 0, bytes: head }], head.length + 5_000_000_000));
});

test('a .keras file of 3 GB, whose weights are stored as they are', async (t) => {
  // The tensor is shorter here, for a zip without 64-bit fields: its bytes, and those of the file, stand in the head.
  const short = Buffer.from(head);
  for (const [from, to] of [[1_250_000_000n, 750_000_000n], [5_000_000_000n, 3_000_000_000n], [BigInt(head.length) + 5_000_000_000n, BigInt(head.length) + 3_000_000_000n]]) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(from);
    for (let at = short.indexOf(bytes); at >= 0; at = short.indexOf(bytes)) short.writeBigUInt64LE(to, at);
  }
  const { parts, weightsAt, size } = zipAround(head.length + 3_000_000_000);
  await readsSmall(written(t, 'large.keras', [...parts, { at: weightsAt, bytes: short }], size));
});

test('a file that ends before its tensor does is refused when it is opened', async (t) => {
  const file = written(t, 'torn.h5', [{ at: 0, bytes: head }], head.length + 4_999_999_999);
  await assert.rejects(tensorListTask(file), { code: 'file-invalid', message: `${file}: not a whole HDF5 file: truncated file: eof = ${head.length + 4_999_999_999}, sblock->base_addr = 0, stored_eof = ${head.length + 5_000_000_000}` });
});
