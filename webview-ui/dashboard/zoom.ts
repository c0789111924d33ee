/** Which epochs the charts show. All charts share the range; null shows the whole experiment. */
import type { StepRange } from '../../src/protocol/messages.ts';
import type { Span } from './timeline.ts';

/** Epochs of the experiment, from < to. */
export interface Range {
  from: number;
  to: number;
}

/** Beside what is seen, rows are asked for so much more of it on both sides: a short pan then finds them there. */
const MARGIN = 0.5;

/**
 * A range within the experiment, as wide as asked for or as `least` epochs.
 * @returns null when that is the whole of it, or nothing sensible was asked for.
 */
export function within(range: Range, last: number, least: number): Range | null {
  const width = Math.max(range.to - range.from, Math.min(least, last));
  if (!Number.isFinite(width) || width >= last) return null;
  const middle = (range.from + range.to) / 2;
  const from = Math.min(Math.max(0, middle - width / 2), last - width);
  return Number.isFinite(from) ? { from, to: from + width } : null;
}

/** @param factor below 1 shows less @param centre the epoch that stays where it is on the screen */
export function zoomBy(range: Range, factor: number, centre: number, last: number, least: number): Range | null {
  const width = Math.max(least, (range.to - range.from) * factor);
  const share = (centre - range.from) / (range.to - range.from);
  return within({ from: centre - share * width, to: centre + (1 - share) * width }, last, least);
}

/** @param share of the range's own width, negative to the left */
export function panBy({ from, to }: Range, share: number, last: number): Range | null {
  const shift = Math.min(Math.max(share * (to - from), -from), last - to);
  return within({ from: from + shift, to: to + shift }, last, 0);
}

/** The steps of each member that a range shows, with a margin; members without any are left out. */
export function stepRanges({ from, to }: Range, spans: readonly Span[], stepsPerEpoch: number): StepRange[] {
  const margin = MARGIN * (to - from);
  return spans.flatMap(({ member, start, end }) => {
    const first = Math.max(1, Math.floor((from - margin - start) * stepsPerEpoch));
    const last = Math.ceil((Math.min(end, to + margin) - start) * stepsPerEpoch);
    return last < first ? [] : [{ member, from: first, to: last }];
  });
}
