/** The picture: learning rates of all members over epochs, what starts from what, and its table. */
import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import { epochsOf } from '../../../src/protocol/schedule.ts';
import { icon, memberMark } from '../../look/icon.ts';
import { seriesOf } from '../../look/palette.ts';
import { count, rate } from '../../words/figures.ts';
import { memberName, startName } from '../../words/naming.ts';
import type { Actions } from '../actions.ts';
import { pictureOf, scaleOf, type Lane, type Picture, type Scale } from '../picture.ts';
import { spansOf, type Drawn, type Span } from '../schedule.ts';
import { handleView, valueText } from './handle.ts';

/** Lanes lower than this have no room for words. */
const LABELLED = 14;
const DASH = 7;

export function rates(drawn: Drawn, { scale, width, asTable }: { scale: Scale | null; width: number; asTable: boolean }, actions: Actions): TemplateResult {
  const spans = spansOf(drawn.members);
  const title = t('Learning rate as a table');
  return html`<figure class="rates">
    <figcaption>
      <h2>${t('Learning rate over epochs')}</h2>
      <span class="muted hint">${'cycle' in drawn.method ? t('Drag a peak or the end of a cycle') : t('Drag the peak or the end')}</span>
      <button class="plain" aria-label=${title} title=${title} aria-pressed=${asTable ? 'true' : 'false'} @click=${() => actions.toggle('table', !asTable)}>${icon('table')}</button>
    </figcaption>
    ${asTable ? table(spans) : chart(drawn, spans, width, scale ?? scaleOf(spans), actions)}
  </figure>`;
}

function chart(drawn: Drawn, spans: Span[], width: number, scale: Scale, actions: Actions): TemplateResult {
  const picture = pictureOf(spans, width, scale);
  return html`<svg class="picture" width=${width} height=${picture.height} role="group" aria-label=${`${t('Learning rate over epochs')}. ${valueText(drawn.knobs)}`}>
    ${axes(picture)} ${spans.map((span, index) => snapshotLine(span, picture.lanes[index], picture))}
    ${picture.lanes.map((lane) => laneView(lane, spans[lane.index], picture))}
    <svg x="0" y="0" width=${picture.right + 1} height=${picture.height} overflow="hidden">
      ${picture.curves.map(({ index, path, twin, twins }) => svg`<path class="curve series-${seriesOf(index)}" d=${path} stroke-dasharray=${twins === 1 ? nothing : `${DASH} ${DASH * (twins - 1)}`} stroke-dashoffset=${twins === 1 ? nothing : -DASH * twin} />`)}
    </svg>
    ${picture.handles.map((handle) => handleView(handle, drawn, spans, picture, scale, actions))}
  </svg>`;
}

function axes({ left, right, top, bottom, epochTicks, rateTicks }: Picture): TemplateResult {
  return svg`<g class="axes" aria-hidden="true">
    ${rateTicks.map(({ y, value }) => svg`<line class="grid" x1=${left} x2=${right} y1=${y} y2=${y} /><text x=${left - 16} y=${y + 4} text-anchor="end">${rate(value)}</text>`)}
    ${epochTicks.map(({ x, value }) => svg`<line class="grid" x1=${x} x2=${x} y1=${top} y2=${bottom} /><text x=${x} y=${bottom + 26} text-anchor="middle">${count(value)}</text>`)}
    <line class="base" x1=${left} x2=${right} y1=${bottom} y2=${bottom} />
  </g>`;
}

/** From the end of a curve down to the snapshot in the member's lane. */
function snapshotLine(span: Span, lane: Lane, { bottom }: Picture): TemplateResult {
  return svg`<line class="snapshot-line" x1=${lane.x2} x2=${lane.x2} y1=${bottom} y2=${lane.y} aria-hidden="true" />`;
}

function laneView({ index, y, height, x1, x2, from }: Lane, { member }: Span, { left }: Picture): TemplateResult {
  const size = Math.min(6, height * 0.36);
  return svg`<g class="lane series-${seriesOf(index)}">
    <title>${t('{0}: from {1}, {2} epochs, learning rate {3}', memberName(member.name), startName(member.startsFrom), count(epochsOf(member)), rate(member.learningRate))}</title>
    ${from === null ? nothing : svg`<path class="origin" d="M${from.x} ${from.y}L${x1} ${y}" />`}
    <line class="stay" x1=${x1} x2=${x2} y1=${y} y2=${y} stroke-width=${Math.max(1.5, Math.min(4, height * 0.3))} />
    <path class="snapshot" d="M${x2} ${y - size}L${x2 + size} ${y}L${x2} ${y + size}L${x2 - size} ${y}Z" />
    ${height < LABELLED ? nothing : svg`<text class="lane-name" x=${left - 8} y=${y + 4} text-anchor="end">${index + 1}</text>`}
  </g>`;
}

function table(spans: Span[]): TemplateResult {
  return html`<div class="table-frame" tabindex="0" role="region" aria-label=${t('Learning rate as a table')}>
    <table>
      <thead>
        <tr>
          <th scope="col">${t('Member')}</th>
          <th scope="col">${t('Starts from')}</th>
          <th scope="col">${t('Peak')}</th>
          <th scope="col">${t('Epochs')}</th>
          <th scope="col">${t('From epoch')}</th>
          <th scope="col">${t('Snapshot after')}</th>
        </tr>
      </thead>
      <tbody>
        ${spans.map(
          ({ member, index, start, end }) => html`<tr>
            <th scope="row">${memberMark(index)} ${memberName(member.name)}</th>
            <td>${startName(member.startsFrom)}</td>
            <td>${rate(member.learningRate)}</td>
            <td>${count(epochsOf(member))}</td>
            <td>${count(start)}</td>
            <td>${count(end)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
