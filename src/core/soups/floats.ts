/** Floating-point tensors of files as numbers to compute with, and back. Half precision (IEEE 754 binary16) and bfloat16 are widened to float32. */
import type { Floats } from './rule.ts';

const FLOAT_TYPES = new Set(['F64', 'F32', 'F16', 'BF16']);

export function isFloat(dtype: string): boolean {
  return FLOAT_TYPES.has(dtype);
}

/** @param bytes of numbers of a floating-point type. @returns F32 and F64 share the memory where they lie on their boundaries */
export function decodeFloats(dtype: string, bytes: Uint8Array): Floats {
  const width = dtype === 'F64' ? 8 : dtype === 'F32' ? 4 : 2;
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  const length = bytes.byteLength / width;
  if (dtype === 'F64') return new Float64Array(aligned.buffer, aligned.byteOffset, length);
  if (dtype === 'F32') return new Float32Array(aligned.buffer, aligned.byteOffset, length);
  const halves = new Uint16Array(aligned.buffer, aligned.byteOffset, length);
  return Float32Array.from(halves, dtype === 'F16' ? fromHalf : fromBrain);
}

/** The bytes of numbers, rounded to the nearest of the type, to the even one of two; F32 and F64 share the memory. */
export function encodeFloats(dtype: string, values: Floats): Uint8Array {
  if (dtype === 'F64' || dtype === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return new Uint8Array(Uint16Array.from(values, dtype === 'F16' ? toHalf : toBrain).buffer);
}

/** Memory for so many numbers, to be encoded later. @param room where they may lie: their bytes, on a boundary of eight, where the type needs no encoding */
export function floatsFor(dtype: string, length: number, room?: Uint8Array): Floats {
  if (dtype === 'F64') return room === undefined ? new Float64Array(length) : new Float64Array(room.buffer, room.byteOffset, length);
  return room === undefined || dtype !== 'F32' ? new Float32Array(length) : new Float32Array(room.buffer, room.byteOffset, length);
}

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

function fromBrain(half: number): number {
  bits[0] = half << 16;
  return word[0];
}

function toBrain(value: number): number {
  word[0] = value;
  if (Number.isNaN(value)) return 0x7fc0;
  return ((bits[0] + 0x7fff + ((bits[0] >>> 16) & 1)) >>> 16) & 0xffff;
}

/** 1 sign, 5 bits of exponent with bias 15, 10 bits of fraction. */
function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function toHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65_520) return sign | 0x7c00;
  // The distance of neighbours at this size; below 2^-14 they are all 2^-24 apart.
  const exponent = size === 0 ? -14 : Math.max(-14, Math.floor(Math.log2(size)));
  const steps = roundToEven(size * 2 ** (10 - exponent));
  // A carry into the next exponent gives the right bits by itself.
  return sign | (steps + ((exponent + 14) << 10));
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
