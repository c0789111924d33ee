import { open, type FileHandle } from 'node:fs/promises';

/** The end of a log with which following begins, and the most that is read at once. */
const TAIL_BYTES = 1 << 16;
const NEWLINE = '\n';

export interface LogNews {
  lines: string[];
  /** The lines before these are void: the following begins, or the file was replaced by a shorter one. */
  restarted: boolean;
}

/** Follows a text file by offset: first its last lines, then what is new. A line counts once its newline is there. */
export class LogTail {
  readonly #file: string;
  #offset: number | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** @returns null when nothing is new. A file that is missing is an empty one. */
  async read(): Promise<LogNews | null> {
    const handle = await open(this.#file, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    const restarted = this.#offset === null || (await sizeOf(handle)) < this.#offset;
    if (restarted) this.#offset = handle === null ? 0 : null;
    const lines = handle === null ? [] : await this.#lines(handle);
    await handle?.close();
    return lines.length === 0 && !restarted ? null : { lines, restarted };
  }

  async #lines(handle: FileHandle): Promise<string[]> {
    const size = await sizeOf(handle);
    const from = Math.max(this.#offset ?? 0, size - TAIL_BYTES);
    const isCut = from > (this.#offset ?? 0); // the first line began before
    const bytes = Buffer.alloc(size - from);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    const whole = bytes.subarray(0, bytes.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1);
    this.#offset = from + whole.length;
    return whole.toString('utf8').split(NEWLINE).slice(isCut ? 1 : 0, -1);
  }
}

async function sizeOf(handle: FileHandle | null): Promise<number> {
  return handle === null ? 0 : (await handle.stat()).size;
}
