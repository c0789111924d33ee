/** Numbers that lie in chunks: which ones a stretch needs, unpacked and put in order. */
import { inflateSync } from 'node:zlib';
import type { Format } from './cursor.ts';
import type { Filter, Storage } from './storage.ts';

interface Chunk {
  /** Its first element in each dimension. */
  start: number[];
  address: number | null;
  bytes: number;
  /** Bits of filters that were left out. */
  mask: number;
}

export interface Chunked {
  /** The bytes of `count` elements from `from` on, in the order of C. Chunks that were never written are zeros. */
  read(from: number, count: number): Uint8Array;
}

/** Unpacked chunks that are kept, bytes: a stretch may need parts of many. */
const MOST_KEPT = 64_000_000;
const MOST_CHUNKS = 2_000_000;

/** @param width bytes of an element. @throws StarsseError file-invalid */
export function openChunks(format: Format, storage: Storage & { kind: 'chunks' }, filters: readonly Filter[], shape: readonly number[], width: number): Chunked {
  const { chunk } = storage;
  const chunkBytes = chunk.reduce((a, b) => a * b, width);
  if (chunk.length !== shape.length || chunk.includes(0)) throw format.torn(`chunks [${chunk.join(', ')}] of [${shape.join(', ')}]`);
  if (!(chunkBytes <= 2 ** 31)) throw format.torn(`chunks of ${chunkBytes} bytes`);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const chunks = indexOf(format, storage, shape, chunkBytes);
  const kept = new Map<Chunk, Uint8Array>();
  return {
    read(from, count) {
      const target = new Uint8Array(count * width);
      for (const each of chunks) {
        const last = each.start.reduce((sum, start, axis) => sum + Math.min(start + chunk[axis], shape[axis]) * strides[axis] - strides[axis], 0);
        const first = each.start.reduce((sum, start, axis) => sum + start * strides[axis], 0);
        if (last >= from && first < from + count) copy(each, unpacked(each), target, from, count);
      }
      return target;
    },
  };

  function unpacked(each: Chunk): Uint8Array {
    let bytes = kept.get(each);
    if (bytes === undefined) {
      bytes = unpack(format, each, filters, chunkBytes, width);
      while (kept.size > 0 && (kept.size + 1) * chunkBytes > MOST_KEPT) kept.delete(kept.keys().next().value!);
      kept.set(each, bytes);
    }
    return bytes;
  }

  /** Row by row of the last dimension: what of a chunk lies in the stretch. */
  function copy({ start }: Chunk, bytes: Uint8Array, target: Uint8Array, from: number, count: number): void {
    const lastAxis = shape.length - 1;
    const row = Math.min(chunk[lastAxis], shape[lastAxis] - start[lastAxis]);
    const visit = (axis: number, flat: number, inChunk: number): void => {
      if (axis === lastAxis) {
        const begin = Math.max(from, flat + start[axis]);
        const end = Math.min(from + count, flat + start[axis] + row);
        const source = (inChunk * chunk[axis] + begin - flat - start[axis]) * width;
        if (begin < end) target.set(bytes.subarray(source, source + (end - begin) * width), (begin - from) * width);
        return;
      }
      for (let i = 0; i < chunk[axis] && start[axis] + i < shape[axis]; i++) visit(axis + 1, flat + (start[axis] + i) * strides[axis], inChunk * chunk[axis] + i);
    };
    visit(0, 0, 0);
  }
}

function indexOf(format: Format, { index, address, chunk, oneBytes, filterMask }: Storage & { kind: 'chunks' }, shape: readonly number[], chunkBytes: number): Chunk[] {
  if (address === null) return [];
  if (index === 'tree') return [...treeChunks(format, address, shape.length, null)];
  if (index === 'one') return [{ start: shape.map(() => 0), address, bytes: oneBytes ?? chunkBytes, mask: filterMask }];
  const grid = shape.map((size, axis) => Math.ceil(size / chunk[axis]));
  const count = grid.reduce((a, b) => a * b, 1);
  if (count > MOST_CHUNKS) throw format.torn(`${count} chunks`);
  return Array.from({ length: count }, (_, place) => {
    let rest = place;
    const start = grid.map(() => 0);
    for (let axis = grid.length - 1; axis >= 0; axis--) {
      start[axis] = (rest % grid[axis]) * chunk[axis];
      rest = Math.floor(rest / grid[axis]);
    }
    return { start, address: address + place * chunkBytes, bytes: chunkBytes, mask: 0 };
  });
}

function* treeChunks(format: Format, address: number | null, rank: number, expected: number | null): Generator<Chunk> {
  const cursor = format.at(address, 'a node of chunks');
  cursor.expect('TREE');
  const [kind, level, entries] = [cursor.u8(), cursor.u8(), cursor.u16()];
  if (kind !== 1 || (expected !== null && level !== expected)) throw format.torn('a node of chunks on the wrong level');
  cursor.skip(2 * format.offsetBytes);
  for (let entry = 0; entry < entries; entry++) {
    const [bytes, mask] = [cursor.u32(), cursor.u32()];
    const start = Array.from({ length: rank }, () => cursor.number(8));
    cursor.skip(8); // the place inside an element
    const child = cursor.address();
    if (level > 0) yield* treeChunks(format, child, rank, level - 1);
    else yield { start, address: child, bytes, mask };
  }
}

/** Takes the filters back, the last one first. */
function unpack(format: Format, { address, bytes: size, mask }: Chunk, filters: readonly Filter[], chunkBytes: number, width: number): Uint8Array {
  let bytes = format.at(address, 'a chunk').bytes(filters.length === 0 ? chunkBytes : size);
  for (let place = filters.length - 1; place >= 0; place--) {
    if (mask & (1 << place)) continue;
    const { id, name, values } = filters[place];
    if (id === 1) bytes = inflated(format, bytes, chunkBytes);
    else if (id === 2) bytes = unshuffled(bytes, values[0] ?? width);
    else if (id === 3) bytes = bytes.subarray(0, -4);
    else throw format.torn(`numbers packed by ${name}; deflate and shuffle are unpacked`);
  }
  if (bytes.length !== chunkBytes) throw format.torn(`a chunk of ${bytes.length} bytes, ${chunkBytes} expected`);
  return bytes;
}

function inflated(format: Format, bytes: Uint8Array, most: number): Uint8Array {
  try {
    // A checksum may lie behind the numbers.
    return inflateSync(bytes, { maxOutputLength: most + 4 });
  } catch (error) {
    throw format.torn(`a chunk that cannot be unpacked: ${(error as Error).message}`);
  }
}

/** All first bytes lie before all second ones. */
function unshuffled(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / width);
  const result = Uint8Array.from(bytes);
  for (let byte = 0; byte < width; byte++) for (let i = 0; i < count; i++) result[i * width + byte] = bytes[byte * count + i];
  return result;
}
