/** Many links or attributes of one object: a B-tree of places in a heap (format specification 3.0, III.A.2 and III.G). */
import type { Cursor, Format } from './cursor.ts';

/** Links of one group. */
const MOST_RECORDS = 1_000_000;

/** Content of each link or attribute of a heap, in the order of the tree. @param idAt bytes of a record before its place in the heap */
export function* denseObjects(format: Format, heapAddress: number | null, treeAddress: number | null, idAt: number): Generator<Cursor> {
  if (heapAddress === null || treeAddress === null) return;
  const heap = new FractalHeap(format, heapAddress);
  for (const record of recordsOf(format, treeAddress)) {
    record.skip(idAt);
    yield heap.object(record);
  }
}

/** Bytes that hold numbers up to one. */
function bytesFor(limit: number): number {
  return Math.floor(Math.log2(Math.max(limit, 1)) / 8) + 1;
}

function* recordsOf(format: Format, address: number): Generator<Cursor> {
  const header = format.at(address, 'a B-tree');
  header.expect('BTHD');
  header.skip(2);
  const [nodeSize, recordSize, depth] = [header.u32(), header.u16(), header.u16()];
  header.skip(2);
  const [root, rootRecords, total] = [header.address(), header.u16(), header.length()];
  if (recordSize === 0 || depth > 32 || total > MOST_RECORDS) throw format.torn(`a B-tree of ${total} records, ${depth} deep`);
  // Bytes of the numbers beside an address follow from how many records fit below.
  const leafMost = Math.floor((nodeSize - 10) / recordSize);
  const countBytes = bytesFor(leafMost);
  const totalBytes = [0];
  for (let level = 1, most = leafMost; level <= depth; level++) {
    const pointer = format.offsetBytes + countBytes + totalBytes[level - 1];
    const here = Math.floor((nodeSize - 10 - pointer) / (recordSize + pointer));
    most = (here + 1) * most + here;
    totalBytes.push(bytesFor(most));
  }
  if (total > 0) yield* node(root, rootRecords, depth);

  function* node(nodeAddress: number | null, count: number, level: number): Generator<Cursor> {
    const cursor = format.at(nodeAddress, 'a node');
    cursor.expect(level === 0 ? 'BTLF' : 'BTIN');
    cursor.skip(2);
    const first = cursor.place;
    const pointers = format.at(first + count * recordSize - format.base, 'a node');
    for (let index = 0; index <= count; index++) {
      if (level > 0) {
        const [child, childCount] = [pointers.address(), pointers.number(countBytes)];
        if (level > 1) pointers.skip(totalBytes[level - 1]);
        yield* node(child, childCount, level - 1);
      }
      if (index < count) yield format.at(first + index * recordSize - format.base, 'a record');
    }
  }
}

class FractalHeap {
  readonly #format: Format;
  readonly #width: number;
  readonly #startSize: number;
  readonly #mostDirect: number;
  readonly #offsetBytes: number;
  readonly #lengthBytes: number;
  readonly #root: number | null;
  readonly #rootRows: number;

  constructor(format: Format, address: number) {
    this.#format = format;
    const header = format.at(address, 'a heap');
    header.expect('FRHP');
    header.skip(3);
    if (header.u16() > 0) throw format.torn('a heap that is packed; such files are not read');
    header.skip(1);
    const mostManaged = header.u32();
    header.skip(format.lengthBytes + format.offsetBytes + format.lengthBytes + format.offsetBytes + 8 * format.lengthBytes);
    this.#width = header.u16();
    this.#startSize = header.length();
    this.#mostDirect = header.length();
    this.#offsetBytes = Math.ceil(header.u16() / 8);
    header.skip(2);
    this.#root = header.address();
    this.#rootRows = header.u16();
    this.#lengthBytes = Math.min(Math.ceil(Math.log2(Math.max(this.#mostDirect, 2)) / 8), bytesFor(mostManaged));
    if (this.#width === 0 || this.#startSize === 0 || this.#offsetBytes > 8) throw format.torn('a heap without blocks');
  }

  /** @param id at the place of an object in the heap */
  object(id: Cursor): Cursor {
    const kind = (id.u8() >> 4) & 3;
    if (kind === 2) {
      // Small ones lie in the record itself, behind a length.
      return id;
    }
    if (kind !== 0) throw this.#format.torn('an object too large for its heap; such files are not read');
    const offset = id.number(this.#offsetBytes);
    id.skip(this.#lengthBytes);
    return this.#at(this.#root, offset, 0, this.#rootRows);
  }

  /** @param from offset of the block's start in the heap @param rows of an indirect block; 0 for a direct one */
  #at(address: number | null, offset: number, from: number, rows: number): Cursor {
    const format = this.#format;
    if (rows === 0) {
      const block = format.at(address, 'a block of a heap');
      block.expect('FHDB');
      return format.at(address! + offset - from, 'an object of a heap');
    }
    const block = format.at(address, 'a block of a heap');
    block.expect('FHIB');
    block.skip(1 + format.offsetBytes + this.#offsetBytes);
    let start = from;
    for (let row = 0; row < rows; row++) {
      const size = this.#startSize * 2 ** Math.max(0, row - 1);
      const end = start + size * this.#width;
      if (offset < end) {
        const column = Math.floor((offset - start) / size);
        block.skip(column * format.offsetBytes);
        const inner = size <= this.#mostDirect ? 0 : Math.round(Math.log2(size) - Math.log2(this.#startSize * this.#width)) + 1;
        return this.#at(block.address(), offset, start + column * size, inner);
      }
      block.skip(this.#width * format.offsetBytes);
      start = end;
    }
    throw format.torn(`place ${offset} of a heap that ends at ${start}`);
  }
}
