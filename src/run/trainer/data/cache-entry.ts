/**
 * Records in the cache folder: decoded once, whole or not at all, for every process that asks for the same content.
 *   <cache>/images/<key>/entry.json    layout, what could not be read
 *                        records.bin   [count] records, those that could not be read are zero
 *                        index.bin     for each record 16 bytes of its SHA-256, width and height of the image (32-bit, 0 if none)
 */
import { open, readFile, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { parseJson } from '../../../protocol/parse.ts';
import { replaceJson } from '../../write.ts';
import { HASH_BYTES } from './example-set.ts';
import { recordBytes, type Layout } from './records.ts';

export const ENTRY_FORMAT = 1;
const INDEX_BYTES = HASH_BYTES + 8;
const length = v.pipe(v.number(), v.integer(), v.minValue(0));

const EntrySchema = v.object({
  format: v.literal(ENTRY_FORMAT),
  layout: v.object({ count: length, shape: v.tuple([length, length, length]), values: v.picklist(['pixels', 'features']) }),
  unreadable: v.array(v.tuple([length, v.string()])),
});

export interface StoredRecords {
  layout: Layout;
  /** The file of records. */
  file: string;
  /** [count, HASH_BYTES] */
  hashes: Uint8Array;
  /** [count, 2] width and height of the image file; 0 where it was none. */
  sizes: Uint32Array;
  /** Position and reason. */
  unreadable: [position: number, reason: string][];
}

/** The entry in a folder, marked as used now; null if it is missing, torn or of another version. */
export async function openEntry(folder: string): Promise<StoredRecords | null> {
  try {
    const file = path.join(folder, 'records.bin');
    const entryFile = path.join(folder, 'entry.json');
    const { layout, unreadable } = parseJson(EntrySchema, await readFile(entryFile, 'utf8'), entryFile);
    const index = await readFile(path.join(folder, 'index.bin'));
    if (index.length !== layout.count * INDEX_BYTES || (await stat(file)).size !== layout.count * recordBytes(layout)) return null;
    const now = new Date();
    await utimes(entryFile, now, now).catch(() => undefined);
    const hashes = new Uint8Array(layout.count * HASH_BYTES);
    const sizes = new Uint32Array(layout.count * 2);
    for (let position = 0; position < layout.count; position++) {
      const start = position * INDEX_BYTES;
      hashes.set(index.subarray(start, start + HASH_BYTES), position * HASH_BYTES);
      sizes[2 * position] = index.readUInt32LE(start + HASH_BYTES);
      sizes[2 * position + 1] = index.readUInt32LE(start + HASH_BYTES + 4);
    }
    return { layout, file, hashes, sizes, unreadable };
  } catch {
    return null;
  }
}

/** Writes the records of an entry in any order. */
export interface EntryWriter {
  /** Records that follow each other from `position` on. */
  put(position: number, records: Uint8Array, size?: { width: number; height: number }): Promise<void>;
  unreadable(position: number, reason: string): void;
}

/** Fills an empty folder with an entry; it is one only after this came to its end. */
export async function writeEntry(folder: string, layout: Layout, hashOf: (record: Uint8Array) => Uint8Array, fill: (writer: EntryWriter) => Promise<void>): Promise<void> {
  const size = recordBytes(layout);
  const index = Buffer.alloc(layout.count * INDEX_BYTES);
  const unreadable: [number, string][] = [];
  const file = await open(path.join(folder, 'records.bin'), 'wx');
  try {
    await file.truncate(layout.count * size);
    await fill({
      async put(position, records, original = { width: 0, height: 0 }) {
        for (let start = 0, place = position; start < records.length; start += size, place++) {
          index.set(hashOf(records.subarray(start, start + size)), place * INDEX_BYTES);
          index.writeUInt32LE(original.width, place * INDEX_BYTES + HASH_BYTES);
          index.writeUInt32LE(original.height, place * INDEX_BYTES + HASH_BYTES + 4);
        }
        for (let done = 0; done < records.length; ) {
          done += (await file.write(records, done, records.length - done, position * size + done)).bytesWritten;
        }
      },
      unreadable: (position, reason) => void unreadable.push([position, reason]),
    });
    await file.sync();
  } finally {
    await file.close();
  }
  const indexFile = await open(path.join(folder, 'index.bin'), 'wx');
  try {
    await indexFile.writeFile(index);
    await indexFile.sync();
  } finally {
    await indexFile.close();
  }
  unreadable.sort(([a], [b]) => a - b);
  await replaceJson(path.join(folder, 'entry.json'), { format: ENTRY_FORMAT, layout, unreadable });
}
