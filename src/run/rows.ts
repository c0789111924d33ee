/** members/<name>/metrics.ndjson: an append-only log; a row is real once its newline is there. */
import { open, readFile, truncate, type FileHandle } from 'node:fs/promises';
import { StarsseError } from '../protocol/errors.ts';
import { parseJson } from '../protocol/parse.ts';
import { RowSchema, type Row } from '../protocol/rows.ts';
import { AppendFile } from './append-file.ts';
import { diskError } from './write.ts';

const FLUSH_MS = 250;
const NEWLINE = 0x0a;

/** Appends rows and writes them out every FLUSH_MS. One writer a file. */
export class RowWriter {
  readonly #file: AppendFile;
  /** True when the log held no row. */
  readonly isNew: boolean;

  private constructor(file: AppendFile, isNew: boolean) {
    this.#file = file;
    this.isNew = isNew;
  }

  /** Opens the log at its end; a last line without its newline, left by a killed writer, is cut off. @throws StarsseError disk */
  static async open(file: string): Promise<RowWriter> {
    try {
      const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return Buffer.alloc(0);
        throw error;
      });
      const whole = bytes.lastIndexOf(NEWLINE) + 1;
      if (whole < bytes.length) await truncate(file, whole);
      return new RowWriter(new AppendFile(file, await open(file, 'a'), FLUSH_MS), whole === 0);
    } catch (error) {
      throw diskError(error, file);
    }
  }

  append(row: Row): void {
    this.#file.append(Buffer.from(`${JSON.stringify(row)}\n`));
  }

  /** Writes out what waits. After a failure every flush fails. @throws StarsseError disk */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

export interface RowBatch {
  /** In the order of the file, `resume` rows included. */
  rows: Row[];
  /** True when the file went on past `maxBytes`: read again at once. */
  more: boolean;
  /** True when the file is shorter than what was read before: forget the rows so far, these begin anew. */
  restarted: boolean;
}

/** Reads a log that may still grow, from where it stopped before. Holds no rows. */
export class RowReader {
  readonly #file: string;
  #offset = 0; // bytes; always just after a newline
  #line = 0; // complete lines before #offset

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * The rows since the last call; none when the file is missing or has no new complete line.
   * @param maxBytes bounds the memory of one call.
   * @throws StarsseError file-invalid, naming the file and the line that is not a row.
   */
  async read(maxBytes = 1 << 20): Promise<RowBatch> {
    let handle: FileHandle;
    try {
      handle = await open(this.#file, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      const restarted = this.#offset > 0;
      this.#offset = this.#line = 0;
      return { rows: [], more: false, restarted };
    }
    try {
      const { size } = await handle.stat();
      const restarted = size < this.#offset;
      if (restarted) this.#offset = this.#line = 0;
      const buffer = Buffer.alloc(Math.min(maxBytes, size - this.#offset));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.#offset);
      const text = buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1);
      if (text.length === 0 && bytesRead === maxBytes) throw this.#corrupt(this.#line + 1, `longer than ${maxBytes} bytes`);
      const lines = text.toString('utf8').split('\n').slice(0, -1);
      const rows = lines.map((line, index) => parseJson(RowSchema, line, `${this.#file}, line ${this.#line + index + 1}`));
      this.#offset += text.length;
      this.#line += lines.length;
      return { rows, more: text.length > 0 && this.#offset < size && bytesRead === maxBytes, restarted };
    } finally {
      await handle.close();
    }
  }

  #corrupt(line: number, problem: string): StarsseError {
    return new StarsseError('file-invalid', `${this.#file}, line ${line}: not a row: ${problem}`, {
      hint: 'Something else wrote to this file. The snapshots are not affected.',
    });
  }
}

/** Rows that count: a `resume` row makes void every earlier row with a later step, and itself goes. */
export function applyResumes(rows: Row[]): Row[] {
  const kept: Row[] = [];
  for (const row of rows) {
    if (row.kind !== 'resume') kept.push(row);
    else while (kept.length > 0 && kept[kept.length - 1].step > row.step) kept.pop();
  }
  return kept;
}
