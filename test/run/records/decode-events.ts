/** Reads event files as TensorBoard's documentation of them says, without TensorBoard. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { maskedCrc32c } from '../../../src/run/records/crc32c.ts';

/** What TensorBoard shows of a folder. */
export interface Read {
  fileVersion: number;
  /** By tag: [step, value]. */
  scalars: Record<string, [number, number][]>;
  text: Record<string, string>;
  hparams: Record<string, Record<string, unknown> | number>;
}

/** Bytes of each field of a message; numbers as 8 or 4 bytes, or the value of a varint. */
type Message = Map<number, (Buffer | number)[]>;

export function decodeEvents(folder: string): Read {
  const read: Read = { fileVersion: 0, scalars: {}, text: {}, hparams: {} };
  for (const name of readdirSync(folder).filter((each) => each.includes('tfevents')).sort()) {
    for (const record of recordsOf(readFileSync(path.join(folder, name)))) take(read, fieldsOf(record));
  }
  return read;
}

function take(read: Read, event: Message): void {
  const step = numberOf(event, 2);
  const version = event.get(3)?.[0];
  if (version !== undefined) read.fileVersion = Number(/^brain\.Event:(\d)$/.exec(String(version))?.[1]);
  if (event.has(7)) {
    assert.equal(numberOf(fieldsOf(bytesOf(event, 7)), 1), 1);
    for (const [tag, points] of Object.entries(read.scalars)) read.scalars[tag] = points.filter(([at]) => at < step);
  }
  if (!event.has(5)) return;
  for (const value of fieldsOf(bytesOf(event, 5)).get(1) ?? []) {
    const fields = fieldsOf(value as Buffer);
    const tag = bytesOf(fields, 1).toString();
    if (fields.has(2)) (read.scalars[tag] ??= []).push([step, bytesOf(fields, 2).readFloatLE()]);
    if (fields.has(9)) takeTensor(read, tag, fields);
  }
}

function takeTensor(read: Read, tag: string, fields: Message): void {
  const plugin = fieldsOf(bytesOf(fieldsOf(bytesOf(fields, 9)), 1));
  if (bytesOf(plugin, 1).toString() === 'text') read.text[tag] ??= bytesOf(fieldsOf(bytesOf(fields, 8)), 8).toString();
  else {
    const content = fieldsOf(bytesOf(plugin, 2));
    if (content.has(4)) read.hparams[tag] = numberOf(fieldsOf(bytesOf(content, 4)), 1);
    else read.hparams[tag] = Object.fromEntries((fieldsOf(bytesOf(content, 3)).get(1) ?? []).map((pair) => keyAndValue(fieldsOf(pair as Buffer))));
  }
}

function keyAndValue(pair: Message): [string, unknown] {
  const value = fieldsOf(bytesOf(pair, 2));
  const of = value.has(2) ? bytesOf(value, 2).readDoubleLE() : value.has(3) ? bytesOf(value, 3).toString() : numberOf(value, 4) === 1;
  return [bytesOf(pair, 1).toString(), of];
}

/** Whole records; a torn last one ends the file. */
function recordsOf(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at + 12 <= file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const end = at + 12 + length + 4;
    if (end > file.length) break;
    const record = file.subarray(at + 12, at + 12 + length);
    assert.equal(file.readUInt32LE(at + 8), maskedCrc32c(file.subarray(at, at + 8)));
    assert.equal(file.readUInt32LE(end - 4), maskedCrc32c(record));
    records.push(record);
    at = end;
  }
  return records;
}

function fieldsOf(bytes: Buffer): Message {
  const fields: Message = new Map();
  let at = 0;
  const varint = (): number => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const wire = key % 8;
    const length = wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? varint() : 0;
    const value = wire === 0 ? varint() : bytes.subarray(at, (at += length));
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

function bytesOf(fields: Message, field: number): Buffer {
  const value = fields.get(field)?.[0];
  assert.ok(Buffer.isBuffer(value), `field ${field} is not there`);
  return value;
}

function numberOf(fields: Message, field: number): number {
  return Number(fields.get(field)?.[0] ?? 0);
}
