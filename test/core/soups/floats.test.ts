import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFloats, encodeFloats } from '../../../src/core/soups/floats.ts';

test('half precision: known numbers, the smallest and the largest, every finite half comes back', () => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x3555);
  assert.deepEqual([...decodeFloats('F16', new Uint8Array(halves.buffer))], [1, -2, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65_504, Infinity, -Infinity, 0.333251953125]);
  const all = Uint16Array.from({ length: 65_536 }, (_, half) => half).filter((half) => (half & 0x7fff) <= 0x7c00);
  assert.deepEqual(new Uint16Array(encodeFloats('F16', decodeFloats('F16', new Uint8Array(all.buffer))).buffer), all);
  assert.ok(Number.isNaN(decodeFloats('F16', encodeFloats('F16', Float32Array.of(NaN)))[0]));
});

test('half precision rounds to the nearest, to the even one of two: 1 + 2^-11 is a tie', () => {
  const round = (value: number): number => decodeFloats('F16', encodeFloats('F16', Float32Array.of(value)))[0];
  assert.deepEqual([round(1 + 2 ** -11), round(1 + 3 * 2 ** -11), round(1 + 2 ** -11 + 2 ** -20), round(65_519), round(65_520), round(2 ** -25), round(2 ** -25 + 2 ** -30)], [1, 1 + 2 ** -9, 1 + 2 ** -10, 65_504, Infinity, 0, 2 ** -24]);
});

test('bfloat16 is the upper half of float32, rounded to even', () => {
  const round = (value: number): number => decodeFloats('BF16', encodeFloats('BF16', Float32Array.of(value)))[0];
  assert.deepEqual([round(1), round(-3.5), round(1 + 2 ** -8), round(1 + 3 * 2 ** -8), round(Infinity)], [1, -3.5, 1, 1 + 2 ** -6, Infinity]);
  assert.ok(Number.isNaN(round(NaN)));
});

test('bytes off their boundary are read all the same', () => {
  const bytes = new Uint8Array(9);
  bytes.set(new Uint8Array(Float32Array.of(1.5, -2).buffer), 1);
  assert.deepEqual([...decodeFloats('F32', bytes.subarray(1))], [1.5, -2]);
});
