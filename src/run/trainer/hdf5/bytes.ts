/** Where the bytes of an HDF5 file come from: memory, or a stretch of a file on disk that is read by ranges. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StarsseError } from '../../../protocol/errors.ts';

export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /** The file, for errors. */
  readonly what: string;
  /** Some bytes, which are not to be changed. @throws StarsseError file-invalid beyond the end */
  bytes(at: number, length: number): Uint8Array;
  close(): void;
}

/** Structure lies in small pieces close to each other. */
const PAGE = 1 << 16;
const MOST_PAGES = 256;

export function torn(what: string, problem: string, cause?: unknown): StarsseError {
  return new StarsseError('file-invalid', `${what}: not a whole HDF5 file: ${problem}`, { cause, hint: 'The file is torn or of another kind. Copy or make it again.' });
}

export function memoryBytes({ buffer, byteOffset, byteLength }: Uint8Array, what: string): ByteSource {
  // A Buffer's slice would be no copy.
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return {
    size: bytes.length,
    what,
    bytes(at, length) {
      checkRange(at, length, bytes.length, what);
      return bytes.subarray(at, at + length);
    },
    close: () => undefined,
  };
}

/**
 * A file, or the part of it from `start` on: small reads go by pages of which some are kept, large ones straight to the disk.
 * @param part where the bytes lie in the file; without it the whole file
 * @throws StarsseError file-missing
 */
export function fileBytes(file: string, part?: { start: number; size: number }): ByteSource {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (cause) {
    throw new StarsseError('file-missing', `${file} is missing`, { cause, hint: 'Check the path.' });
  }
  const { start, size } = part ?? { start: 0, size: fstatSync(handle).size };
  const pages = new Map<number, Uint8Array>();
  const fromDisk = (at: number, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const read = readSync(handle, bytes, done, length - done, start + at + done);
      if (read === 0) throw torn(file, `it ends before byte ${start + at + length}`);
      done += read;
    }
    return bytes;
  };
  const page = (index: number): Uint8Array => {
    let known = pages.get(index);
    if (known === undefined) {
      if (pages.size >= MOST_PAGES) pages.delete(pages.keys().next().value!);
      known = fromDisk(index * PAGE, Math.min(PAGE, size - index * PAGE));
      pages.set(index, known);
    }
    return known;
  };
  return {
    size,
    what: file,
    bytes(at, length) {
      checkRange(at, length, size, file);
      const index = Math.floor(at / PAGE);
      if (length === 0 || at + length > (index + 1) * PAGE) return fromDisk(at, length);
      return page(index).subarray(at - index * PAGE, at - index * PAGE + length);
    },
    close: () => closeSync(handle),
  };
}

function checkRange(at: number, length: number, size: number, what: string): void {
  if (!(at >= 0 && length >= 0 && at + length <= size)) throw torn(what, `bytes ${at} to ${at + length} of ${size}`);
}
