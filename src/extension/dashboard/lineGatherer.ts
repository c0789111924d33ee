import type { StepRow } from '../../protocol/rows.ts';
import { parseLine } from './scanRows.ts';
import { KEPT_OF_A_BUCKET, type ThinnedRows } from './thinRows.ts';

interface Line {
  loss: number;
  start: number;
  end: number;
}

/** Of lines that share a bucket only the first four, the lowest, the highest and the last are parsed and given to the thinned rows. */
export class LineGatherer {
  readonly #bytes: Buffer;
  readonly #file: string;
  readonly #rows: ThinnedRows<StepRow>;
  #bucket = -1;
  /** The first ones, while there are no more than a bucket keeps; then only the first. */
  #first: Line[] = [];
  #low: Line | null = null;
  #high: Line | null = null;
  #last: Line | null = null;

  /** @param bytes where the lines lie. */
  constructor(bytes: Buffer, file: string, rows: ThinnedRows<StepRow>) {
    this.#bytes = bytes;
    this.#file = file;
    this.#rows = rows;
  }

  step(step: number, loss: number, start: number, end: number): void {
    const bucket = Math.floor((step - 1) / this.#rows.width);
    if (bucket !== this.#bucket) {
      this.flush();
      this.#bucket = Math.floor((step - 1) / this.#rows.width);
    }
    if (this.#first.length < KEPT_OF_A_BUCKET) {
      const line = { loss, start, end };
      this.#first.push(line);
      if (this.#low === null || loss < this.#low.loss) this.#low = line;
      if (this.#high === null || loss > this.#high.loss) this.#high = line;
      return;
    }
    if (loss < this.#low!.loss) this.#low = { loss, start, end };
    else if (loss > this.#high!.loss) this.#high = { loss, start, end };
    this.#last ??= { loss, start, end };
    this.#last.loss = loss;
    this.#last.start = start;
    this.#last.end = end;
  }

  /** A row that was parsed already. */
  parsed(row: StepRow): void {
    this.flush();
    this.#rows.add(row);
  }

  /** Gives away what was gathered. */
  flush(): void {
    if (this.#first.length > 0) {
      const lines = this.#last === null ? this.#first : [this.#first[0], this.#low!, this.#high!, this.#last];
      const starts = new Map(lines.map((line) => [line.start, line.end]));
      for (const [start, end] of [...starts].sort(([a], [b]) => a - b)) this.#rows.add(parseLine(this.#bytes, start, end, this.#file) as StepRow);
    }
    this.#bucket = -1;
    this.#first = [];
    this.#low = this.#high = this.#last = null;
  }
}
