import type { Row } from '../../protocol/rows.ts';
import { thinRows } from './thinRows.ts';

/**
 * The rows of one member on their way to a view: what a snapshot of now would hold, and how many were posted since the
 * last one. Its memory is bounded: beyond twice the limit the rows are thinned, and the view needs a new snapshot.
 */
export class MemberFeed {
  readonly #limit: number;
  #rows: Row[] = [];
  #posted = 0;

  /** @param limit most step rows of a snapshot. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Takes rows that are new in the member's file; a `resume` row makes later ones void.
   * @returns false when rows that a view has were thinned, so that appending would be wrong.
   */
  add(rows: readonly Row[]): boolean {
    for (const row of rows) {
      if (row.kind === 'resume') this.#rows = this.#rows.filter((kept) => kept.step <= row.step);
      else this.#rows.push(row);
    }
    const steps = this.#rows.reduce((count, row) => count + (row.kind === 'step' ? 1 : 0), 0);
    if (steps <= 2 * this.#limit) return true;
    this.#rows = thinRows(this.#rows, this.#limit);
    return false;
  }

  /** Rows of a snapshot; counting starts again from it. */
  snapshot(): Row[] {
    this.#rows = thinRows(this.#rows, this.#limit);
    this.#posted = this.#rows.length;
    return this.#rows.slice();
  }

  /** Counts rows as posted. @returns the index of the first. */
  post(rows: readonly Row[]): number {
    const from = this.#posted;
    this.#posted += rows.length;
    return from;
  }
}
