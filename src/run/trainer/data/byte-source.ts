/** The bytes of a file in order, whole or a piece at a time, unpacked on the way; never more in memory than is asked for. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { StarsseError } from '../../../protocol/errors.ts';
import { missingOrUnreadable } from './missing-file.ts';

export class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #errorOf: (error: unknown) => StarsseError;
  #rest: Buffer = Buffer.alloc(0);

  /** @param errorOf names the file in what goes wrong while it is read. */
  constructor(stream: Readable, errorOf: (error: unknown) => StarsseError) {
    this.#chunks = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    this.#errorOf = errorOf;
  }

  /** A file; `.gz` is unpacked. */
  static open(file: string): ByteSource {
    const stream = createReadStream(file, { highWaterMark: 2 ** 18 });
    if (!file.endsWith('.gz')) return new ByteSource(stream, (error) => missingOrUnreadable(file, error));
    const gunzip = createGunzip();
    stream.once('error', (error) => gunzip.destroy(error));
    return new ByteSource(stream.pipe(gunzip), (error) =>
      String((error as NodeJS.ErrnoException).code).startsWith('Z_')
        ? new StarsseError('data-invalid', `${file} is not a whole gzip file: ${(error as Error).message}`, { cause: error })
        : missingOrUnreadable(file, error),
    );
  }

  /** The next bytes, at most `most`; fewer only at the end, none after it. */
  async read(most: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = most;
    while (missing > 0) {
      if (this.#rest.length === 0) {
        const next = await this.#next();
        if (next === null) break;
        this.#rest = next;
      }
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 ? parts[0] : Buffer.concat(parts);
  }

  /** How many bytes are left, counted up to `most`. */
  async countRest(most: number): Promise<number> {
    let count = 0;
    while (count < most) {
      const { length } = await this.read(Math.min(2 ** 18, most - count));
      if (length === 0) break;
      count += length;
    }
    return count;
  }

  /** Lets go of the file before its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #next(): Promise<Buffer | null> {
    try {
      const { done, value } = await this.#chunks.next();
      return done === true ? null : value;
    } catch (error) {
      throw this.#errorOf(error);
    }
  }
}
