import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { floatsOf, floatTensor } from '../../src/protocol/tensor.ts';
import { readSafetensors, readSafetensorsHeader, writeSafetensors } from '../../src/run/safetensors-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const tensors = [
  floatTensor('a.weight', [2, 3], new Float32Array([1, 2, 3, 4, 5, -0])),
  { name: 'odd', dtype: 'U8', shape: [3], data: new Uint8Array([7, 8, 9]) },
  floatTensor('b', [], new Float32Array([Math.PI])),
  floatTensor('none', [0, 4], new Float32Array(0)),
];

test('what is written is read back, whole and by name', async (t) => {
  const file = path.join(temporaryFolder(t), 'x.safetensors');
  await writeSafetensors(file, tensors, { run: 'r', parents: 'member-1,member-2' });
  const all = await readSafetensors(file);
  assert.deepEqual(all.metadata, { run: 'r', parents: 'member-1,member-2' });
  assert.deepEqual(new Map(all.tensors.map((tensor) => [tensor.name, tensor])), new Map(tensors.map((tensor) => [tensor.name, tensor])));
  const { tensors: some } = await readSafetensors(file, ['b']);
  assert.deepEqual(some.map(({ name }) => name), ['b']);
  assert.equal(floatsOf(some[0])[0], Math.fround(Math.PI));
  assert.equal((await readSafetensorsHeader(file)).tensors.length, 4);
  await assert.rejects(readSafetensors(file, ['c']), { code: 'mismatch', message: `${file} has no tensor "c"` });
});

test('the same tensors give the same bytes', async (t) => {
  const folder = temporaryFolder(t);
  for (const name of ['1', '2']) await writeSafetensors(path.join(folder, name), tensors, { a: 'b' });
  assert.deepEqual(readFileSync(path.join(folder, '1')), readFileSync(path.join(folder, '2')));
});

test('torn and hostile files are errors that name the file', async (t) => {
  const folder = temporaryFolder(t);
  const whole = path.join(folder, 'whole');
  await writeSafetensors(whole, tensors, {});
  const bytes = readFileSync(whole);
  const header = (json: string, data = 0): Buffer => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(Buffer.byteLength(json)));
    return Buffer.concat([length, Buffer.from(json), Buffer.alloc(data)]);
  };
  const files: Record<string, Buffer> = {
    empty: Buffer.alloc(0),
    short: bytes.subarray(0, 5),
    'torn header': bytes.subarray(0, 40),
    'torn data': bytes.subarray(0, bytes.length - 1),
    longer: Buffer.concat([bytes, Buffer.alloc(1)]),
    'huge header': Buffer.concat([Buffer.from('ffffffffffffff7f', 'hex'), Buffer.alloc(8)]),
    'not JSON': header('{"a":'),
    list: header('[]'),
    'huge shape': header('{"a":{"dtype":"F32","shape":[9007199254740991,9007199254740991],"data_offsets":[0,4]}}', 4),
    overlap: header('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
    backwards: header('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}', 4),
    'foreign type': header('{"a":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}}', 4),
    prototype: header('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
  };
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    await assert.rejects(readSafetensors(file), (error: Error) => error.message.includes(file) && 'code' in error && error.code === 'file-invalid', name);
  }
  assert.equal(Object.hasOwn(Object.prototype, 'dtype'), false);
  await assert.rejects(readSafetensors(path.join(folder, 'gone')), { code: 'file-missing' });
  await assert.rejects(readSafetensors(folder), { code: 'file-invalid' });
  symlinkSync('loop', path.join(folder, 'loop'));
  await assert.rejects(readSafetensors(path.join(folder, 'loop')), { code: 'file-invalid' });
});
