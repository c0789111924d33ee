/** The plane from above: heights in colours with contour lines, networks with their marks. Distances are alike along both axes. */
import { nothing, svg, html, type SVGTemplateResult, type TemplateResult } from 'lit';
import { t } from '@vscode/l10n';
import type { Surface } from '../../../src/protocol/plane.ts';
import { ticks } from '../../charts/ticks.ts';
import { heatColour, textOn } from '../../look/heat.ts';
import { markerPath } from '../../look/icon.ts';
import { seriesOf } from '../../look/palette.ts';
import { nats } from '../../words/figures.ts';
import { numberOf } from '../../words/naming.ts';
import { labelSides } from './label-sides.ts';
import { networkName, placeOf } from './names.ts';
import { projectionsOf } from './projections.ts';
import { PRETRAINED } from './relations.ts';
import { contourPaths, type Relief } from './relief.ts';
import type { Subject } from './subject.ts';
import { heightText } from './words.ts';

const WIDTH = 640;
const EDGE = { left: 40, bottom: 30, right: 8, top: 8 };
/** As a share of the width. */
const MOST_HEIGHT = 0.82;

export function planePicture(surface: Surface, relief: Relief, { run, landscape, choices, dark }: Subject, label: string): TemplateResult {
  const { columns, rows, places } = surface;
  const [x0, x1, y0, y1] = [columns[0], columns[columns.length - 1], rows[0], rows[rows.length - 1]];
  const room = WIDTH - EDGE.left - EDGE.right;
  const shape = (y1 - y0) / (x1 - x0);
  const height = Math.round(room * Math.min(MOST_HEIGHT, shape));
  const width = Math.min(room, Math.round(height / shape));
  const x = (value: number): number => ((value - x0) / (x1 - x0)) * width;
  const y = (value: number): number => height * (1 - (value - y0) / (y1 - y0));
  const paths = contourPaths(relief, choices.figure, width, height);
  const steps = relief.levels.length;
  const others = projectionsOf(surface, landscape.basin).filter(({ x: px, y: py }) => px >= x0 && px <= x1 && py >= y0 && py <= y1);
  const corners = places.map(({ network, x: px, y: py }) => ({ network, x: px, y: py, away: 0 }));
  const marks = [...corners, ...others];
  const sides = labelSides(marks.map((place) => ({ x: x(place.x), y: y(place.y) })));
  const said = [label, ...relief.points.length === 0 ? [] : [t('lowest {0}, highest {1}', heightText(relief.low, choices.figure), heightText(relief.high, choices.figure))], t('{0} grid points measured', relief.points.length)].join(', ');
  return html`<svg class="relief" viewBox="0 0 ${WIDTH} ${height + EDGE.top + EDGE.bottom}" role="img" aria-label=${said} data-points=${relief.points.length}>
    <g transform="translate(${EDGE.left} ${EDGE.top})">
      <rect class="ground" width=${width} height=${height} fill=${paths.length > 0 ? heatColour(0, dark) : 'none'} />
      ${paths.length > 0 ? paths.map((path, level) => svg`<path class="contour" d=${path} fill=${heatColour((level + 1) / steps, dark)} stroke=${textOn(heatColour((level + 1) / steps, dark))} />`) : cells(relief, choices.figure, width, height, dark)}
      ${relief.grid === null ? nothing : relief.points.map((point) => svg`<circle class="measured" cx=${(point.column / (relief.side - 1)) * width} cy=${height * (1 - point.row / (relief.side - 1))} r=${point.level === 0 ? 1.8 : 1.1} />`)}
      ${ways(corners, x, y)}
      ${others.map((place) => mark(place, true, sides[marks.indexOf(place)]))} ${corners.map((place) => mark(place, false, sides[marks.indexOf(place)]))}
      <rect class="frame" width=${width} height=${height} />
      ${ticks(x0, x1, 6).map((value) => svg`<text class="xy-tick" x=${x(value)} y=${height + 18} text-anchor="middle">${nats(value, 1)}</text>`)}
      ${ticks(y0, y1, 5).map((value) => svg`<text class="xy-tick" x="-7" y=${y(value) + 4} text-anchor="end">${nats(value, 1)}</text>`)}
    </g>
  </svg>`;

  function mark({ network, x: px, y: py, away }: { network: string; x: number; y: number; away: number }, isSeen: boolean, side: 'left' | 'right'): SVGTemplateResult {
    const place = placeOf(run, network);
    const name = isSeen ? t('{0}, {1} away from the plane', networkName(network), nats(away, 2)) : networkName(network);
    const offset = (isSeen ? 11 : 15) * (side === 'left' ? -1 : 1);
    const text = network === PRETRAINED ? 'θ₀' : place < 0 ? network : String(numberOf(network));
    return svg`<g class="corner ${isSeen ? 'seen' : ''} ${place < 0 ? 'no-member' : `series-${seriesOf(place)}`}" transform="translate(${x(px)} ${y(py)})">
      <title>${name}</title>
      <circle class="halo" r=${isSeen ? 8 : 12} />
      ${isSeen ? svg`<circle class="ring" r="6" />` : place < 0 ? svg`<rect class="form" x="-5" y="-5" width="10" height="10" rx="2" />` : svg`<path class="form" transform="scale(1.25)" d=${markerPath(place)} />`}
      <text class="corner-name" x=${offset} y="5" text-anchor=${side === 'left' ? 'end' : 'start'}>${text}</text>
    </g>`;
  }
}

/** The lines between the three. */
function ways(corners: readonly { x: number; y: number }[], x: (value: number) => number, y: (value: number) => number): SVGTemplateResult | typeof nothing {
  if (corners.length !== 3) return nothing;
  return svg`<path class="ways" d="M${corners.map((corner) => `${x(corner.x)} ${y(corner.y)}`).join('L')}Z" />`;
}

/** Measured points as they come, before the coarsest grid is whole. */
function cells({ points, side, low, high }: Relief, figure: 'loss' | 'error', width: number, height: number, dark: boolean): SVGTemplateResult[] {
  const size = 1 / Math.min(side, 5);
  return points.map(({ column, row, sets }) => {
    const value = Object.values(sets)[0][figure] ?? high;
    const [cx, cy] = [column / (side - 1), 1 - row / (side - 1)];
    const [left, top] = [Math.max(0, cx - size / 2), Math.max(0, cy - size / 2)];
    const colour = heatColour(high > low ? (value - low) / (high - low) : 0, dark);
    return svg`<rect class="cell" x=${left * width} y=${top * height} width=${(Math.min(1, cx + size / 2) - left) * width} height=${(Math.min(1, cy + size / 2) - top) * height} fill=${colour} />`;
  });
}
