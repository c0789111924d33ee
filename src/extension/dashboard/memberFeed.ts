import type { Row } from '../../protocol/rows.ts';

/** The log of one member, thinned as it is read. */
export interface MemberLog {
  /**
   * Takes what is new in the file.
   * @returns the new rows, or null when they are too many to append or the file was replaced: then `rows` is all there is.
   * @throws StarsseError file-invalid, naming the line that is not a row.
   */
  readOn(): Promise<Row[] | null>;
  /** All rows, thinned; what a `resume` row made void is gone. */
  readonly rows: Row[];
  /** Rows of the steps `from` to `to`, both included, less thinned. @param isWanted says whether anybody still waits for them. */
  range(from: number, to: number, isWanted: () => boolean): Promise<Row[]>;
}

/**
 * The rows of one member on their way to a view, and how many were posted since the last snapshot. A view that has been given as
 * many as a snapshot holds needs a new one, so that its memory is bounded too.
 */
export class MemberFeed {
  readonly log: MemberLog;
  readonly #limit: number;
  #posted = 0;
  #appended = 0;

  /** @param limit most rows that are appended to a snapshot. */
  constructor(log: MemberLog, limit: number) {
    this.log = log;
    this.#limit = limit;
  }

  /** Reads on. @returns new rows to append, or null when the view needs a snapshot. */
  async read(): Promise<Row[] | null> {
    const rows = await this.log.readOn();
    return rows === null || this.#appended + rows.length > this.#limit ? null : rows;
  }

  /** Rows of a snapshot; counting starts again from it. */
  snapshot(): Row[] {
    const { rows } = this.log;
    this.#posted = rows.length;
    this.#appended = 0;
    return rows;
  }

  /** Counts rows as posted. @returns the index of the first. */
  post(rows: readonly Row[]): number {
    const from = this.#posted;
    this.#posted += rows.length;
    this.#appended += rows.length;
    return from;
  }
}
