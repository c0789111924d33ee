/** Texts beside a group (format specification 3.0, IV.A.2.m). Attributes of other types are left out. */
import type { Cursor, Format } from './cursor.ts';
import { denseObjects } from './dense.ts';
import { MESSAGE, messageAt, type Message } from './object-header.ts';
import { readSpace, readType, type ElementType } from './types.ts';

/** A model's configuration is a text of megabytes at most. */
const MOST_TEXTS = 100_000;

export function readTexts(format: Format, messages: readonly Message[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (cursor: Cursor): void => {
    const attribute = readAttribute(cursor);
    if (attribute !== null) found.set(attribute.name, attribute.texts);
  };
  for (const { type, shared, place } of messages) {
    if (type === MESSAGE.attribute && !shared) add(format.at(place - format.base, 'an attribute'));
  }
  const info = messageAt(format, messages, MESSAGE.attributeInfo);
  if (info !== null) {
    info.skip(1);
    if (info.u8() & 1) info.skip(2);
    const heap = info.address();
    for (const object of denseObjects(format, heap, info.address(), 0)) add(object);
  }
  return found;
}

/** @returns null where it is no text */
function readAttribute(cursor: Cursor): { name: string; texts: string[] } | null {
  const { format } = cursor;
  const version = cursor.u8();
  const flags = cursor.u8();
  if (version < 1 || version > 3) throw format.torn(`an attribute of version ${version}`);
  const [nameBytes, typeBytes, spaceBytes] = [cursor.u16(), cursor.u16(), cursor.u16()];
  if (version === 3) cursor.skip(1);
  // The first version filled fields up to eight bytes.
  const padded = (bytes: number): number => (version === 1 ? Math.ceil(bytes / 8) * 8 : bytes);
  const start = cursor.place;
  const name = cursor.text(nameBytes);
  if (version > 1 && flags & 3) return null;
  const typeAt = start + padded(nameBytes);
  const type = readType(format.at(typeAt - format.base, 'a type'));
  if (type.text === null) return null;
  const spaceAt = typeAt + padded(typeBytes);
  const shape = readSpace(format.at(spaceAt - format.base, 'a dataspace'));
  const count = shape === null ? 0 : shape.reduce((a, b) => a * b, 1);
  if (count > MOST_TEXTS) throw format.torn(`${count} texts in the attribute ${name}`);
  const values = format.at(spaceAt + padded(spaceBytes) - format.base, 'texts');
  return { name, texts: Array.from({ length: count }, () => textOf(values, type)) };
}

function textOf(cursor: Cursor, { text, bytes }: ElementType): string {
  if (text === 'fixed') return cursor.text(bytes);
  const length = cursor.u32();
  const heap = cursor.address();
  const index = cursor.u32();
  return length === 0 ? '' : fromGlobalHeap(cursor.format, heap, index, length);
}

/** Texts of any length lie in collections; an object is found by walking over those before it. */
function fromGlobalHeap(format: Format, address: number | null, wanted: number, length: number): string {
  const cursor = format.at(address, 'a collection of texts');
  const start = cursor.place;
  cursor.expect('GCOL');
  cursor.skip(4);
  const end = start + cursor.length();
  while (cursor.place + 8 + format.lengthBytes <= end) {
    const index = cursor.u16();
    cursor.skip(6);
    const size = cursor.length();
    if (index === wanted && index !== 0) return cursor.text(Math.min(length, size));
    if (index === 0) break;
    cursor.skip(Math.ceil(size / 8) * 8);
  }
  throw format.torn(`text ${wanted} is not in its collection`);
}
