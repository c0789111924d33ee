/**
 * Steps that were taken and whose figures nobody has read yet. Reading waits for the device, so on one that computes beside the
 * program it is done now and then; on one that computes while the program stands still a figure is there with its step.
 */
import type { Position } from '../protocol/position.ts';
import type { StepRow } from '../protocol/rows.ts';

/** When figures are read, whichever comes first. Before a save, a stop and the end of an epoch they always are. */
export interface Reading {
  /** After so many steps. Bounds how far the device may be behind, and so its memory. */
  steps: number;
  /** After so long, milliseconds. */
  ms: number;
}
export const EVERY_STEP: Reading = { steps: 1, ms: 0 };

/** What is known of a step at once. */
export interface StepTaken {
  /** From 1, within the member. */
  step: number;
  epoch: number;
  learningRate: number;
  images: number;
  /** Taking it kept the program so long, and of that so long it waited for its images, milliseconds. */
  ms: number;
  waitMs: number;
}
/** A number on the device, as a scalar tensor is one: reading it waits until it is there. */
export interface Figure {
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}
export interface StepFigures {
  loss: Figure;
  correct: Figure;
}

export class UnreadSteps {
  readonly #reading: Reading;
  #steps: (StepTaken & StepFigures)[] = [];
  #sinceMs: number;

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#sinceMs = performance.now();
  }

  get count(): number {
    return this.#steps.length;
  }

  /** @param figures are taken over */
  add(taken: StepTaken, { loss, correct }: StepFigures): void {
    this.#steps.push({ ...taken, loss, correct });
  }

  get isDue(): boolean {
    return this.count >= this.#reading.steps || (this.count > 0 && performance.now() - this.#sinceMs >= this.#reading.ms);
  }

  /**
   * Reads all of them, in order. What waiting takes is shared among the steps that were waited for.
   * @param position where training stood before the first of them
   * @returns a row a step and the position after the last of them, up to the first step whose loss is no number, if there is one
   */
  async read(position: Position): Promise<{ rows: StepRow[]; position: Position; broken: (StepTaken & { loss: number }) | null }> {
    const steps = this.#steps;
    const startedMs = performance.now();
    const figures = await Promise.all(steps.map(async ({ loss, correct }) => (await Promise.all([loss.data(), correct.data()])).map((values) => values[0])));
    this.drop();
    this.#sinceMs = performance.now();
    const shareMs = (this.#sinceMs - startedMs) / steps.length;
    const rows: StepRow[] = [];
    for (const [index, taken] of steps.entries()) {
      const [loss, correct] = figures[index];
      if (!Number.isFinite(loss)) return { rows, position, broken: { ...taken, loss } };
      position = after(position, { ...taken, ms: taken.ms + shareMs }, loss);
      const { step, epoch, learningRate, images, waitMs } = taken;
      rows.push({ kind: 'step', step, epoch, loss, accuracy: correct / images, learningRate, wallMs: Math.round(position.trainedMs), waitMs: rounded(waitMs) });
    }
    return { rows, position, broken: null };
  }

  /** Forgets and frees what was not read. */
  drop(): void {
    for (const { loss, correct } of this.#steps) for (const figure of [loss, correct]) figure.dispose();
    this.#steps = [];
  }
}

function after(position: Position, { step, ms, waitMs }: StepTaken, loss: number): Position {
  return {
    ...position, step, epochLoss: position.epochLoss + loss, epochMs: position.epochMs + ms,
    epochWaitMs: position.epochWaitMs + waitMs, trainedMs: position.trainedMs + ms,
  };
}

/** Four digits behind the point are enough for a row. */
export function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
