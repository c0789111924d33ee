import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StarsseError } from '../../src/protocol/errors.ts';
import { encodeHeader, headerLength, MAX_HEADER_BYTES, parseHeader, type SafetensorsHeader } from '../../src/protocol/safetensors.ts';

const entries = [
  { name: 'a', dtype: 'F32', shape: [2, 3], sizeBytes: 24 },
  { name: 'b', dtype: 'I64', shape: [], sizeBytes: 8 },
  { name: 'empty', dtype: 'F16', shape: [0, 4], sizeBytes: 0 },
];
const metadata = { run: 'r', note: 'naïve "quotes"' };

/** The file of a header and as many data bytes as given. */
function file(header: Uint8Array, dataBytes: number): Uint8Array {
  const bytes = new Uint8Array(header.length + dataBytes);
  bytes.set(header);
  return bytes;
}
function fileOfJson(json: string, dataBytes: number, claimedLength?: bigint): Uint8Array {
  const text = new TextEncoder().encode(json);
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, claimedLength ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
/** As a reader would: the first 8 bytes, then the JSON, then nothing else. */
function read(bytes: Uint8Array): SafetensorsHeader {
  const length = headerLength(bytes.subarray(0, 8), bytes.length, 'x.safetensors');
  return parseHeader(new TextDecoder().decode(bytes.subarray(8, 8 + length)), bytes.length, length, 'x.safetensors');
}
function refused(bytes: Uint8Array, message: RegExp): void {
  assert.throws(
    () => read(bytes),
    (error) => {
      assert.ok(error instanceof StarsseError, `${error}`);
      assert.equal(error.code, 'file-invalid');
      assert.match(error.message, /^x\.safetensors: /);
      assert.match(error.message, message);
      return true;
    },
  );
}

test('a header survives writing and reading; data begins at a multiple of 8', () => {
  const header = encodeHeader(entries, metadata);
  assert.equal(header.length % 8, 0);
  const { tensors, metadata: read1 } = read(file(header, 32));
  assert.deepEqual(read1, metadata);
  assert.deepEqual(new Map(tensors.map(({ name, dtype, shape, start, end }) => [name, [dtype, shape, start - header.length, end - header.length]])), new Map([
    ['a', ['F32', [2, 3], 0, 24]],
    ['b', ['I64', [], 24, 32]],
    ['empty', ['F16', [0, 4], 32, 32]],
  ]));
});

test('a file cut off at any byte, or with bytes too many, is refused', () => {
  const whole = file(encodeHeader(entries, metadata), 32);
  for (let length = 0; length < whole.length; length++) refused(whole.subarray(0, length), /not a whole safetensors file|not valid JSON/);
  refused(file(whole, 1), /bytes where the header describes/);
});

test('a header length that lies is refused before anything is read', () => {
  for (const length of [2n ** 64n - 1n, 2n ** 63n, BigInt(MAX_HEADER_BYTES) + 1n]) refused(fileOfJson('{}', 0, length), /header of \d+ bytes/);
  refused(fileOfJson('{}', 0, 3n), /header of 3 bytes in a file of 10/);
});

const hostile: [string, string, number, RegExp][] = [
  ['overlapping tensors', '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}', 12, /tensor b starts at byte/],
  ['a tensor twice over the same bytes', '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}', 4, /tensor b starts at byte/],
  ['a hole between tensors', '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}', 3, /tensor b starts at byte/],
  ['a tensor beyond the end', '{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}', 4, /bytes where the header describes/],
  ['a shape that needs other bytes', '{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}', 8, /tensor a has 8 bytes, its shape \[3\] needs 12/],
  ['offsets that go backwards', '{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,0]}}', 4, /tensor a has -4 bytes/],
  ['a shape whose product is beyond every number', '{"a":{"dtype":"U8","shape":[9007199254740991,9007199254740991],"data_offsets":[0,4]}}', 4, /tensor a has 4 bytes/],
  ['a shape whose product wraps around 64 bits', '{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}', 0, /tensor a has 0 bytes/],
  ['a negative size', '{"a":{"dtype":"U8","shape":[-1,-4],"data_offsets":[0,4]}}', 4, /a\.shape\.0/],
  ['a fractional offset', '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0.5,1.5]}}', 2, /a\.data_offsets\.0/],
  ['an offset beyond exact numbers', '{"a":{"dtype":"U8","shape":[0],"data_offsets":[1e300,1e300]}}', 0, /a\.data_offsets\.0/],
  ['an unknown type', '{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}', 4, /unknown dtype F33/],
  ['a type named like a property of every object', '{"a":{"dtype":"constructor","shape":[0],"data_offsets":[0,0]}}', 0, /./],
  ['no offsets', '{"a":{"dtype":"U8","shape":[1]}}', 1, /a\.data_offsets/],
  ['metadata that are no texts', '{"__metadata__":{"a":1}}', 0, /__metadata__\.a/],
  ['a list', '[]', 0, /./],
  ['null', 'null', 0, /./],
  ['no JSON', '{"a":', 0, /not valid JSON/],
  ['a pickle', '\u0080\u0002}q\u0000.', 0, /not valid JSON/],
];
for (const [name, json, dataBytes, message] of hostile) {
  test(`refused: ${name}`, () => {
    refused(fileOfJson(json, dataBytes), message);
  });
}

test('tensors may be listed in any order, and a file without tensors is whole', () => {
  const json = '{"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}';
  assert.deepEqual(read(fileOfJson(json, 2)).tensors.map(({ name }) => name), ['a', 'b']);
  assert.deepEqual(read(fileOfJson('{}', 0)), { metadata: {}, tensors: [] });
});

test('random damage to a header is refused or leaves tensors that lie within the file', () => {
  const whole = file(encodeHeader(entries, metadata), 32);
  let refusals = 0;
  for (let trial = 0; trial < 3000; trial++) {
    const damaged = whole.slice();
    // A linear congruential sequence: the same damage in every run.
    const place = (trial * 48271) % (whole.length - 32);
    damaged[place] = (damaged[place] + 1 + ((trial * 16807) % 255)) % 256;
    try {
      for (const { start, end } of read(damaged).tensors) assert.ok(start >= 0 && start <= end && end <= damaged.length);
    } catch (error) {
      assert.ok(error instanceof StarsseError && error.code === 'file-invalid', `${error}`);
      refusals++;
    }
  }
  assert.ok(refusals > 1000, `${refusals} of 3000`);
});
