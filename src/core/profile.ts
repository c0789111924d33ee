/** A clock of a training: at any moment it is in one phase, so that the phases sum to the whole. */
import { emptyProfile, type Phase, type ProfileTotals, type Span } from '../protocol/profile.ts';

/** Told of every step once it is over, with all that was spent since the one before. @param step from 1, within the member */
export type OnStepProfiled = (step: number, spans: readonly Span[]) => void;

export class Profile {
  #totals: ProfileTotals;
  readonly #onStep: OnStepProfiled;
  readonly #clock: () => number;
  #phase: Phase = 'other';
  #sinceMs: number | null = null;
  #spans: Span[] = [];

  /** @param before what earlier processes found, to go on from. @param clock milliseconds */
  constructor(before: ProfileTotals = emptyProfile(), onStep: OnStepProfiled = () => undefined, clock = () => performance.now()) {
    this.#totals = { ...before, ms: { ...before.ms } };
    this.#onStep = onStep;
    this.#clock = clock;
  }

  /** From now on time is spent on this. The first call starts the clock. */
  enter(phase: Phase): void {
    const nowMs = this.#clock();
    if (this.#sinceMs !== null) {
      const ms = nowMs - this.#sinceMs;
      this.#totals.ms[this.#phase] += ms;
      this.#spans.push({ phase: this.#phase, startMs: this.#sinceMs, ms });
    }
    this.#phase = phase;
    this.#sinceMs = nowMs;
  }

  /** A step is over. @param step from 1, within the member */
  endStep(step: number): void {
    this.enter('other');
    this.#totals.steps += 1;
    this.#onStep(step, this.#spans);
    this.#spans = [];
  }

  /** Of now. */
  get totals(): ProfileTotals {
    return { ...this.#totals, ms: { ...this.#totals.ms } };
  }
}
