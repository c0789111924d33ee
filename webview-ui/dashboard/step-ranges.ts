/** Which rows a zoom needs. */
import type { StepRange } from '../../src/protocol/messages.ts';
import type { Range } from '../charts/plot/range.ts';
import type { Span } from './timeline.ts';

/** Beside what is seen, rows are asked for so much more of it on both sides: a short pan then finds them there. */
const MARGIN = 0.5;

/** The steps of each member that a range shows, with a margin; members without any are left out. */
export function stepRanges({ from, to }: Range, spans: readonly Span[], stepsPerEpoch: number): StepRange[] {
  const margin = MARGIN * (to - from);
  return spans.flatMap(({ member, start, end }) => {
    const first = Math.max(1, Math.floor((from - margin - start) * stepsPerEpoch));
    const last = Math.ceil((Math.min(end, to + margin) - start) * stepsPerEpoch);
    return last < first ? [] : [{ member, from: first, to: last }];
  });
}
