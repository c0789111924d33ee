/** What pictures of surfaces have in common: marks of networks, measured points, and points as they come. */
import { svg, type SVGTemplateResult } from 'lit';
import type { RunView } from '../../../src/protocol/run.ts';
import { heatColour, textOn } from '../../look/heat.ts';
import { markerPath } from '../../look/icon.ts';
import { seriesOf } from '../../look/palette.ts';
import { numberOf } from '../../words/naming.ts';
import type { Figure } from './choices.ts';
import { placeOf } from './names.ts';
import { PRETRAINED } from './relations.ts';
import { contourPaths, type Placing, type Relief } from './relief.ts';

export interface Mark {
  network: string;
  /** In the picture. */
  x: number;
  y: number;
  title: string;
  /** A ring: it does not lie in the surface, it is seen from above. */
  isSeen: boolean;
  side: 'left' | 'right';
}

export function networkAt(run: RunView, { network, x, y, title, isSeen, side }: Mark): SVGTemplateResult {
  const place = placeOf(run, network);
  const offset = (isSeen ? 11 : 15) * (side === 'left' ? -1 : 1);
  return svg`<g class="corner ${isSeen ? 'seen' : ''} ${place < 0 ? 'no-member' : `series-${seriesOf(place)}`}" transform="translate(${x} ${y})">
    <title>${title}</title>
    <circle class="halo" r=${isSeen ? 8 : 12} />
    ${isSeen ? svg`<circle class="ring" r="6" />` : place < 0 ? svg`<rect class="form" x="-5" y="-5" width="10" height="10" rx="2" />` : svg`<path class="form" transform="scale(1.25)" d=${markerPath(place)} />`}
    <text class="corner-name" x=${offset} y="5" text-anchor=${side === 'left' ? 'end' : 'start'}>${shortName(run, network)}</text>
  </g>`;
}

/** In a picture there is room for a number. */
export function shortName(run: RunView, network: string): string {
  if (network === PRETRAINED) return 'θ₀';
  return placeOf(run, network) < 0 ? network : String(numberOf(network));
}

/** Colours and lines of a relief; the ground below the lowest line is the picture's own. Before the coarsest grid is whole, a spot a point. */
export function heights(relief: Relief, figure: Figure, at: Placing, dark: boolean): SVGTemplateResult[] {
  const paths = contourPaths(relief, figure, at);
  if (paths.length === 0) return spots(relief, figure, at, dark);
  return paths.map((path, level) => {
    const colour = heatColour((level + 1) / relief.levels.length, dark);
    return svg`<path class="contour" d=${path} fill=${colour} stroke=${textOn(colour)} />`;
  });
}

export function measuredDots({ points, side, grid }: Relief, at: Placing): SVGTemplateResult[] {
  if (grid === null) return [];
  return points.map(({ column, row, level }) => {
    const [x, y] = at(column / (side - 1), row / (side - 1));
    return svg`<circle class="measured" cx=${x} cy=${y} r=${level === 0 ? 1.8 : 1.1} />`;
  });
}

function spots({ points, side, low, high }: Relief, figure: Figure, at: Placing, dark: boolean): SVGTemplateResult[] {
  return points.map(({ column, row, sets }) => {
    const value = Object.values(sets)[0][figure] ?? high;
    const [x, y] = at(column / (side - 1), row / (side - 1));
    return svg`<circle class="cell" cx=${x} cy=${y} r="26" fill=${heatColour(high > low ? (value - low) / (high - low) : 0, dark)} />`;
  });
}
