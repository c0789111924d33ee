/** Where the networks lie, seen along the directions in which they differ most. */
import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import type { BasinSoFar } from '../../../src/protocol/basin.ts';
import { rangeOf, ticks } from '../../charts/ticks.ts';
import { markerPath } from '../../look/icon.ts';
import { seriesOf } from '../../look/palette.ts';
import { nats, percent } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import { labelPlaces } from './label-places.ts';
import { networkName, networkMark, placeOf } from './names.ts';
import { chooser, figuresTable, tableButton } from './parts.ts';
import type { Subject } from './subject.ts';
import { nameAt, shortName } from './surface-marks.ts';

const SIZE = { width: 460, height: 300, left: 46, right: 30, top: 14, bottom: 40 };

export function componentsView({ run, choices }: Subject, { geometry }: BasinSoFar, actions: Actions): TemplateResult {
  const title = t('Principal components');
  const parts = geometry.components.map(({ part }) => part);
  const shown = geometry.components.find(({ part }) => part === choices.part) ?? geometry.components[0];
  const names = { whole: t('Whole network'), backbone: t('Without the head') };
  return html`<figure class="picture components">
    <figcaption>
      <h3>${title}</h3>
      <span class="controls">
        ${parts.length < 2 ? nothing : chooser(t('Part'), parts.map((value) => ({ value, name: names[value] })), shown.part, (part) => actions.choose({ part }))}
        ${tableButton('components', title, choices, actions)}
      </span>
    </figcaption>
    ${shown === undefined || shown.explained.length === 0 ? html`<p class="muted empty">${t('Not enough networks.')}</p>` : choices.tables.includes('components') ? table() : picture()}
  </figure>`;

  function table(): TemplateResult {
    const count = Math.min(4, shown.explained.length);
    return figuresTable(title, [t('Network'), ...Array.from({ length: count }, (_, component) => t('Component {0}: {1}', component + 1, percent(shown.explained[component])))], shown.networks.map((network, row) => [
      html`${networkMark(run, network)} ${networkName(network)}`, ...Array.from({ length: count }, (_, component) => nats(shown.coordinates[row][component], 3))]));
  }

  function picture(): TemplateResult {
    const place = (row: number): [number, number] => [shown.coordinates[row][0], shown.coordinates[row][1] ?? 0];
    const all = shown.networks.map((_, row) => place(row));
    const [width, height] = [SIZE.width - SIZE.left - SIZE.right, SIZE.height - SIZE.top - SIZE.bottom];
    const [[x0, x1], [y0, y1]] = [rangeOf(all.map(([x]) => x), 0.1), rangeOf(all.map(([, y]) => y), 0.14)];
    const unit = Math.min(width / (x1 - x0), height / (y1 - y0)); // alike along both
    const x = (value: number): number => SIZE.left + width / 2 + (value - (x0 + x1) / 2) * unit;
    const y = (value: number): number => SIZE.top + height / 2 - (value - (y0 + y1) / 2) * unit;
    const [left, right] = [(x0 + x1) / 2 - width / 2 / unit, (x0 + x1) / 2 + width / 2 / unit];
    const [low, high] = [(y0 + y1) / 2 - height / 2 / unit, (y0 + y1) / 2 + height / 2 / unit];
    const share = (component: number): string => percent(shown.explained[component] ?? 0, 0);
    const labels = labelPlaces(all.map(([px, py], row) => ({ x: x(px), y: y(py), text: shortName(run, shown.networks[row]), radius: 7 })), { left: SIZE.left, top: 0, right: SIZE.width, bottom: SIZE.top + height });
    const said = shown.networks.map((name, row) => `${networkName(name)} ${place(row).map((value) => nats(value, 2)).join(', ')}`).join('; ');
    return html`<svg class="scatter" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${title}: ${said}">
        ${ticks(left, right, 5).map((value) => svg`<line class="xy-grid" x1=${x(value)} x2=${x(value)} y1=${SIZE.top} y2=${SIZE.top + height} /><text class="xy-tick" x=${x(value)} y=${SIZE.top + height + 16} text-anchor="middle">${nats(value, 1)}</text>`)}
        ${ticks(low, high, 4).map((value) => svg`<line class="xy-grid" x1=${SIZE.left} x2=${SIZE.left + width} y1=${y(value)} y2=${y(value)} /><text class="xy-tick" x=${SIZE.left - 7} y=${y(value) + 4} text-anchor="end">${nats(value, 1)}</text>`)}
        ${shown.networks.map((name, row) => {
          const from = run.members.find(({ member }) => member.name === name)?.member.startsFrom;
          const origin = from === undefined ? -1 : shown.networks.indexOf(from);
          return origin < 0 ? nothing : svg`<line class="descent" x1=${x(place(origin)[0])} y1=${y(place(origin)[1])} x2=${x(place(row)[0])} y2=${y(place(row)[1])} />`;
        })}
        ${shown.networks.map((name, row) => {
          const index = placeOf(run, name);
          return svg`<g class="corner ${index < 0 ? 'no-member' : `series-${seriesOf(index)}`}" transform="translate(${x(place(row)[0])} ${y(place(row)[1])})">
            <title>${networkName(name)}</title>
            ${nameAt(shortName(run, name), labels[row])}
            ${index < 0 ? svg`<rect class="form" x="-5" y="-5" width="10" height="10" rx="2" />` : svg`<path class="form" transform="scale(1.25)" d=${markerPath(index)} />`}
          </g>`;
        })}
        <text class="xy-title" x=${SIZE.left + width / 2} y=${SIZE.height - 6} text-anchor="middle">${t('component 1 ({0} of the variance)', share(0))}</text>
        <text class="xy-title" transform="rotate(-90)" x=${-(SIZE.top + height / 2)} y="11" text-anchor="middle">${t('component 2 ({0})', share(1))}</text>
      </svg>
      <p class="muted signs">${t('The two explain {0} of the variance. Lines: which network starts from which.', percent((shown.explained[0] ?? 0) + (shown.explained[1] ?? 0), 0))}</p>`;
  }
}
