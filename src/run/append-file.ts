/** A file that only grows: what is appended waits a moment and is written out together. One writer a file. */
import type { FileHandle } from 'node:fs/promises';
import { diskError } from './write.ts';

export class AppendFile {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #flushMs: number;
  #waiting: Uint8Array[] = [];
  #timer: NodeJS.Timeout | null = null;
  #last: Promise<void> = Promise.resolve();

  /** @param handle open for appending; closed with this */
  constructor(file: string, handle: FileHandle, flushMs: number) {
    this.#file = file;
    this.#handle = handle;
    this.#flushMs = flushMs;
  }

  append(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    // A failure here comes up again at the next awaited flush.
    this.#timer ??= setTimeout(() => void this.flush().catch(() => undefined), this.#flushMs);
  }

  /** Writes out what waits. After a failure every flush fails. @throws StarsseError disk */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#last = this.#last.then(async () => {
      const waiting = this.#waiting.splice(0);
      if (waiting.length === 0) return;
      try {
        await this.#handle.appendFile(Buffer.concat(waiting));
      } catch (error) {
        throw diskError(error, this.#file);
      }
    });
    return this.#last;
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#handle.close();
    }
  }
}
