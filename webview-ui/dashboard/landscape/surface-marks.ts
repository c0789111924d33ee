/** What pictures of surfaces have in common: marks of networks, measured points, and points as they come. */
import { nothing, svg, type SVGTemplateResult } from 'lit';
import type { RunView } from '../../../src/protocol/run.ts';
import { heatColour, textOn } from '../../look/heat.ts';
import { markerPath } from '../../look/icon.ts';
import { seriesOf } from '../../look/palette.ts';
import { numberOf } from '../../words/naming.ts';
import { remembered } from '../remember.ts';
import type { Figure } from './choices.ts';
import type { LabelPlace } from './label-places.ts';
import { placeOf } from './names.ts';
import { PRETRAINED } from './relations.ts';
import { contourPaths, type Placing, type Relief } from './relief.ts';

interface Mark {
  network: string;
  /** In the picture. */
  x: number;
  y: number;
  title: string;
  /** A ring: it does not lie in the surface, it is seen from above. */
  isSeen: boolean;
  label: LabelPlace;
}

export function networkAt(run: RunView, { network, x, y, title, isSeen, label }: Mark): SVGTemplateResult {
  const place = placeOf(run, network);
  return svg`<g class="corner ${isSeen ? 'seen' : ''} ${place < 0 ? 'no-member' : `series-${seriesOf(place)}`}" transform="translate(${x} ${y})">
    <title>${title}</title>
    ${nameAt(shortName(run, network), label)}
    <circle class="halo" r=${isSeen ? RADIUS.seen : RADIUS.corner} />
    ${isSeen ? svg`<circle class="ring" r="6" />` : place < 0 ? svg`<rect class="form" x="-5" y="-5" width="10" height="10" rx="2" />` : svg`<path class="form" transform="scale(1.25)" d=${markerPath(place)} />`}
  </g>`;
}

/** Half the size of a mark. */
export const RADIUS = { corner: 12, seen: 8 };

/** A name beside its mark, around which it is drawn, with a line to it when it is far. */
export function nameAt(text: string, { dx, dy, anchor, isFar }: LabelPlace): SVGTemplateResult {
  return svg`${isFar ? svg`<line class="leader" x1="0" y1="0" x2=${dx} y2=${dy - 5} />` : nothing}<text class="corner-name" x=${dx} y=${dy} text-anchor=${anchor}>${text}</text>`;
}

/** In a picture there is room for a number. */
export function shortName(run: RunView, network: string): string {
  if (network === PRETRAINED) return 'θ₀';
  return placeOf(run, network) < 0 ? network : String(numberOf(network));
}

/** Colours and lines of a relief; the ground below the lowest line is the picture's own. Before the coarsest grid is whole, a spot a point. */
export function heights(relief: Relief, figure: Figure, at: Placing, dark: boolean): SVGTemplateResult[] {
  const paths = remembered(relief, 'paths', `${figure} ${at(1, 1).join()}`, () => contourPaths(relief, figure, at));
  if (paths.length === 0) return spots(relief, at, dark);
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

function spots({ points, side, low, high, heightOf }: Relief, at: Placing, dark: boolean): SVGTemplateResult[] {
  return points.map((point) => {
    const { column, row } = point;
    const value = heightOf(point);
    const [x, y] = at(column / (side - 1), row / (side - 1));
    return svg`<circle class="cell" cx=${x} cy=${y} r="26" fill=${heatColour(high > low ? (value - low) / (high - low) : 0, dark)} />`;
  });
}
