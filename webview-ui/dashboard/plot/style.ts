/** How a member's line looks: its colour, faint while another member stands out. */
import { markerOf, seriesOf, type Marker } from '../../look/palette.ts';
import type { Span } from '../timeline.ts';
import type { Range } from '../../charts/plot/range.ts';
import { withAlpha, type Theme } from '../../look/theme.ts';

/** What every chart draws from. */
export interface Scene {
  spans: readonly Span[];
  /** Members whose curves are not drawn. */
  hidden: readonly string[];
  /** The member that stands out, or null. */
  highlighted: string | null;
  /** The epochs on show, or null for all. */
  range: Range | null;
  /** The narrowest range that can be shown, epochs. */
  least: number;
  theme: Theme;
}

export interface LineStyle {
  colour: string;
  marker: Marker;
  /** 2 beside others, 3 when it stands out. */
  width: number;
  faint: boolean;
  /** Lower is nearer to the eye. */
  order: number;
}

const FAINT = 0.22;

export function lineStyle(span: Span, { highlighted, theme }: Scene): LineStyle {
  const stands = highlighted === span.member;
  const faint = highlighted !== null && !stands;
  const colour = theme.series[seriesOf(span.index)];
  return { colour: faint ? withAlpha(colour, FAINT) : colour, marker: markerOf(span.index), width: stands ? 3 : 2, faint, order: stands ? 0 : 1 };
}

export function visibleSpans({ spans, hidden }: Scene): Span[] {
  return spans.filter(({ member }) => !hidden.includes(member));
}

/** The part of [start, end] that is on show; null where none of it is. */
export function shown(start: number, end: number, range: Range | null): Range | null {
  const [from, to] = range === null ? [start, end] : [Math.max(start, range.from), Math.min(end, range.to)];
  return from < to ? { from, to } : null;
}
