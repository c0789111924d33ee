/** The epochs of the whole experiment: where each member's training lies. Members of a star lie side by side. */
import type { Member } from '../../src/protocol/run.ts';
import type { Row } from '../../src/protocol/rows.ts';
import { epochSpans } from '../../src/protocol/schedule.ts';

/** The epochs [start, end) of one member, counted from the start of the experiment. */
export interface Span {
  member: string;
  /** Position in the run, from 0: colour and marker follow from it. */
  index: number;
  start: number;
  end: number;
}

/** Members that train over the same epochs. */
export interface Band {
  start: number;
  end: number;
  members: string[];
}

export function spansOf(members: readonly Member[]): Span[] {
  return epochSpans(members).map((span, index) => ({ member: members[index].name, index, ...span }));
}

/** Bands in order of their start; members of equal spans share one. */
export function bandsOf(spans: readonly Span[]): Band[] {
  const bands = new Map<string, Band>();
  for (const { member, start, end } of spans) {
    const key = `${start} ${end}`;
    const band = bands.get(key) ?? { start, end, members: [] };
    band.members.push(member);
    bands.set(key, band);
  }
  return [...bands.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Epochs of the longest path from the start to an end. */
export function lastEpoch(spans: readonly Span[]): number {
  return spans.reduce((last, span) => Math.max(last, span.end), 0);
}

/** Where a row lies on the experiment's axis: a step at its end, an epoch at its last step. */
export function epochOf(row: Exclude<Row, { kind: 'resume' }>, span: Span, stepsPerEpoch: number): number {
  return row.kind === 'epoch' ? span.start + row.epoch + 1 : span.start + row.step / stepsPerEpoch;
}
