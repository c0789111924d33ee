/** The plane through three networks: which, what it costs, how far it is, and the picture as it fills in. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Surface } from '../../../src/protocol/plane.ts';
import { count, duration } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import { SIZES, type PlaneSize } from './choices.ts';
import { costOf } from './cost.ts';
import { legend } from './legend.ts';
import { figureChoosers, shownSet } from './matrices.ts';
import { networkName } from './names.ts';
import { askButton, figuresTable, selection, tableButton, taskBar } from './parts.ts';
import { planePicture } from './plane-picture.ts';
import { reliefOf } from './relief.ts';
import { networksThere, taskOf, trainingSpeed, whyNot, type Subject } from './subject.ts';
import { figureName, heightText, setName } from './words.ts';

type Three = readonly [string, string, string];

export function planeView(subject: Subject, actions: Actions): TemplateResult {
  const { run, choices, landscape, dark } = subject;
  const title = t('The plane through three networks');
  const known = networksThere(run);
  const three = chosenThree(subject, known);
  const task = taskOf(subject, 'plane');
  const surface = three === null ? undefined : surfaceOf(subject, three);
  const sets = surface?.measuring.sets ?? [];
  return html`<figure class="picture plane">
    <figcaption>
      <h3>${title}</h3>
      <span class="controls">${surface === undefined ? nothing : figureChoosers(sets, subject, actions)} ${surface === undefined ? nothing : tableButton('plane', title, choices, actions)}</span>
    </figcaption>
    ${three === null ? html`<p class="muted empty">${t('Three networks span a plane: two members and the pre-trained network, or three members. Not so many are done yet.')}</p>` : html`${order(three)} ${surface === undefined ? explanation() : shown(surface)}`}
  </figure>`;

  function order(networks: Three): TemplateResult {
    const measured = surface === undefined ? 0 : (landscape.points.get(surface.key)?.size ?? 0);
    const all = choices.size ** 2;
    const isElsewhere = surface !== undefined && task === undefined && landscape.busy.includes(`plane-${surface.key}`);
    const isWhole = measured >= all;
    const pick = (place: number): TemplateResult =>
      selection(t('Network {0}', place + 1), known.filter((name) => name === networks[place] || !networks.includes(name)).map((value) => ({ value, name: networkName(value) })), networks[place], (name) =>
        actions.choose({ plane: networks.map((each, index) => (index === place ? name : each)) as unknown as Three }),
      );
    const sizes = SIZES.map((size) => ({ value: String(size), name: t('{0} grid points', count(size ** 2)) }));
    return html`<div class="order">
      ${[0, 1, 2].map(pick)} ${selection(t('How fine'), sizes, String(choices.size), (size) => actions.choose({ size: Number(size) as PlaneSize }))}
      ${task !== undefined || isElsewhere || isWhole
        ? nothing
        : askButton(measured > 0 ? t('Resume') : t('Measure the plane'), measured > 0 ? 'debug-continue' : 'play', { className: 'measure-plane', reason: whyNot(subject, 2) }, () =>
            actions.ask({ kind: 'plane', networks: [...networks], size: choices.size }))}
      <span class="muted budget">${budget(measured, all)}</span>
      ${isElsewhere ? html`<span class="muted">${t('A terminal or another window is measuring it.')}</span>` : nothing}
      ${task === undefined ? nothing : taskBar(task, t('The plane'), { name: t('Pause'), icon: 'debug-pause' }, actions)}
    </div>`;
  }

  /** "289 points, about 3 min": what is left of it, once it has begun. */
  function budget(measured: number, all: number): string {
    if (measured >= all) return t('{0} grid points measured', count(all));
    const { ms } = costOf(all - measured, landscape, trainingSpeed(subject));
    const points = measured === 0 ? t('{0} grid points', count(all)) : t('{0} of {1} grid points', count(measured), count(all));
    return ms === null ? points : t('{0}, about {1}', points, duration(ms));
  }

  function explanation(): TemplateResult {
    return html`<p class="muted empty">${t('Loss and error at the points of a grid on the plane: it shows whether networks lie in one valley. The picture comes from coarse to fine; what was measured is kept when you pause.')}</p>`;
  }

  function shown(surface: Surface): TemplateResult {
    const { figure } = choices;
    const set = shownSet(sets, choices.set);
    const relief = reliefOf(surface, landscape.points.get(surface.key) ?? new Map(), figure, set);
    const label = t('{0} on {1}', figureName(figure), setName(set));
    if (choices.tables.includes('plane')) {
      const points = [...relief.points].sort((a, b) => a.row - b.row || a.column - b.column);
      return figuresTable(label, [t('Place'), t('Error'), t('Loss')], points.map(({ column, row, sets: values }) => [
        `${surface.columns[column].toFixed(2)}, ${surface.rows[row].toFixed(2)}`, heightText(values[set]!.error, 'error'), heightText(values[set]!.loss ?? Infinity, 'loss')]));
    }
    const ticks = relief.levels.length === 0 ? [] : [relief.low, ...relief.levels.filter((_, level) => level % 3 === 2), relief.high];
    return html`${planePicture(surface, relief, subject, label)}
      ${ticks.length === 0 ? nothing : legend({ label, ticks: ticks.map((value, index) => ({ at: index / (ticks.length - 1), text: heightText(value, figure) })), dark, steps: relief.levels.length + 1 })}
      <p class="muted signs">${t('Axes: distance between weights. Dots: measured; between them interpolated. Rings: other networks as seen from above the plane.')}${surface.headOf === null ? '' : ` ${t('The pre-trained network has the head of {0}.', networkName(surface.headOf).toLocaleLowerCase())}`}</p>`;
  }
}

/** Those chosen, as far as they are there; else the one measured last, else the first three. */
function chosenThree({ choices, landscape }: Subject, known: readonly string[]): Three | null {
  const { plane } = choices;
  if (plane !== null && plane.every((name) => known.includes(name))) return plane;
  const last = landscape.planes.filter(({ kind }) => kind === 'plane').sort((a, b) => a.createdAt.localeCompare(b.createdAt)).at(-1);
  if (last !== undefined && last.networks.length === 3) return last.networks as unknown as Three;
  return known.length < 3 ? null : [known[0], known[1], known[2]];
}

/** The plane of these networks, in this order, of the chosen size; where that was not measured, the finest of another size. */
function surfaceOf({ landscape, choices }: Subject, networks: Three): Surface | undefined {
  const same = landscape.planes.filter((plane) => plane.kind === 'plane' && plane.networks.join() === networks.join());
  return same.find(({ columns }) => columns.length === choices.size) ?? same.sort((a, b) => b.columns.length - a.columns.length)[0];
}
