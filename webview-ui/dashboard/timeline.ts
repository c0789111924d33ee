/** The epochs of the whole experiment: where each member's training lies. Members of a star lie side by side. */
import type { Member } from '../../src/protocol/run.ts';
import type { Row } from '../../src/protocol/rows.ts';
import { epochsOf } from '../../src/protocol/schedule.ts';

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

/** A member starts where the member it starts from ends; pre-trained weights end at 0. */
export function spansOf(members: readonly Member[]): Span[] {
  const ends = new Map<string, number>();
  return members.map((member, index) => {
    const start = ends.get(member.startsFrom) ?? 0;
    const end = start + epochsOf(member);
    ends.set(member.name, end);
    return { member: member.name, index, start, end };
  });
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
