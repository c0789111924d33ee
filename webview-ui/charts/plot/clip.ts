/** A y axis that leaves out what lies far from everything else, and what it leaves out. */
import type { Range } from './range.ts';
import type { Point, Series } from './series.ts';

export interface Clip {
  min: number;
  max: number;
  /** Points beyond, with the colour of their lines. */
  outside: { point: Point; colour: string }[];
}

/** Shares of the points below and above which a point may be an outlier. */
const [LOW, HIGH] = [0.01, 0.99];
/** Room beyond these, as a share of their distance: within it nothing is an outlier. */
const ROOM = 0.15;
const FEWEST_POINTS = 20;

/** @returns null when nothing drawn in the range lies far out. */
export function clipOf(series: readonly Series[], { from, to }: Range): Clip | null {
  const drawn = series.flatMap((line) => line.data.filter(({ x, y }) => x >= from && x <= to && Number.isFinite(y)).map((point) => ({ point, colour: line.borderColor as string })));
  const values = Float64Array.from(drawn, ({ point }) => point.y).sort();
  if (values.length < FEWEST_POINTS) return null;
  const [low, high] = [values[Math.floor(LOW * (values.length - 1))], values[Math.ceil(HIGH * (values.length - 1))]];
  const room = ROOM * (high - low);
  const [min, max] = [Math.max(values[0], low - room), Math.min(values[values.length - 1], high + room)];
  const isOut = ({ y }: Point): boolean => y < min || y > max;
  const outside = drawn.filter(({ point }) => isOut(point));
  return outside.length === 0 || high === low ? null : { min, max, outside };
}
