/** Records that lie in a file one after the other, as arrays do. */
import type { EntryWriter } from './cache-entry.ts';
import type { ByteSource } from './byte-source.ts';

/** About so much is read, converted and written at once. */
const PIECE_BYTES = 2 ** 20;

export interface StoredArray {
  /** Behind whatever is before the first record. */
  source: ByteSource;
  count: number;
  /** Bytes a record as the file has it. */
  storedBytes: number;
  /** `count` stored records as they are kept. */
  convert(stored: Buffer, count: number): Uint8Array;
}

/**
 * Puts all records from `first` on.
 * @param onProgress is called with how many are done and may throw to end the work.
 * @returns the bytes that were found: fewer than wanted when the file is torn.
 */
export async function putArray({ source, count, storedBytes, convert }: StoredArray, { put }: EntryWriter, onProgress: (done: number) => void, first = 0): Promise<number> {
  const atOnce = Math.max(1, Math.floor(PIECE_BYTES / storedBytes));
  for (let done = 0; done < count; done += atOnce) {
    onProgress(first + done);
    const wanted = Math.min(atOnce, count - done);
    const stored = await source.read(wanted * storedBytes);
    if (stored.length < wanted * storedBytes) return done * storedBytes + stored.length;
    await put(first + done, convert(stored, wanted));
  }
  return count * storedBytes;
}
