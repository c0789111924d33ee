/** What the elements of a dataset are, and how many (format specification 3.0, IV.A.2.b and d). */
import type { Cursor } from './cursor.ts';

export interface ElementType {
  /** Safetensors' name where the numbers can be read, else words. */
  dtype: string;
  /** One of the names that safetensors has. */
  isNumber: boolean;
  isFloat: boolean;
  bigEndian: boolean;
  bytes: number;
  text: 'fixed' | 'variable' | null;
}

const CLASSES = ['integer', 'float', 'time', 'text', 'bits', 'opaque', 'compound', 'reference', 'enumeration', 'variable length', 'array'];
/** Bytes, exponent and mantissa of the floats of IEEE 754. */
const FLOATS: Record<string, string> = { '2/5/10': 'F16', '2/8/7': 'BF16', '4/8/23': 'F32', '8/11/52': 'F64' };
const MOST_RANK = 32;

export function readType(cursor: Cursor): ElementType {
  const kind = cursor.u8() & 15;
  const bits = cursor.number(3);
  const bytes = cursor.u32();
  const other = (dtype: string, text: ElementType['text'] = null): ElementType => ({ dtype, isNumber: false, isFloat: false, bigEndian: false, bytes, text });
  const number = (dtype: string, isFloat: boolean): ElementType => ({ dtype, isNumber: true, isFloat, bigEndian: (bits & 1) !== 0, bytes, text: null });
  switch (kind) {
    case 0: {
      const [offset, precision] = [cursor.u16(), cursor.u16()];
      const name = `${bits & 8 ? 'I' : 'U'}${bytes * 8}`;
      return [1, 2, 4, 8].includes(bytes) && offset === 0 && precision === bytes * 8 ? number(name, false) : other(`${name} of ${precision} bits`);
    }
    case 1: {
      cursor.skip(5);
      const exponent = cursor.u8();
      cursor.skip(1);
      const name = FLOATS[`${bytes}/${exponent}/${cursor.u8()}`];
      return name === undefined || bits & 0x40 ? other(`float of ${bytes} bytes`) : number(name, true);
    }
    case 3:
      return other(`text of ${bytes} bytes`, 'fixed');
    case 8: {
      // What h5py writes for true and false.
      const base = readType(cursor);
      return (bits & 0xffff) === 2 && base.bytes === 1 && base.isNumber ? { ...base, dtype: 'BOOL' } : other('enumeration');
    }
    case 9:
      return (bits & 15) === 1 ? other('text', 'variable') : other('variable length');
    default:
      return other(CLASSES[kind] ?? `type ${kind}`);
  }
}

/** Sizes of all dimensions; [] for a single element. @returns null for no elements at all. @throws StarsseError file-invalid */
export function readSpace(cursor: Cursor): number[] | null {
  const version = cursor.u8();
  const rank = cursor.u8();
  const flags = cursor.u8();
  if ((version !== 1 && version !== 2) || rank > MOST_RANK || flags > 3) throw cursor.format.torn(`a dataspace of version ${version} and ${rank} dimensions`);
  const kind = cursor.u8();
  if (version === 1) cursor.skip(4);
  return version === 2 && kind === 2 ? null : Array.from({ length: rank }, () => cursor.length());
}
