/** How far members went through the space of weights, epoch by epoch: from the rows that trainers write. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import '../../charts/xy-chart.ts';
import type { XyContent, XySeries } from '../../charts/xy-chart.ts';
import { seriesOf } from '../../look/palette.ts';
import { nats } from '../../words/figures.ts';
import { memberName } from '../../words/naming.ts';
import type { Actions } from '../actions.ts';
import { historyOf } from '../store.ts';
import { WAYS, type Way } from './choices.ts';
import { networkSign } from './names.ts';
import { figuresTable, selection, tableButton } from './parts.ts';
import type { Subject } from './subject.ts';
import { wayName } from './words.ts';

export function waysView(subject: Subject, actions: Actions): TemplateResult | typeof nothing {
  const { choices, run } = subject;
  const there = WAYS.filter((way) => seriesOfWay(subject, way).length > 0);
  if (there.length === 0) return nothing;
  const way = there.includes(choices.way) ? choices.way : there[0];
  const series = seriesOfWay(subject, way);
  const title = t('Ways through the space of weights');
  const content: XyContent = { label: wayName(way), xTitle: t('epoch of the member'), yTitle: wayName(way), writeX: (value) => nats(value, 0), writeY: (value) => nats(value, way === 'cosineToFirst' ? 2 : 1), series, height: 270 };
  const epochs = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  return html`<figure class="picture ways-view">
    <figcaption>
      <h3>${title}</h3>
      <span class="controls">${selection(title, there.map((value) => ({ value, name: wayName(value) })), way, (chosen: Way) => actions.choose({ way: chosen }))} ${tableButton('ways', title, choices, actions)}</span>
    </figcaption>
    ${choices.tables.includes('ways')
      ? figuresTable(wayName(way), [t('Epoch'), ...series.map(({ key }) => networkSign(run, key))], epochs.map((epoch) => [String(epoch), ...series.map(({ points }) => { const found = points.find(({ x }) => x === epoch); return found === undefined ? '' : nats(found.y, 3); })]))
      : html`<xy-chart .content=${content}></xy-chart><p class="muted signs ways-legend">${series.map(({ key }) => html`<span>${networkSign(run, key)}</span>`)}</p>`}
  </figure>`;
}

function seriesOfWay({ run, model }: Subject, way: Way): XySeries[] {
  return run.members.flatMap(({ member: { name } }, index) => {
    const points = historyOf(model, name).rows.flatMap((row) => (row.kind === 'epoch' && row[way] !== undefined ? [{ x: row.epoch + 1, y: row[way] }] : []));
    return points.length === 0 ? [] : [{ key: name, name: memberName(name), colour: seriesOf(index), dots: points.length < 40, points }];
  });
}
