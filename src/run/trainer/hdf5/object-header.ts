/** The messages that describe a group or a dataset (format specification 3.0, IV.A.1). */
import type { Cursor, Format } from './cursor.ts';

export const MESSAGE = {
  dataspace: 0x01, linkInfo: 0x02, datatype: 0x03, fillValue: 0x05, link: 0x06, external: 0x07, layout: 0x08, filters: 0x0b,
  attribute: 0x0c, continuation: 0x10, symbolTable: 0x11, attributeInfo: 0x15,
} as const;

export interface Message {
  type: number;
  /** It lies in another object, which is not followed. */
  shared: boolean;
  size: number;
  /** Byte in the source. */
  place: number;
}

/** A stretch of messages, bytes in the source. */
interface Block {
  place: number;
  end: number;
}

/** Messages of one object, and blocks of them; more are no network's. */
const MOST_MESSAGES = 65_536;

/** @throws StarsseError file-invalid */
export function readMessages(format: Format, address: number | null): Message[] {
  const cursor = format.at(address, 'an object');
  const isNew = format.source.bytes(cursor.place, 4)[0] !== 1;
  return isNew ? newMessages(cursor) : oldMessages(cursor);
}

function oldMessages(cursor: Cursor): Message[] {
  cursor.skip(2);
  const count = cursor.u16();
  cursor.skip(4);
  const size = cursor.u32();
  cursor.skip(4);
  return gather(cursor, { place: cursor.place, end: cursor.place + size }, count, (at) => {
    const [type, bytes, flags] = [at.u16(), at.u16(), at.u8()];
    at.skip(3);
    return { type, shared: (flags & 2) !== 0, size: bytes, place: at.place };
  }, { head: 8, before: 0, after: 0 });
}

function newMessages(cursor: Cursor): Message[] {
  cursor.expect('OHDR');
  const version = cursor.u8();
  if (version !== 2) throw cursor.format.torn(`an object header of version ${version}`);
  const flags = cursor.u8();
  if (flags & 0x20) cursor.skip(16);
  if (flags & 0x10) cursor.skip(4);
  const size = cursor.number(1 << (flags & 3));
  const order = flags & 4 ? 2 : 0;
  return gather(cursor, { place: cursor.place, end: cursor.place + size }, MOST_MESSAGES, (at) => {
    const [type, bytes, messageFlags] = [at.u8(), at.u16(), at.u8()];
    at.skip(order);
    return { type, shared: (messageFlags & 2) !== 0, size: bytes, place: at.place };
  }, { head: 4 + order, before: 4, after: 4 });
}

/** @param head bytes of a message before its content @param before signature of a further block @param after its checksum */
function gather(cursor: Cursor, first: Block, most: number, read: (cursor: Cursor) => Message, { head, before, after }: { head: number; before: number; after: number }): Message[] {
  const { format } = cursor;
  const blocks = [first];
  const seen = new Set([first.place]);
  const found: Message[] = [];
  for (const { place, end } of blocks) {
    const at = format.at(place - format.base, 'a block of messages');
    while (at.place + head <= end && found.length < most) {
      const message = read(at);
      if (message.place + message.size > end) throw format.torn(`a message of ${message.size} bytes at byte ${message.place} goes beyond its block`);
      at.place = message.place + message.size;
      found.push(message);
      if (message.type !== MESSAGE.continuation) continue;
      const where = format.at(message.place - format.base, 'a continuation');
      const next = format.at(where.address(), 'further messages');
      const nextEnd = next.place + where.length();
      if (before > 0) next.expect('OCHK');
      if (seen.has(next.place)) throw format.torn('its messages lead in circles');
      seen.add(next.place);
      blocks.push({ place: next.place, end: nextEnd - after });
    }
  }
  return found;
}

/** A cursor at the content of the first message of a type; null where there is none. */
export function messageAt(format: Format, messages: readonly Message[], type: number): Cursor | null {
  const found = messages.find((message) => message.type === type);
  if (found === undefined) return null;
  if (found.shared) throw format.torn(`a message of type ${type} that lies elsewhere; such files are not read`);
  return format.at(found.place - format.base, 'a message');
}
