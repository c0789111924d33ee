/**
 * Where in a log which steps are, so that a range of them is read by offset. A log is one stretch of growing steps, and one more after
 * each `resume` row; a stretch begins after the step to which its `resume` row went back, and what it makes void of those before is cut off.
 */

/** A place in the file just before the line of a step that is above `step`. */
interface Mark {
  step: number;
  offset: number;
}

interface Stretch {
  /** All its steps are above this one. */
  after: number;
  /** Steps above this one are void. */
  last: number;
  marks: Mark[];
}

/** Bytes to begin reading at, and which steps count from there on. */
export interface StretchOfSteps {
  offset: number;
  from: number;
  to: number;
}

const MOST_MARKS = 4096;

export class StepIndex {
  #stretches: Stretch[] = [{ after: 0, last: Infinity, marks: [{ step: 0, offset: 0 }] }];
  /** Bytes between two marks: doubled when there are too many. */
  #spacing: number;

  constructor(spacing = 1 << 18) {
    this.#spacing = spacing;
  }

  /** Tells where the line of a step begins. Called for every line, in order. */
  line(step: number, offset: number): void {
    const { marks } = this.#stretches[this.#stretches.length - 1];
    if (offset - marks[marks.length - 1].offset < this.#spacing) return;
    marks.push({ step: step - 1, offset });
    if (this.#stretches.reduce((sum, stretch) => sum + stretch.marks.length, 0) > MOST_MARKS) this.#thin();
  }

  /** Training went back to `step`. @param offset just after the `resume` row */
  resume(step: number, offset: number): void {
    while (this.#stretches.length > 0 && this.#stretches[this.#stretches.length - 1].after >= step) this.#stretches.pop();
    const cut = this.#stretches.at(-1);
    if (cut !== undefined) {
      cut.last = Math.min(cut.last, step);
      cut.marks = cut.marks.filter((mark, index) => index === 0 || mark.step < step);
    }
    this.#stretches.push({ after: step, last: Infinity, marks: [{ step, offset }] });
  }

  /** Where the steps `from` to `to`, both included, are. In their order. */
  find(from: number, to: number): StretchOfSteps[] {
    return this.#stretches.flatMap(({ after, last, marks }) => {
      const [first, end] = [Math.max(from, after + 1), Math.min(to, last)];
      return first > end ? [] : [{ offset: marks.findLast((mark) => mark.step < first)!.offset, from: first, to: end }];
    });
  }

  #thin(): void {
    this.#spacing *= 2;
    for (const stretch of this.#stretches) stretch.marks = stretch.marks.filter((_, index) => index % 2 === 0);
  }
}
