import { open, type FileHandle } from 'node:fs/promises';
import { StarsseError } from '../../protocol/errors.ts';
import type { EpochRow, Row, StepRow } from '../../protocol/rows.ts';
import { LineGatherer } from './lineGatherer.ts';
import type { MemberLog } from './memberFeed.ts';
import { parseLine, scanRows, type LineVisitor } from './scanRows.ts';
import { StepIndex } from './stepIndex.ts';
import { inOrder, thinnedEpochs, thinnedSteps } from './thinned.ts';

const CHUNK_BYTES = 1 << 20;
/** What is new beyond this is no news any more: a view is given the whole picture. */
const NEWS_BYTES = 1 << 18;
const NEWLINE = 0x0a;

/**
 * metrics.ndjson of one member as a chart needs it: the thinned rows of all of it, and those of any range of steps, read by offset. Its
 * memory does not grow with the log: it keeps thinned rows and a sparse index. Between chunks others have their turn.
 */
export class RowLog implements MemberLog {
  readonly #file: string;
  readonly #limit: number;
  #offset = 0; // bytes; always just after a newline
  #lines = 0; // before #offset
  #index = new StepIndex();
  #steps: ReturnType<typeof thinnedSteps>;
  #epochs: ReturnType<typeof thinnedEpochs>;

  /** @param limit most step rows, and most epoch rows, of an answer. */
  constructor(file: string, limit: number) {
    this.#file = file;
    this.#limit = limit;
    this.#steps = thinnedSteps(limit);
    this.#epochs = thinnedEpochs(limit);
  }

  get rows(): Row[] {
    return inOrder(this.#steps.rows, this.#epochs.rows);
  }

  async readOn(): Promise<Row[] | null> {
    const handle = await this.#open();
    if (handle === null) return this.#offset > 0 ? this.#forget() : [];
    try {
      const { size } = await handle.stat();
      const isNew = size < this.#offset;
      if (isNew) this.#forget();
      if (size - this.#offset <= NEWS_BYTES) {
        const news = await this.#readNews(handle, size);
        return isNew ? null : news;
      }
      while (this.#offset < size) {
        const bytes = await this.#chunk(handle, this.#offset, size);
        if (bytes.length === 0) break;
        this.#take(bytes);
      }
      return null;
    } finally {
      await handle.close();
    }
  }

  async range(from: number, to: number, isWanted: () => boolean): Promise<Row[]> {
    const handle = await this.#open();
    if (handle === null) return [];
    const steps = thinnedSteps(this.#limit);
    const epochs = thinnedEpochs(this.#limit);
    try {
      const size = Math.min((await handle.stat()).size, this.#offset);
      for (const stretch of this.#index.find(from, to)) {
        let { offset } = stretch;
        for (let whole = true; whole && offset < size && isWanted(); ) {
          const bytes = await this.#chunk(handle, offset, size);
          const gatherer = new LineGatherer(bytes, this.#file, steps);
          const visitor: LineVisitor = {
            step(step, loss, start, end) {
              if (step > stretch.to) return false;
              if (step >= stretch.from) gatherer.step(step, loss, start, end);
              return true;
            },
            row(row) {
              if (row.kind === 'resume' || row.step > stretch.to) return false;
              if (row.kind === 'epoch' && row.step >= stretch.from - 1) epochs.add(row);
              else if (row.kind === 'step' && row.step >= stretch.from) gatherer.parsed(row);
              return true;
            },
          };
          whole = scanRows(bytes, visitor, () => `${this.#file}, after byte ${offset}`).whole && bytes.length > 0;
          gatherer.flush();
          offset += bytes.length;
        }
      }
      return inOrder(steps.rows, epochs.rows);
    } finally {
      await handle.close();
    }
  }

  /** Few new rows: each is parsed. */
  async #readNews(handle: FileHandle, size: number): Promise<Row[]> {
    const bytes = await this.#chunk(handle, this.#offset, size);
    const news: Row[] = [];
    const take = (row: Row, start: number, end: number): boolean => {
      this.#add(row, this.#offset + start, this.#offset + end + 1);
      news.push(row);
      return true;
    };
    const name = (line: number): string => this.#name(line);
    let line = -1;
    const visitor: LineVisitor = { step: (_step, _loss, start, end) => take(parseLine(bytes, start, end, name(++line)), start, end), row: (row, start, end) => (line++, take(row, start, end)) };
    this.#lines += scanRows(bytes, visitor, name).lines;
    this.#offset += bytes.length;
    return news;
  }

  /** Many new rows: those that the chart keeps are parsed. */
  #take(bytes: Buffer): void {
    const gatherer = new LineGatherer(bytes, this.#file, this.#steps);
    const visitor: LineVisitor = {
      step: (step, loss, start, end) => {
        this.#index.line(step, this.#offset + start);
        gatherer.step(step, loss, start, end);
        return true;
      },
      row: (row, start, end) => {
        gatherer.flush();
        this.#add(row, this.#offset + start, this.#offset + end + 1);
        return true;
      },
    };
    this.#lines += scanRows(bytes, visitor, (line) => this.#name(line)).lines;
    gatherer.flush();
    this.#offset += bytes.length;
  }

  #add(row: Row, start: number, end: number): void {
    if (row.kind === 'epoch') return this.#epochs.add(row);
    if (row.kind === 'step') {
      this.#index.line(row.step, start);
      return this.#steps.add(row);
    }
    const isVoid = ({ step }: StepRow | EpochRow): boolean => step > row.step;
    this.#steps.dropWhile(isVoid);
    this.#epochs.dropWhile(isVoid);
    this.#index.resume(row.step, end);
  }

  /** Whole lines from an offset on. @throws StarsseError file-invalid for a line that has no end within a chunk */
  async #chunk(handle: FileHandle, offset: number, size: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, size - offset));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    const whole = buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1);
    if (whole.length > 0 || bytesRead < CHUNK_BYTES) return whole;
    throw new StarsseError('file-invalid', `${this.#name(0)}: not a row: longer than ${CHUNK_BYTES} bytes`, {
      hint: 'Something else wrote to this file. The snapshots are not affected.',
    });
  }

  async #open(): Promise<FileHandle | null> {
    try {
      return await open(this.#file, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  #forget(): null {
    this.#offset = this.#lines = 0;
    this.#index = new StepIndex();
    this.#steps = thinnedSteps(this.#limit);
    this.#epochs = thinnedEpochs(this.#limit);
    return null;
  }

  /** @param line from 0, after those that were read before */
  #name(line: number): string {
    return `${this.#file}, line ${this.#lines + line + 1}`;
  }
}
