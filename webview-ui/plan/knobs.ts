/** From a handle that is moved to numbers of the plan, and to edits of its text. */
import type { FieldEdit } from '../../src/protocol/plan-editor-messages.ts';
import type { Knobs, Span } from './schedule.ts';

/** `peak` sets a rate, `end` a length; of member 1 the plan's own, of later members the cycle's ratio to it. */
export type HandleKind = 'peak' | 'end';

export interface Place {
  /** From the start of the experiment. */
  epoch: number;
  rate: number;
}

/** A ratio finer than this is no cycle that anybody means. */
const LEAST_RATIO = 0.01;

/**
 * The knobs when a handle of the member at `span` is at `place`. Rates have two digits; ends fall on whole epochs.
 * @param before the chain before the span, in cycles: what an end is shared out among
 */
export function knobsAt(knobs: Knobs, kind: HandleKind, span: Span, spans: readonly Span[], place: Place): Knobs {
  const first = spans[0];
  const probe = first.member.probe?.epochs ?? 0;
  if (span.index === 0) {
    if (kind === 'peak') return { ...knobs, learningRate: tidy(Math.max(place.rate, Number.MIN_VALUE)) || knobs.learningRate };
    return { ...knobs, epochs: Math.max(1, Math.round(place.epoch) - probe) };
  }
  if (kind === 'peak') return { ...knobs, lrRatio: Math.max(LEAST_RATIO, tidy(place.rate / knobs.learningRate)) };
  const cycles = Math.max(1, Math.round((span.end - first.end) / (span.end - span.start)));
  return { ...knobs, epochRatio: ratioFor(Math.max(1, Math.round((place.epoch - first.end) / cycles)), knobs.epochs) };
}

/** One step of an arrow key. @param size 1, or more with Page Up and Page Down */
export function knobsStepped(knobs: Knobs, kind: HandleKind, index: number, direction: 1 | -1, size: number): Knobs {
  const by = direction * size;
  if (index === 0) {
    if (kind === 'end') return { ...knobs, epochs: Math.max(1, knobs.epochs + by) };
    const unit = 10 ** (Math.floor(Math.log10(knobs.learningRate) + 1e-9) - 1);
    const next = tidy(knobs.learningRate + by * unit, 3);
    return next > 0 ? { ...knobs, learningRate: next } : knobs;
  }
  if (kind === 'peak') return { ...knobs, lrRatio: Math.max(0.05, tidy(Math.round(((knobs.lrRatio ?? 1) + by * 0.05) * 100) / 100, 3)) };
  return { ...knobs, epochRatio: ratioFor(Math.max(1, cycleEpochs(knobs) + by), knobs.epochs) };
}

/** floor(epochRatio x epochs), as members are made. */
export function cycleEpochs({ epochRatio, epochs }: Knobs): number {
  return Math.floor((epochRatio ?? 1) * epochs + 1e-9);
}

/** The shortest decimal whose share of the epochs is that cycle. */
export function ratioFor(cycle: number, epochs: number): number {
  for (let digits = 0; digits < 12; digits++) {
    const unit = 10 ** digits;
    for (const round of [Math.round, Math.ceil]) {
      const ratio = round((cycle / epochs) * unit) / unit;
      if (ratio > 0 && Math.floor(ratio * epochs + 1e-9) === cycle) return ratio;
    }
  }
  return cycle / epochs;
}

/** What changes in the text. */
export function editsOf(before: Knobs, after: Knobs): FieldEdit[] {
  const paths: Record<keyof Knobs, string[]> = {
    learningRate: ['training', 'optimizer', 'learningRate'],
    epochs: ['training', 'epochs'],
    lrRatio: ['method', 'cycle', 'lrRatio'],
    epochRatio: ['method', 'cycle', 'epochRatio'],
  };
  return (Object.keys(paths) as (keyof Knobs)[]).filter((name) => after[name] !== before[name]).map((name) => ({ path: paths[name], value: after[name] }));
}

function tidy(value: number, digits = 2): number {
  return Number(value.toPrecision(digits));
}
