/**
 * Spans of training steps as a Chrome trace, which chrome://tracing and Perfetto open: the JSON object form of the "Trace Event
 * Format", complete events ("ph": "X") with times in microseconds.
 */
import type { Span } from '../../protocol/profile.ts';

/** Steps at the start of which everything is kept. */
const FIRST = 200;
/** Of the later ones so many are kept at most, evenly spread; as many again of those that have an evaluation. */
const SAMPLE = 400;

interface TracedStep {
  step: number;
  spans: readonly Span[];
}
export interface TraceEvent {
  name: string;
  cat: 'step' | 'phase';
  ph: 'X';
  /** Microseconds since the first step began, and its length. */
  ts: number;
  dur: number;
  pid: number;
  tid: number;
}
export interface ChromeTrace {
  traceEvents: (TraceEvent | { name: 'process_name' | 'thread_name'; ph: 'M'; pid: number; tid: number; args: { name: string } })[];
  displayTimeUnit: 'ms';
  otherData: { stepsSeen: number; stepsKept: number };
}

export class Trace {
  readonly #first: TracedStep[] = [];
  readonly #plain = new Sample();
  readonly #evaluated = new Sample();
  #seen = 0;

  /** @param step from 1, within the member */
  add(step: number, spans: readonly Span[]): void {
    this.#seen += 1;
    if (this.#first.length < FIRST) this.#first.push({ step, spans });
    else (spans.some(({ phase }) => phase === 'evaluation') ? this.#evaluated : this.#plain).add({ step, spans });
  }

  /** @param title of the process, and @param thread of its only thread, as the viewer names them */
  toJson(title: string, thread: string): ChromeTrace {
    const kept = [...this.#first, ...[...this.#plain.kept, ...this.#evaluated.kept].sort((a, b) => a.step - b.step)];
    const zeroMs = kept[0]?.spans[0]?.startMs ?? 0;
    const event = (name: string, cat: TraceEvent['cat'], startMs: number, ms: number): TraceEvent => ({
      name, cat, ph: 'X', ts: micros(startMs - zeroMs), dur: micros(ms), pid: 1, tid: 1,
    });
    return {
      traceEvents: [
        { name: 'process_name', ph: 'M', pid: 1, tid: 1, args: { name: title } },
        { name: 'thread_name', ph: 'M', pid: 1, tid: 1, args: { name: thread } },
        ...kept.flatMap(({ step, spans }) => [
          event(`step ${step}`, 'step', spans[0].startMs, spans.reduce((sum, { ms }) => sum + ms, 0)),
          ...spans.map(({ phase, startMs, ms }) => event(phase, 'phase', startMs, ms)),
        ]),
      ],
      displayTimeUnit: 'ms',
      otherData: { stepsSeen: this.#seen, stepsKept: kept.length },
    };
  }
}

/** Every n-th of a stream of unknown length; n doubles each time there are too many. */
class Sample {
  kept: TracedStep[] = [];
  #every = 1;
  #count = 0;

  add(step: TracedStep): void {
    if (this.#count++ % this.#every !== 0) return;
    this.kept.push(step);
    if (this.kept.length <= SAMPLE) return;
    this.#every *= 2;
    this.kept = this.kept.filter((_, index) => index % 2 === 0);
  }
}

/** Whole tenths of a microsecond: a clock does not tell more. */
function micros(ms: number): number {
  return Math.round(ms * 1e4) / 10;
}
