/** HDF5 files as h5py writes them, in its old form and its newest: every tensor and text equals what went in (test/reference/hdf5_forms.py). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { StarsseError } from '../../../src/protocol/errors.ts';
import { fileBytes, memoryBytes } from '../../../src/run/trainer/hdf5/bytes.ts';
import { openHdf5, type Hdf5File } from '../../../src/run/trainer/hdf5/hdf5-file.ts';

interface Expected {
  tensors: Record<string, { dtype: string; shape: number[]; values: number[] }>;
  texts: Record<string, string[]>;
  /** How many there are in large groups, all of one tensor. */
  names: Record<string, number>;
}

const folder = path.resolve(import.meta.dirname, '../../fixtures/hdf5');
const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Record<string, Expected>;

function everyTensor(file: Hdf5File, group = ''): string[] {
  return file.names(group).flatMap((name) => {
    const place = group === '' ? name : `${group}/${name}`;
    return file.tensor(place) === null ? everyTensor(file, place) : [place];
  });
}

/** Safetensors' name of a type of NumPy's: <f4, |b1. */
function nameOf(dtype: string): string {
  return dtype === '|b1' ? 'BOOL' : `${dtype[1].toUpperCase()}${Number(dtype.slice(2)) * 8}`;
}

for (const [name, { tensors, texts, names }] of Object.entries(expected)) {
  test(`${name}: all tensors, by ranges and from memory`, async () => {
    for (const source of [fileBytes(path.join(folder, `${name}.h5`)), memoryBytes(readFileSync(path.join(folder, `${name}.h5`)), 'memory')]) {
      const file = await openHdf5(source);
      const found = everyTensor(file);
      assert.deepEqual(found.filter((place) => place !== 'soft' && !/\/\d+$/.test(place)).toSorted(), Object.keys(tensors).toSorted());
      for (const [group, count] of Object.entries(names)) {
        assert.equal(new Set(file.names(group)).size, count);
        assert.deepEqual([...file.tensor(`${group}/${count - 1}`)!.read(0, 3)], [0, 1, 2]);
      }
      for (const [place, { dtype, shape, values }] of Object.entries(tensors)) {
        const tensor = file.tensor(place)!;
        assert.deepEqual([place, tensor.dtype, tensor.shape, [...tensor.read(0, values.length)]], [place, nameOf(dtype), shape, values]);
      }
      file.close();
      source.close();
    }
  });

  test(`${name}: a stretch of a tensor is the same stretch of its numbers, wherever chunks end`, async () => {
    const source = fileBytes(path.join(folder, `${name}.h5`));
    const file = await openHdf5(source);
    for (const place of Object.keys(tensors).filter((each) => each.startsWith('packed/'))) {
      const { values } = tensors[place];
      for (let from = 0; from < values.length; from += 29) {
        assert.deepEqual([...file.tensor(place)!.read(from, Math.min(31, values.length - from))], values.slice(from, from + 31), `${place} from ${from}`);
      }
    }
    file.close();
    source.close();
  });

  test(`${name}: texts; numbers beside them are left out; links out of the file are not followed`, async () => {
    const file = await openHdf5(memoryBytes(readFileSync(path.join(folder, `${name}.h5`)), 'memory'));
    assert.deepEqual(Object.fromEntries(file.texts('')), texts);
    assert.deepEqual(file.names('').filter((each) => ['soft', 'elsewhere'].includes(each)), ['soft']);
    assert.deepEqual([file.tensor('none'), file.tensor('types'), file.names('none'), file.names('types/bool')], [null, null, [], []]);
  });

  test(`${name}: with any byte changed comes an answer or an error that names the file, soon`, async () => {
    const whole = readFileSync(path.join(folder, `${name}.h5`));
    let refusals = 0;
    for (let at = 0; at < whole.length; at += at < 2048 ? 61 : 4001) {
      const broken = Buffer.from(whole);
      broken[at] ^= 0xff;
      let file: Hdf5File | undefined;
      try {
        file = await openHdf5(memoryBytes(broken, 'broken.h5'));
        for (const place of ['packed', 'types', 'many-9'].flatMap((group) => everyTensor(file!, group))) {
          const tensor = file.tensor(place)!;
          if (/^[FIU]\d/.test(tensor.dtype)) tensor.read(0, Math.min(8, tensor.shape.reduce((a, b) => a * b, 1)));
        }
        file.texts('');
      } catch (error) {
        assert.ok(error instanceof StarsseError && error.code === 'file-invalid' && error.message.startsWith('broken.h5: '), `byte ${at}: ${String(error)}`);
        refusals += 1;
      } finally {
        file?.close();
      }
    }
    assert.ok(refusals > 5, `only ${refusals} refusals`);
  });
}

test('what is not read is refused by name', async () => {
  const whole = readFileSync(path.join(folder, 'earliest.h5'));
  const opening = async (bytes: Uint8Array) => await openHdf5(memoryBytes(bytes, 'x.h5'));
  await assert.rejects(opening(new Uint8Array(5000).fill(7)), { code: 'file-invalid', message: 'x.h5: not a whole HDF5 file: file signature not found' });
  await assert.rejects(opening(whole.subarray(0, 3000)), { message: `x.h5: not a whole HDF5 file: truncated file: eof = 3000, sblock->base_addr = 0, stored_eof = ${whole.length}` });
  const text = await openHdf5(memoryBytes(whole, 'x.h5'));
  assert.throws(() => text.floats('types/little-i4'), /types\/little-i4 is of the type I32; floating point is read/);
  assert.throws(() => text.floats('types/none'), { code: 'mismatch', message: 'x.h5 has no tensor types/none' });
});

for (const [kind, tensor, refusal] of [['in one stretch', 'packed/whole', /invalid dataset size, likely file corruption/], ['in chunks', 'packed/unwritten', /packed\/unwritten claims to be \[2147483648(, \d+)*\] in a file of \d+ bytes/]] as const) {
  test(`a tensor ${kind} that claims to be larger than its file`, async () => {
    const bytes = readFileSync(path.join(folder, 'earliest.h5'));
    const { shape } = (await openHdf5(memoryBytes(bytes, 'x.h5'))).tensor(tensor)!;
    // The dataspace message has its dimensions as 64-bit numbers, one after the other.
    const pattern = Buffer.from(new BigUint64Array(shape.map(BigInt)).buffer);
    for (let at = bytes.indexOf(pattern); at >= 0; at = bytes.indexOf(pattern, at)) bytes.writeBigUInt64LE(2n ** 31n, at);
    const changed = await openHdf5(memoryBytes(bytes, 'x.h5'));
    assert.throws(() => changed.tensor(tensor)!.read(0, 1), refusal);
  });
}
