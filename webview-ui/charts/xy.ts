/** A small chart of lines, bars and marks over two linear axes, as SVG: it takes the theme's colours by CSS and is sharp at every size. */
import { html, nothing, svg, type TemplateResult } from 'lit';

export interface Axis {
  from: number;
  to: number;
  title: string;
  write(value: number): string;
  /** About so many ticks; 5 without. */
  ticks?: number;
}
export interface Place {
  x: number;
  y: number;
}
export interface XyParts {
  /** What is seen, for those who do not see it. */
  label: string;
  x: Axis;
  y: Axis;
  /** Class names give colours: `.xy .<name>`. */
  lines?: { points: readonly Place[]; name: string; dots?: boolean }[];
  /** Between `low` and `high`. */
  bands?: { points: readonly { x: number; low: number; high: number }[]; name: string }[];
  bars?: { from: number; to: number; y: number; name: string; title: string }[];
  /** Upright lines. */
  marks?: { x: number; name: string; title: string }[];
}

const [WIDTH, HEIGHT] = [360, 230];
const [LEFT, RIGHT, TOP, BOTTOM] = [60, 18, 10, 40];

export function xyChart({ label, x, y, lines = [], bands = [], bars = [], marks = [] }: XyParts): TemplateResult {
  const atX = (value: number): number => LEFT + ((value - x.from) / (x.to - x.from || 1)) * (WIDTH - LEFT - RIGHT);
  const atY = (value: number): number => HEIGHT - BOTTOM - ((value - y.from) / (y.to - y.from || 1)) * (HEIGHT - TOP - BOTTOM);
  const route = (points: readonly Place[]): string => points.map((point, index) => `${index === 0 ? 'M' : 'L'}${atX(point.x).toFixed(1)} ${atY(point.y).toFixed(1)}`).join('');
  return html`<svg class="xy" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
    ${ticksOf(y).map((tick) => svg`<line class="grid" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${atY(tick)} y2=${atY(tick)} /><text class="tick end" x=${LEFT - 7} y=${atY(tick) + 3.5}>${y.write(tick)}</text>`)}
    ${ticksOf(x).map((tick) => svg`<text class="tick middle" x=${atX(tick)} y=${HEIGHT - BOTTOM + 16}>${x.write(tick)}</text>`)}
    <text class="axis middle" x=${(LEFT + WIDTH - RIGHT) / 2} y=${HEIGHT - 6}>${x.title}</text>
    <text class="axis middle" transform="translate(11 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)">${y.title}</text>
    ${bands.map(({ points, name }) => svg`<path class="band ${name}" d="${route(points.map((point) => ({ x: point.x, y: point.high })))}${route(points.toReversed().map((point) => ({ x: point.x, y: point.low }))).replace('M', 'L')}Z" />`)}
    ${bars.map(({ from, to, y: height, name, title }) => svg`<rect class="bar-of ${name}" x=${atX(from) + 1} width=${Math.max(1, atX(to) - atX(from) - 2)} y=${Math.min(atY(height), atY(y.from))} height=${Math.abs(atY(y.from) - atY(height))}><title>${title}</title></rect>`)}
    ${lines.map(({ points, name, dots }) => svg`<path class="line ${name}" d=${route(points)} />${dots ? points.map((point) => svg`<circle class="dot ${name}" cx=${atX(point.x)} cy=${atY(point.y)} r="3"><title>${x.write(point.x)}: ${y.write(point.y)}</title></circle>`) : nothing}`)}
    ${marks.map(({ x: place, name, title }) => svg`<line class="mark-at ${name}" x1=${atX(place)} x2=${atX(place)} y1=${TOP} y2=${HEIGHT - BOTTOM}><title>${title}</title></line>`)}
  </svg>`;
}

/** Round numbers within the axis: 1, 2 or 5 times a power of ten apart. */
export function ticksOf({ from, to, ticks = 5 }: Pick<Axis, 'from' | 'to' | 'ticks'>): number[] {
  const span = to - from;
  if (!(span > 0)) return [from];
  const rough = span / ticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((times) => times * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  return Array.from({ length: Math.floor(to / step + 1e-9) - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
