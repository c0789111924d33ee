import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32c, maskedCrc32c } from '../../../src/run/records/crc32c.ts';
import { nextName } from '../../../src/run/records/event-file.ts';
import { bytesField, varintField } from '../../../src/protocol/protobuf.ts';

test('CRC-32C of the vectors in RFC 3720', () => {
  const bytes = (value: (index: number) => number) => Uint8Array.from({ length: 32 }, (_, index) => value(index));
  assert.deepEqual(
    [bytes(() => 0), bytes(() => 0xff), bytes((index) => index), bytes((index) => 31 - index)].map(crc32c),
    [0x8a9136aa, 0x62a8ab43, 0x46dd794e, 0x113fdb5c],
  );
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
  // The checksum that TensorFlow puts after the length 24.
  assert.equal(maskedCrc32c(Buffer.from([24, 0, 0, 0, 0, 0, 0, 0])), 575373219);
});

test('varints: 0, 127, 128, 300 and a number beyond 32 bits', () => {
  const encoded = (value: number) => [...varintField(1, value)];
  assert.deepEqual([0, 127, 128, 300, 2 ** 35].map(encoded), [[8, 0], [8, 127], [8, 128, 1], [8, 172, 2], [8, 128, 128, 128, 128, 128, 1]]);
  assert.deepEqual([...bytesField(2, 'ü')], [18, 2, 0xc3, 0xbc]);
  assert.deepEqual(encoded(-1), [8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]);
  assert.throws(() => varintField(1, 0.5), RangeError);
});

test('files are read in the order in which they were made, also within a second and after the clock was set back', () => {
  const first = nextName(['metrics.ndjson', 'log.txt'], 1790000000.7);
  assert.equal(first, 'events.out.tfevents.1790000000.0000.starsse');
  const second = nextName([first], 1790000000.9);
  const third = nextName([first, second], 1780000000);
  const end = nextName([first, second, third], 1790000000.95, 'end');
  assert.deepEqual([end, third, second, first].sort(), [first, second, third, end]);
});
