/** The cache of decoded images and large arrays. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { installFolder } from '../../../backends/install-folder.ts';
import type { Progress } from '../../task-lines.ts';
import { diskError } from '../../write.ts';
import { imagesFolder, removeUnused } from './cache-cleaning.ts';
import { ENTRY_FORMAT, openEntry, writeEntry, type EntryWriter, type StoredRecords } from './cache-entry.ts';
import { HASH_BYTES, type ExampleSet } from './example-set.ts';
import { openDataset } from './open-dataset.ts';
import { recordBytes, type Layout, type RecordSource } from './records.ts';

/** Sets up to this size are held in memory: three of them stay under 1 GB beside everything else. STARSSE_IN_MEMORY_MB in the environment sets another size. */
function inMemoryBytes(): number {
  const megabytes = Number(process.env.STARSSE_IN_MEMORY_MB ?? '192');
  return (megabytes >= 0 ? megabytes : 192) * 2 ** 20;
}

export interface Making {
  onProgress?: ((progress: Progress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Everything of the records that a set of examples needs. */
export type MadeRecords = Omit<StoredRecords, 'file'> & { source: RecordSource };

/**
 * The records that `fill` makes: from the cache when somebody made them before.
 * @param key whatever the content depends on.
 * @param keepInMemory small sets do not go through the cache at all: for content that is as quick to read as the cache is.
 * @throws StarsseError disk, cancelled; what `fill` throws
 */
export async function makeRecords(key: unknown, layout: Layout, keepInMemory: boolean, { onProgress, signal = new AbortController().signal }: Making, fill: (writer: EntryWriter) => Promise<void>): Promise<MadeRecords> {
  const totalBytes = layout.count * recordBytes(layout);
  if (keepInMemory && totalBytes <= inMemoryBytes()) return await inMemory(layout, fill);
  const target = path.join(imagesFolder(), createHash('sha256').update(JSON.stringify([ENTRY_FORMAT, layout, key])).digest('hex'));
  // Who only reads takes no lock.
  const present = await openEntry(target);
  if (present !== null) return await held(present);
  try {
    await mkdir(imagesFolder(), { recursive: true });
    await removeUnused();
    const stored = await installFolder({
      target,
      signal,
      roomNeededBytes: totalBytes + 2 ** 28,
      findWorking: () => openEntry(target),
      build: (folder) => writeEntry(folder, layout, hashOf, fill),
      onWait: () => onProgress?.({ fraction: null, message: 'Another process is decoding the same images; waiting for it' }),
    });
    return await held(stored);
  } catch (error) {
    throw diskError(error, target);
  }
}

/** A dataset of the records, and what is known of them; those that could not be read are left out by the caller. */
export function examplesOf(records: MadeRecords, labels: Int32Array, classes: number, nameOf: (position: number) => string): ExampleSet {
  const { source, hashes } = records;
  return { dataset: openDataset({ records: source, labels, classes }), hashes, nameOf, sizes: null, unreadable: [], ignored: [] };
}

function hashOf(record: Uint8Array): Uint8Array {
  return createHash('sha256').update(record).digest().subarray(0, HASH_BYTES);
}

async function inMemory(layout: Layout, fill: (writer: EntryWriter) => Promise<void>): Promise<MadeRecords> {
  const size = recordBytes(layout);
  const bytes = new SharedArrayBuffer(layout.count * size);
  const all = new Uint8Array(bytes);
  const hashes = new Uint8Array(layout.count * HASH_BYTES);
  const unreadable: [number, string][] = [];
  await fill({
    put(position, records) {
      all.set(records, position * size);
      for (let start = 0, place = position; start < records.length; start += size, place++) hashes.set(hashOf(records.subarray(start, start + size)), place * HASH_BYTES);
      return Promise.resolve();
    },
    unreadable: (position, reason) => void unreadable.push([position, reason]),
  });
  return { layout, source: { layout, bytes }, hashes, sizes: new Uint32Array(layout.count * 2), unreadable };
}

/** Small sets are read into memory, large ones stay where they are. */
async function held({ file, ...stored }: StoredRecords): Promise<MadeRecords> {
  const { layout } = stored;
  const totalBytes = layout.count * recordBytes(layout);
  if (totalBytes > inMemoryBytes()) return { ...stored, source: { layout, file } };
  const bytes = new SharedArrayBuffer(totalBytes);
  const all = new Uint8Array(bytes);
  let done = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    all.set(chunk, done);
    done += chunk.length;
  }
  return { ...stored, source: { layout, bytes } };
}
