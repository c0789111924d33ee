/** What is in a group: names and the addresses of what they stand for. Links to other names and other files are left out. */
import type { Cursor, Format } from './cursor.ts';
import { denseObjects } from './dense.ts';
import { MESSAGE, messageAt, type Message } from './object-header.ts';

export interface Link {
  name: string;
  address: number | null;
}

/** @returns null for messages of something that is no group. @throws StarsseError file-invalid */
export function readLinks(format: Format, messages: readonly Message[]): Link[] | null {
  const table = messageAt(format, messages, MESSAGE.symbolTable);
  if (table !== null) return [...tableLinks(format, table)];
  const info = messageAt(format, messages, MESSAGE.linkInfo);
  if (info === null) return null;
  const links = messages.filter(({ type }) => type === MESSAGE.link).flatMap(({ place }) => readLink(format.at(place - format.base, 'a link')));
  info.skip(1);
  if (info.u8() & 1) info.skip(8);
  const heap = info.address();
  // A record of the tree of names: hash, place in the heap.
  for (const object of denseObjects(format, heap, info.address(), 4)) links.push(...readLink(object));
  return links;
}

/** @returns none for a link that is not to an object of this file */
function readLink(cursor: Cursor): Link[] {
  cursor.skip(1);
  const flags = cursor.u8();
  const kind = flags & 8 ? cursor.u8() : 0;
  if (flags & 4) cursor.skip(8);
  if (flags & 16) cursor.skip(1);
  const name = cursor.text(cursor.number(1 << (flags & 3)));
  return kind === 0 ? [{ name, address: cursor.address() }] : [];
}

/** Groups as HDF5 has made them from its beginnings: a B-tree of tables, names in a heap. */
function* tableLinks(format: Format, message: Cursor): Generator<Link> {
  const tree = message.address();
  const heap = format.at(message.address(), 'a heap of names');
  heap.expect('HEAP');
  heap.skip(4);
  const size = heap.length();
  heap.skip(format.lengthBytes);
  const names = heap.address();
  yield* node(tree, null);

  function* node(address: number | null, expected: number | null): Generator<Link> {
    const cursor = format.at(address, 'a node of a group');
    cursor.expect('TREE');
    const [kind, level, entries] = [cursor.u8(), cursor.u8(), cursor.u16()];
    // A node in a circle would have to be below itself.
    if (kind !== 0 || (expected !== null && level !== expected)) throw format.torn('a node of a group on the wrong level');
    cursor.skip(2 * format.offsetBytes);
    for (let entry = 0; entry < entries; entry++) {
      cursor.skip(format.lengthBytes);
      const child = cursor.address();
      if (level > 0) yield* node(child, level - 1);
      else yield* tableOf(child);
    }
  }

  function* tableOf(address: number | null): Generator<Link> {
    const cursor = format.at(address, 'a table of a group');
    cursor.expect('SNOD');
    cursor.skip(2);
    const count = cursor.u16();
    for (let entry = 0; entry < count; entry++) {
      const nameAt = cursor.number(format.offsetBytes);
      const object = cursor.address();
      const kind = cursor.u32();
      cursor.skip(20);
      if (nameAt >= size || names === null) throw format.torn(`a name at ${nameAt} of ${size}`);
      if (kind !== 2) yield { name: nameOf(names + nameAt, size - nameAt), address: object };
    }
  }

  function nameOf(at: number, most: number): string {
    const cursor = format.at(at, 'a name');
    const end = Math.min(most, format.source.size - cursor.place);
    for (let length = Math.min(64, end); ; length = Math.min(length * 4, end)) {
      const bytes = format.source.bytes(cursor.place, length);
      if (bytes.includes(0) || length === end) return cursor.text(length);
    }
  }
}
