/** A simplex: an equilateral triangle whose corners are three networks; a point is their average, each with the share that its nearness to that corner is. */
import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { t } from '@vscode/l10n';
import type { Surface } from '../../../src/protocol/plane.ts';
import { heatColour } from '../../look/heat.ts';
import { percent } from '../../words/figures.ts';
import { networkName } from './names.ts';
import type { Placing, Relief } from './relief.ts';
import type { Subject } from './subject.ts';
import { heights, measuredDots, networkAt, shortName } from './surface-marks.ts';
import { reliefWords } from './words.ts';

const [WIDTH, LEFT, TOP, SIDE] = [560, 62, 26, 436];
const HEIGHT = (SIDE * Math.sqrt(3)) / 2;
/** Shares that have a figure at the side. */
const SHARES = [0.25, 0.5, 0.75];

/** Shares of the second and third network to a place in the picture; the first is at the left, the third above. */
const at: Placing = (second, third) => [LEFT + SIDE * (second + third / 2), TOP + HEIGHT * (1 - third)];

export function simplexPicture({ networks }: Surface, relief: Relief, { run, choices, dark }: Subject, label: string): TemplateResult {
  const corners = [at(0, 0), at(1, 0), at(0, 1)];
  const triangle = `M${corners.map((corner) => corner.join(' ')).join('L')}Z`;
  const [x, y] = at(1 / 3, 1 / 3);
  return html`<svg class="relief" viewBox="0 0 ${WIDTH} ${TOP + HEIGHT + 52}" role="img" aria-label=${reliefWords(label, relief, choices.figure)} data-points=${relief.points.length}>
    <clipPath id="surface-area"><path d=${triangle} /></clipPath>
    <g clip-path="url(#surface-area)">
      <path class="ground" d=${triangle} fill=${relief.grid === null ? 'none' : heatColour(0, dark)} />
      ${heights(relief, choices.figure, at, dark)} ${measuredDots(relief, at)}
    </g>
    <path class="middle" d="M${x - 6} ${y}h12M${x} ${y - 6}v12"><title>${t('all shares alike')}</title></path>
    <path class="frame" d=${triangle} />
    ${networks.map((_, place) => shares(networks, place))}
    ${networks.map((network, place) => networkAt(run, { network, x: corners[place][0], y: corners[place][1], title: networkName(network), isSeen: false, label: { dx: place === 0 ? -16 : 16, dy: 5, anchor: place === 0 ? 'end' : 'start', isFar: false } }))}
  </svg>`;

  /** Along the side that leads from the network before to this one. */
  function shares(names: readonly string[], place: number): SVGTemplateResult[] {
    const from = corners[(place + 2) % 3];
    const to = corners[place];
    const [dx, dy, anchor] = ([[-16, -2, 'end'], [0, 22, 'middle'], [16, -2, 'start']] as const)[place];
    return SHARES.map((share) => {
      const [px, py] = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
      return svg`<g class="share"><path class="frame" d="M${px} ${py}l${dx * 0.4} ${place === 1 ? 8 : dy * 2}" /><text class="xy-tick" x=${px + dx} y=${py + dy + (place === 1 ? 0 : 4)} text-anchor=${anchor}>${shortName(run, names[place])}: ${percent(share, 0)}</text></g>`;
    });
  }
}
