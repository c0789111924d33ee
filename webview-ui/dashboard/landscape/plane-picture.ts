/** A plane from above: heights in colours with contour lines, networks with their marks. Units are alike along both axes. */
import { nothing, svg, html, type SVGTemplateResult, type TemplateResult } from 'lit';
import { t } from '@vscode/l10n';
import type { Surface } from '../../../src/protocol/plane.ts';
import { ticks } from '../../charts/ticks.ts';
import { heatColour } from '../../look/heat.ts';
import { nats } from '../../words/figures.ts';
import { labelPlaces } from './label-places.ts';
import { networkName } from './names.ts';
import { projectionsOf } from './projections.ts';
import type { Placing, Relief } from './relief.ts';
import type { Subject } from './subject.ts';
import { heights, measuredDots, networkAt, RADIUS, shortName } from './surface-marks.ts';
import { reliefWords } from './words.ts';

const WIDTH = 560;
const EDGE = { left: 54, bottom: 46, right: 8, top: 8 };
/** As a share of the width. */
const MOST_HEIGHT = 0.82;

export function planePicture(surface: Surface, relief: Relief, { run, landscape, choices, dark }: Subject, label: string): TemplateResult {
  const { columns, rows, places, kind } = surface;
  const [x0, x1, y0, y1] = [columns[0], columns[columns.length - 1], rows[0], rows[rows.length - 1]];
  const room = WIDTH - EDGE.left - EDGE.right;
  const shape = (y1 - y0) / (x1 - x0);
  const height = Math.round(room * Math.min(MOST_HEIGHT, shape));
  const width = Math.min(room, Math.round(height / shape));
  const x = (value: number): number => ((value - x0) / (x1 - x0)) * width;
  const y = (value: number): number => height * (1 - (value - y0) / (y1 - y0));
  const at: Placing = (column, row) => [width * column, height * (1 - row)];
  const others = projectionsOf(surface, landscape.basin).filter(({ x: px, y: py }) => px >= x0 && px <= x1 && py >= y0 && py <= y1);
  const marks = [
    ...others.map((other) => ({ network: other.network, x: x(other.x), y: y(other.y), title: t('{0}, {1} away from the plane', networkName(other.network), nats(other.away, 2)), isSeen: true })),
    ...places.map((place) => ({ network: place.network, x: x(place.x), y: y(place.y), title: networkName(place.network), isSeen: false })),
  ];
  const corners = marks.filter(({ isSeen }) => !isSeen);
  const labels = labelPlaces(marks.map(({ x: px, y: py, network, isSeen }) => ({ x: px, y: py, text: shortName(run, network), radius: isSeen ? RADIUS.seen : RADIUS.corner })), { left: 0, top: 0, right: width, bottom: height });
  const titles = kind === 'random' ? [t('first direction'), t('second direction')] : [t('distance along the line from network 1 to network 2'), t('distance across')];
  return html`<svg class="relief" viewBox="0 0 ${WIDTH} ${height + EDGE.top + EDGE.bottom}" role="img" aria-label=${reliefWords(label, relief, choices.figure)} data-points=${relief.points.length}>
    <clipPath id="surface-area"><rect width=${width} height=${height} rx="3" /></clipPath>
    <g transform="translate(${EDGE.left + (room - width) / 2} ${EDGE.top})">
      <g clip-path="url(#surface-area)">
        <rect class="ground" width=${width} height=${height} fill=${relief.grid === null ? 'none' : heatColour(0, dark)} />
        ${heights(relief, choices.figure, at, dark)} ${measuredDots(relief, at)}
      </g>
      ${ways(corners)} ${marks.map((mark, index) => networkAt(run, { ...mark, label: labels[index] }))}
      <rect class="frame" width=${width} height=${height} />
      ${ticks(x0, x1, 6).map((value) => svg`<text class="xy-tick" x=${x(value)} y=${height + 18} text-anchor="middle">${nats(value, 1)}</text>`)}
      ${ticks(y0, y1, 5).map((value) => svg`<text class="xy-tick" x="-7" y=${y(value) + 4} text-anchor="end">${nats(value, 1)}</text>`)}
      <text class="xy-title" x=${width / 2} y=${height + 38} text-anchor="middle">${titles[0]}</text>
      <text class="xy-title" transform="rotate(-90)" x=${-height / 2} y="-38" text-anchor="middle">${titles[1]}</text>
    </g>
  </svg>`;
}

/** The lines between the three. */
function ways(corners: readonly { x: number; y: number }[]): SVGTemplateResult | typeof nothing {
  if (corners.length !== 3) return nothing;
  return svg`<path class="ways" d="M${corners.map(({ x, y }) => `${x} ${y}`).join('L')}Z" />`;
}
