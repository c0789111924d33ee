/** Bytes of a file as numbers, by safetensors' name of the type; all are little-endian, as the machines that this runs on. */
import { decodeFloats, isFloat } from '../../../core/soups/floats.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { Numbers } from './tensor-file.ts';

/** @param bytes on a boundary of eight where they are not to be copied. @throws StarsseError file-invalid for a type without numbers */
export function numbersOf(dtype: string, bytes: Uint8Array, what: string): Numbers {
  if (isFloat(dtype)) return decodeFloats(dtype, bytes);
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  switch (dtype) {
    case 'BOOL':
    case 'U8':
      return new Uint8Array(buffer, byteOffset, byteLength);
    case 'I8':
      return new Int8Array(buffer, byteOffset, byteLength);
    case 'U16':
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    case 'I16':
      return new Int16Array(buffer, byteOffset, byteLength / 2);
    case 'U32':
      return new Uint32Array(buffer, byteOffset, byteLength / 4);
    case 'I32':
      return new Int32Array(buffer, byteOffset, byteLength / 4);
    case 'U64':
      return Float64Array.from(new BigUint64Array(buffer, byteOffset, byteLength / 8), Number);
    case 'I64':
      return Float64Array.from(new BigInt64Array(buffer, byteOffset, byteLength / 8), Number);
    case 'F8_E4M3':
      return Float32Array.from(bytes, fromE4M3);
    case 'F8_E5M2':
      return Float32Array.from(bytes, fromE5M2);
    default:
      throw new StarsseError('file-invalid', `${what} is of the type ${dtype}, whose numbers are not read`);
  }
}

/** OCP's 8-bit float (2023): 1 bit sign, 4 bits exponent (bias 7), 3 bits fraction; no infinity, NaN where all bits but the sign are set. */
function fromE4M3(byte: number): number {
  const sign = byte & 0x80 ? -1 : 1;
  const [exponent, fraction] = [(byte >> 3) & 15, byte & 7];
  if (exponent === 15 && fraction === 7) return NaN;
  return exponent === 0 ? sign * fraction * 2 ** -9 : sign * (8 + fraction) * 2 ** (exponent - 10);
}

/** The same with 5 bits exponent (bias 15) and 2 bits fraction; infinity and NaN as IEEE 754 has them. */
function fromE5M2(byte: number): number {
  const sign = byte & 0x80 ? -1 : 1;
  const [exponent, fraction] = [(byte >> 2) & 31, byte & 3];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -16 : sign * (4 + fraction) * 2 ** (exponent - 17);
}
