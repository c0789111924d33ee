/** Where the numbers of a dataset lie, and how they are packed (format specification 3.0, IV.A.2.i and l). */
import type { Cursor, Format } from './cursor.ts';
import { MESSAGE, messageAt, type Message } from './object-header.ts';

export type Storage =
  /** One stretch; a place of null was never written. */
  | { kind: 'whole'; place: number | null; bytes: number }
  | { kind: 'chunks'; index: 'tree' | 'one' | 'row'; address: number | null; /** Elements of a chunk in each dimension. */ chunk: number[]; oneBytes: number | null; filterMask: number };

export interface Filter {
  id: number;
  name: string;
  values: number[];
}

const FILTERS: Record<number, string> = { 1: 'deflate', 2: 'shuffle', 3: 'fletcher32', 4: 'szip', 5: 'nbit', 6: 'scaleoffset', 32000: 'lzf', 32001: 'blosc', 32004: 'lz4', 32008: 'bitshuffle', 32015: 'zstd' };
const INDEXES = ['', 'one', 'row', 'a fixed array', 'an extensible array', 'a B-tree of version 2'];

/** @param bytes of all elements. @throws StarsseError file-invalid also for what is not read */
export function readStorage(format: Format, messages: readonly Message[], bytes: number): Storage {
  if (messages.some(({ type }) => type === MESSAGE.external)) throw format.torn('numbers that lie in other files; those are not read');
  const cursor = messageAt(format, messages, MESSAGE.layout);
  if (cursor === null) throw format.torn('a dataset without a layout');
  const version = cursor.u8();
  if (version < 3 || version > 5) throw format.torn(`a layout of version ${version}; 3 to 5 are read`);
  const kind = cursor.u8();
  if (kind === 0) return { kind: 'whole', bytes: cursor.u16(), place: cursor.place };
  if (kind === 1) {
    const address = cursor.address();
    const stored = cursor.length();
    return { kind: 'whole', place: address === null ? null : format.base + address, bytes: address === null ? bytes : stored };
  }
  if (kind !== 2) throw format.torn('numbers that lie in other datasets; those are not read');
  return version === 3 ? oldChunks(cursor) : newChunks(cursor, format);
}

function oldChunks(cursor: Cursor): Storage {
  const rank = cursor.u8();
  const address = cursor.address();
  const chunk = Array.from({ length: rank - 1 }, () => cursor.u32());
  return { kind: 'chunks', index: 'tree', address, chunk, oneBytes: null, filterMask: 0 };
}

function newChunks(cursor: Cursor, format: Format): Storage {
  const [flags, rank, width] = [cursor.u8(), cursor.u8(), cursor.u8()];
  const chunk = Array.from({ length: rank }, () => cursor.number(width)).slice(0, -1);
  const index = INDEXES[cursor.u8()];
  if (index !== 'one' && index !== 'row') throw format.torn(`chunks in ${index ?? 'an unknown order'}; those are not read`);
  const isPacked = index === 'one' && (flags & 2) !== 0;
  const [oneBytes, filterMask] = isPacked ? [cursor.length(), cursor.u32()] : [null, 0];
  return { kind: 'chunks', index, address: cursor.address(), chunk, oneBytes, filterMask };
}

/** In the order in which they were applied. */
export function readFilters(format: Format, messages: readonly Message[]): Filter[] {
  const cursor = messageAt(format, messages, MESSAGE.filters);
  if (cursor === null) return [];
  const [version, count] = [cursor.u8(), cursor.u8()];
  if (version === 1) cursor.skip(6);
  return Array.from({ length: count }, () => {
    const id = cursor.u16();
    const nameBytes = version === 1 || id >= 256 ? cursor.u16() : 0;
    cursor.skip(2);
    const values = cursor.u16();
    cursor.skip(version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes);
    const filter = { id, name: FILTERS[id] ?? `filter ${id}`, values: Array.from({ length: values }, () => cursor.u32()) };
    if (version === 1 && values % 2 === 1) cursor.skip(4);
    return filter;
  });
}
