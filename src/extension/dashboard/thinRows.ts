/**
 * Rows for a chart. Steps (or epochs) are cut into buckets of equal width; of each bucket the first and the last row stay, and
 * those of the lowest and the highest value. So no spike is lost, and thinning thinned rows keeps the extrema of all rows that
 * ever were. The width doubles when the buckets get too many, which joins neighbours: rows may come for ever, memory stays.
 */

/** Rows that one bucket may keep: first, last, lowest, highest. */
export const KEPT_OF_A_BUCKET = 4;

export interface Thinning<R> {
  /** Most rows that are kept, at least 4. */
  limit: number;
  /** Position of a row, a whole number from 0 that grows with the rows: its step less one, its epoch. */
  placeOf(row: R): number;
  /** What the chart draws of it. */
  valueOf(row: R): number;
}

/** Adds up rows in the order of their places. Up to the limit all of them stay. */
export class ThinnedRows<R> {
  readonly #thinning: Thinning<R>;
  /** In order; each has at least one row. */
  #buckets: { index: number; rows: R[] }[] = [];
  #width = 1;
  #count = 0;

  constructor(thinning: Thinning<R>) {
    this.#thinning = thinning;
  }

  /** Places that share a bucket. */
  get width(): number {
    return this.#width;
  }

  get rows(): R[] {
    return this.#buckets.flatMap(({ rows }) => rows);
  }

  add(row: R): void {
    const index = Math.floor(this.#thinning.placeOf(row) / this.#width);
    const last = this.#buckets.at(-1);
    if (last !== undefined && last.index >= index) {
      const kept = this.#reduced([...last.rows, row]);
      this.#count += kept.length - last.rows.length;
      last.rows = kept;
    } else {
      this.#buckets.push({ index, rows: [row] });
      this.#count += 1;
    }
    while (this.#count > this.#thinning.limit) this.#widen();
  }

  /** Forgets the rows at the end that `isVoid` says are void. */
  dropWhile(isVoid: (row: R) => boolean): void {
    for (let last = this.#buckets.at(-1); last !== undefined; last = this.#buckets.at(-1)) {
      const kept = last.rows.filter((row) => !isVoid(row));
      this.#count -= last.rows.length - kept.length;
      last.rows = kept;
      if (kept.length > 0) return;
      this.#buckets.pop();
    }
  }

  #widen(): void {
    this.#width *= 2;
    const joined: { index: number; rows: R[] }[] = [];
    for (const { index, rows } of this.#buckets) {
      const last = joined.at(-1);
      if (last !== undefined && last.index === Math.floor(index / 2)) last.rows = this.#reduced([...last.rows, ...rows]);
      else joined.push({ index: Math.floor(index / 2), rows });
    }
    this.#buckets = joined;
    this.#count = joined.reduce((sum, { rows }) => sum + rows.length, 0);
  }

  /** First, lowest, highest and last, in order; all of them where they are no more than that. */
  #reduced(rows: R[]): R[] {
    if (rows.length <= KEPT_OF_A_BUCKET) return rows;
    const { valueOf } = this.#thinning;
    let low = 0;
    let high = 0;
    for (let i = 1; i < rows.length; i++) {
      if (valueOf(rows[i]) < valueOf(rows[low])) low = i;
      if (valueOf(rows[i]) > valueOf(rows[high])) high = i;
    }
    return [...new Set([0, low, high, rows.length - 1])].sort((a, b) => a - b).map((i) => rows[i]);
  }
}
