/** A surface of loss or error: the plane through three networks, two random directions from one, or the averages of three; and the picture as it fills in. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Surface, SurfacePoint } from '../../../src/protocol/plane.ts';
import { legend } from '../../charts/legend.ts';
import { percent } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import { remembered } from '../remember.ts';
import { SURFACES, type SurfaceKind } from './choices.ts';
import { figureChoosers, shownSet } from './matrices.ts';
import { networkName } from './names.ts';
import { chooser, figuresTable, tableButton } from './parts.ts';
import { planePicture } from './plane-picture.ts';
import { reliefOf } from './relief.ts';
import { simplexPicture } from './simplex-picture.ts';
import type { Subject } from './subject.ts';
import { chosenSurface, surfaceOf } from './surface-choice.ts';
import { surfaceOrder } from './surface-order.ts';
import { figureName, heightText, setName } from './words.ts';

const NO_POINTS: ReadonlyMap<string, SurfacePoint> = new Map();

export function surfaceView(subject: Subject, actions: Actions): TemplateResult {
  const { choices, landscape, dark } = subject;
  const kind = choices.surface;
  const title = titleOf(kind);
  const question = chosenSurface(subject);
  const surface = question === null ? undefined : surfaceOf(landscape, question);
  const sets = surface?.measuring.sets ?? [];
  return html`<figure class="picture plane">
    <figcaption>
      <h3>${title}</h3>
      <span class="controls">
        ${chooser(t('Kind of surface'), SURFACES.map((value) => ({ value, name: shortName(value) })), kind, (chosen) => actions.choose({ surface: chosen }))}
        ${surface === undefined ? nothing : html`${figureChoosers(sets, subject, actions)} ${tableButton('plane', title, choices, actions)}`}
      </span>
    </figcaption>
    ${question === null
      ? html`<p class="muted empty">${kind === 'random' ? t('No member is done yet.') : t('Three networks span a plane: two members and the pre-trained network, or three members. Not so many are done yet.')}</p>`
      : html`${surfaceOrder(question, surface, subject, actions)} ${surface === undefined ? html`<p class="muted empty">${explanation(kind)}</p>` : shown(surface)}`}
  </figure>`;

  function shown(surface: Surface): TemplateResult {
    const { figure } = choices;
    const set = shownSet(sets, choices.set);
    const points = landscape.points.get(surface.key) ?? NO_POINTS;
    const relief = remembered(points, 'relief', `${surface.key} ${figure} ${set}`, () => reliefOf(surface, points, figure, set));
    const label = t('{0} on {1}', figureName(figure), setName(set));
    if (choices.tables.includes('plane')) {
      const sorted = [...relief.points].sort((a, b) => a.row - b.row || a.column - b.column);
      return figuresTable(label, [...placeHeads(surface), t('Error'), t('Loss')], sorted.map((point) => [...placeCells(surface, point), heightText(point.sets[set]!.error, 'error'), heightText(point.sets[set]!.loss ?? Infinity, 'loss')]));
    }
    const ticks = relief.levels.length === 0 ? [] : [relief.low, ...relief.levels.filter((_, level) => level % 3 === 2), relief.high];
    const head = surface.headOf === null ? '' : ` ${t('The pre-trained network has the head of {0}.', networkName(surface.headOf).toLocaleLowerCase())}`;
    return html`${surface.kind === 'simplex' ? simplexPicture(surface, relief, subject, label) : planePicture(surface, relief, subject, label)}
      ${ticks.length === 0 ? nothing : legend({ label, ticks: ticks.map((value, index) => ({ at: index / (ticks.length - 1), text: heightText(value, figure) })), dark, steps: relief.levels.length + 1 })}
      <p class="muted signs">${signs(surface.kind)}${head}</p>`;
  }
}

function titleOf(kind: SurfaceKind): string {
  return { plane: t('The plane through three networks'), random: t('Two random directions from a network'), simplex: t('The averages of three networks') }[kind];
}

function shortName(kind: SurfaceKind): string {
  return { plane: t('Plane'), random: t('Random directions'), simplex: t('Simplex') }[kind];
}

function explanation(kind: SurfaceKind): string {
  const kept = t('The picture comes from coarse to fine; what was measured is kept when you pause.');
  const what = {
    plane: t('Loss and error at the points of a grid on the plane: it shows whether networks lie in one valley.'),
    random: t('Loss and error around one network, along two random directions whose filters are as long as the network\'s own: it shows how wide its valley is.'),
    simplex: t('Loss and error of weighted averages of three networks: the corners are the networks, the middle is their uniform soup.'),
  }[kind];
  return `${what} ${kept}`;
}

function signs(kind: SurfaceKind): string {
  switch (kind) {
    case 'plane':
      return t('Axes: distance between weights. Dots: measured; between them interpolated. Rings: other networks as seen from above the plane.');
    case 'random':
      return t('Axes: steps along each direction, 1 is the length of the network\'s own filters. Dots: measured; between them interpolated.');
    case 'simplex':
      return t('Figures at the sides: the share of a network in the average. Dots: measured; between them interpolated. Cross: all shares alike.');
  }
}

/** What the columns of the table tell of a point's place. */
function placeHeads({ kind, networks }: Surface): string[] {
  return kind === 'simplex' ? networks.map((name) => t('Share of {0}', networkName(name).toLocaleLowerCase())) : [t('Place')];
}

function placeCells({ kind, columns, rows }: Surface, { column, row }: SurfacePoint): string[] {
  if (kind !== 'simplex') return [`${columns[column].toFixed(2)}, ${rows[row].toFixed(2)}`];
  return [1 - columns[column] - rows[row], columns[column], rows[row]].map((share) => percent(Math.max(0, share), 1));
}
