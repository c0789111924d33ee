/** `<xy-chart>`: a few lines, with bands, bars and marks, over two linear axes. Arrow keys or the pointer move a cursor through the places at which there are values. */
import { html, LitElement, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { rangeOf, ticks } from './ticks.ts';
import './xy-chart.css';

export interface XySeries {
  key: string;
  name: string;
  /** Number of the member's colour, `--series-<n>`; null draws in the colour of text. */
  colour: number | null;
  dashed?: boolean;
  /** A dot at each point. */
  dots?: boolean;
  /** The cursor does not tell it. */
  silent?: boolean;
  points: readonly { x: number; y: number }[];
}

export interface XyContent {
  /** What it shows, for those who do not see it. */
  label: string;
  xTitle: string;
  yTitle: string;
  writeX(value: number): string;
  writeY(value: number): string;
  series: readonly XySeries[];
  /** Between `low` and `high`, in the first colour. */
  band?: readonly { x: number; low: number; high: number }[];
  bars?: readonly { from: number; to: number; y: number; title: string }[];
  /** An upright line. */
  mark?: { x: number; title: string };
  /** Without them, as far as the values go. */
  xRange?: readonly [number, number];
  yRange?: readonly [number, number];
  /** Ticks of the x axis at whole numbers only. */
  wholeX?: boolean;
  /** Pixels. */
  height?: number;
}

const EDGE = { left: 66, right: 14, top: 10, bottom: 40 };

export class XyChart extends LitElement {
  static override properties = { content: { attribute: false }, width: { state: true }, cursor: { state: true } };
  declare content: XyContent;
  declare width: number;
  declare cursor: number | null;
  readonly #size = new ResizeObserver(([entry]) => (this.width = Math.max(240, Math.round(entry.contentRect.width))));

  constructor() {
    super();
    this.width = 480;
    this.cursor = null;
  }

  override createRenderRoot(): HTMLElement {
    return this; // the page's own styles and colours
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
  }

  override render(): TemplateResult {
    const { content, width, cursor } = this;
    const { height = 230 } = content;
    const all = content.series.flatMap(({ points }) => points);
    const [x0, x1] = content.xRange ?? rangeOf(all.map(({ x }) => x), 0);
    const [y0, y1] = content.yRange ?? rangeOf(all.map(({ y }) => y));
    const x = (value: number): number => EDGE.left + ((value - x0) / (x1 - x0 || 1)) * (width - EDGE.left - EDGE.right);
    const y = (value: number): number => height - EDGE.bottom - ((value - y0) / (y1 - y0 || 1)) * (height - EDGE.top - EDGE.bottom);
    const told = content.series.filter(({ silent }) => silent !== true);
    const places = [...new Set(told.flatMap(({ points }) => points.map((point) => point.x)))].sort((a, b) => a - b);
    const at = cursor === null ? null : (places[Math.min(cursor, places.length - 1)] ?? null);
    const values = at === null ? [] : told.flatMap((series) => series.points.filter((point) => point.x === at).map((point) => ({ series, point })));
    const text = at === null ? content.label : [`${content.xTitle} ${content.writeX(at)}`, ...values.map(({ series, point }) => `${series.name} ${content.writeY(point.y)}`)].join(', ');
    return html`<div
      class="xy-frame"
      role="slider"
      tabindex="0"
      aria-label=${content.label}
      aria-valuemin="0"
      aria-valuemax=${Math.max(0, places.length - 1)}
      aria-valuenow=${cursor ?? 0}
      aria-valuetext=${text}
      @keydown=${(event: KeyboardEvent) => this.#onKey(event, places.length)}
      @blur=${() => (this.cursor = null)}
      @pointermove=${(event: PointerEvent) => this.#onPointer(event, places, x)}
      @pointerleave=${() => (this.cursor = null)}
    >
      <svg viewBox="0 0 ${width} ${height}" height=${height} aria-hidden="true">
        ${ticks(y0, y1, Math.max(2, Math.floor(height / 50))).map((value) => svg`<line class="xy-grid" x1=${EDGE.left} x2=${width - EDGE.right} y1=${y(value)} y2=${y(value)} /><text class="xy-tick" x=${EDGE.left - 8} y=${y(value) + 4} text-anchor="end">${content.writeY(value)}</text>`)}
        ${ticks(x0, x1, Math.max(2, Math.floor(width / 90))).filter((value) => content.wholeX !== true || Number.isInteger(value)).map((value) => svg`<text class="xy-tick" x=${x(value)} y=${height - EDGE.bottom + 17} text-anchor="middle">${content.writeX(value)}</text>`)}
        <text class="xy-title" x=${(EDGE.left + width - EDGE.right) / 2} y=${height - 4} text-anchor="middle">${content.xTitle}</text>
        <text class="xy-title" transform="rotate(-90)" x=${-(EDGE.top + height - EDGE.bottom) / 2} y="12" text-anchor="middle">${content.yTitle}</text>
        ${content.band === undefined ? nothing : svg`<path class="xy-band series-0" d="${route(content.band.map((point) => ({ x: point.x, y: point.high })), x, y)}${route(content.band.toReversed().map((point) => ({ x: point.x, y: point.low })), x, y).replace('M', 'L')}Z" />`}
        ${(content.bars ?? []).map(({ from, to, y: top, title }) => svg`<rect class="xy-band series-0" x=${x(from) + 1} width=${Math.max(1, x(to) - x(from) - 2)} y=${y(top)} height=${Math.max(0, y(y0) - y(top))}><title>${title}</title></rect>`)}
        ${content.mark === undefined ? nothing : svg`<line class="xy-mark" x1=${x(content.mark.x)} x2=${x(content.mark.x)} y1=${EDGE.top} y2=${height - EDGE.bottom}><title>${content.mark.title}</title></line>`}
        ${at === null ? nothing : svg`<line class="xy-cursor" x1=${x(at)} x2=${x(at)} y1=${EDGE.top} y2=${height - EDGE.bottom} />`}
        ${content.series.map((series) => line(series, x, y))}
        ${values.map(({ series, point }) => svg`<circle class="xy-at ${colourClass(series)}" cx=${x(point.x)} cy=${y(point.y)} r="4.5" />`)}
      </svg>
      ${at === null
        ? nothing
        : html`<div class="xy-popup" .style=${x(at) > width / 2 ? `right: ${width - x(at) + 10}px` : `left: ${x(at) + 10}px`}>
            <b>${content.xTitle} ${content.writeX(at)}</b>
            ${values.map(({ series, point }) => html`<span class="xy-value ${colourClass(series)}"><i></i>${series.name}<span class="number">${content.writeY(point.y)}</span></span>`)}
          </div>`}
    </div>`;
  }

  #onKey(event: KeyboardEvent, count: number): void {
    const from = this.cursor ?? -1;
    const targets: Record<string, number> = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: count - 1 };
    if (event.key === 'Escape') this.cursor = null;
    else if (event.key in targets) this.cursor = Math.max(0, Math.min(count - 1, targets[event.key]));
    else return;
    event.preventDefault();
  }

  #onPointer({ clientX }: PointerEvent, places: readonly number[], x: (value: number) => number): void {
    const at = clientX - this.getBoundingClientRect().left;
    if (places.length > 0) this.cursor = places.reduce((best, place, index) => (Math.abs(x(place) - at) < Math.abs(x(places[best]) - at) ? index : best), 0);
  }
}

function colourClass({ colour }: XySeries): string {
  return colour === null ? 'xy-plain' : `series-${colour}`;
}

function line(series: XySeries, x: (value: number) => number, y: (value: number) => number): SVGTemplateResult {
  return svg`<g class="xy-line ${colourClass(series)} ${series.dashed ? 'dashed' : ''}"><path d=${route(series.points, x, y)} />
    ${series.dots ? series.points.map((point) => svg`<circle cx=${x(point.x)} cy=${y(point.y)} r="2.6" />`) : nothing}</g>`;
}

function route(points: readonly { x: number; y: number }[], x: (value: number) => number, y: (value: number) => number): string {
  return points.map((point, index) => `${index === 0 ? 'M' : 'L'}${x(point.x).toFixed(1)} ${y(point.y).toFixed(1)}`).join('');
}

customElements.define('xy-chart', XyChart);
