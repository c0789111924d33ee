/** One row of the table in detail: what it is made of and by which data, calibration, size curve; and what can be done with it. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { Detail } from '../../../src/protocol/compose-messages.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../../src/protocol/export.ts';
import type { ResultRow, ResultTable } from '../../../src/protocol/results.ts';
import { fractionRange } from '../../charts/ticks.ts';
import '../../charts/xy-chart.ts';
import type { XyContent } from '../../charts/xy-chart.ts';
import { icon, slotted } from '../../look/icon.ts';
import { verdict } from '../../results/verdict.ts';
import { count, nats, percent } from '../../words/figures.ts';
import { metricName, numbersName, rowName, ruleName } from '../../words/naming.ts';
import type { Actions } from '../actions.ts';
import type { Model } from '../store.ts';
import { triesView } from './steps.ts';

export function detail(model: Model, actions: Actions): TemplateResult | typeof nothing {
  const table = model.state?.table;
  const row = table?.rows.find(({ name }) => name === model.open);
  if (!model.state || !table || row === undefined) return nothing;
  const facts = model.details.get(row.name);
  const { trusted, undoable } = model.state;
  return html`<section class="panel detail" aria-labelledby="detail-title">
    <div class="panel-title">
      <h2 id="detail-title">${rowName(row)} <span class="muted">${row.name}</span></h2>
      <div class="buttons">
        ${EXPORT_FORMATS.map((format) => html`<vscode-button class="export-${format}" secondary ?disabled=${!trusted} @click=${() => actions.ask({ kind: 'export', name: row.name, format })}>${slotted('export')}${formatName(format)}</vscode-button>`)}
        ${row.kind === 'ensemble' ? html`<vscode-button class="distil" secondary ?disabled=${!trusted} title=${t('One network that learns to predict what the ensemble does')} @click=${() => actions.ask({ kind: 'distil', ensemble: row.name })}>${slotted('beaker')}${t('Distil')}</vscode-button>` : nothing}
        ${undoable.includes(row.name) && trusted ? undoButton(row, actions) : nothing}
        <button class="plain" title=${t('Close')} aria-label=${t('Close')} @click=${() => actions.open(null)}>${icon('close')}</button>
      </div>
    </div>
    <p class="sentence">${verdict(row, table) ?? ''}</p>
    <p class="muted selected">${selectedOn(model, row, table)}</p>
    ${shares(model, row)} ${facts === undefined ? html`<p class="muted empty">${icon('loading', 'turning')} ${t('Reading its predictions')}</p>` : charts(facts)}
    ${path(model, row)}
  </section>`;
}

export function undoButton({ name }: ResultRow, actions: Actions): TemplateResult {
  return html`<vscode-button class="undo" secondary title=${t('Deletes {0}, its predictions and its row', name)} @click=${() => actions.ask({ kind: 'undo', name })}>${slotted('discard')}${t('Undo')}</vscode-button>`;
}

function formatName(format: ExportFormat): string {
  return { safetensors: t('For Python'), tfjs: 'TensorFlow.js', card: t('Model card') }[format];
}

/** What was chosen by which data: figures on data that chose something are too good. */
function selectedOn({ state, details }: Model, row: ResultRow, table: ResultTable): string {
  const metric = metricName(table);
  const made = state?.made[row.name];
  const selection = details.get(row.name)?.ensemble?.selection;
  const unseen = table.testImages > 0 ? t('Test images chose nothing.') : t('There is no test set: all figures are of the validation images, so they are too good.');
  if (row.kind === 'ensemble') {
    return selection === null || selection === undefined ? `${t('Its members were chosen by you.')} ${unseen}` : `${t('Its members were selected by {0} on {1} validation images, out of {2} ensembles that were tried.', metric, count(table.validationImages), count(selection.tried))} ${unseen}`;
  }
  if (row.kind === 'member') return unseen;
  switch (made?.rule) {
    case 'greedy':
    case 'greedy-removal':
      return `${t('Its members were selected by {0} on {1} validation images.', metric, count(table.validationImages))} ${unseen}`;
    case 'learned':
      return `${t('Its shares were learned on validation images.')} ${unseen}`;
    case 'wise-ft':
      return `${made.path.length > 0 ? t('Its alpha was chosen by {0} on {1} validation images.', metric, count(table.validationImages)) : t('Its alpha was chosen by you.')} ${unseen}`;
    default:
      return `${t('No data chose anything in it but its members.')} ${unseen}`;
  }
}

function shares({ state, details }: Model, row: ResultRow): TemplateResult | typeof nothing {
  const made = state?.made[row.name];
  const ensemble = details.get(row.name)?.ensemble;
  const list: [string, number][] = ensemble ? ensemble.members.map(({ name, folder, run, weight }) => [folder === null ? name : `${run}/${name}`, weight]) : Object.entries(made?.weights ?? {});
  const settings = Object.entries(made?.settings ?? {}).filter(([, value]) => typeof value !== 'object');
  if (list.length === 0 && made === undefined) return nothing;
  return html`<p class="shares">
    ${made === undefined ? nothing : html`<span class="tag">${isRule(made.rule) ? ruleName(made.rule) : made.rule}</span>`}
    ${settings.map(([name, value]) => html`<span class="tag">${name} ${String(value)}</span>`)}
    ${list.map(([name, weight]) => html`<span class="share"><strong>${name === 'pretrained' ? t('pre-trained weights') : numbersName([name])}</strong> <span class="number">${percent(weight)}</span></span>`)}
  </p>`;
}

function isRule(rule: string): rule is Parameters<typeof ruleName>[0] {
  return rule !== 'swa' && rule !== 'ema' && rule !== 'distilled' && rule !== '';
}

function charts({ measures, ensemble, measuredOn }: Detail): TemplateResult {
  const filled = measures.reliability.filter(({ images }) => images > 0);
  const where = measuredOn === 'test' ? t('on {0} test images', count(measures.images)) : t('on {0} validation images', count(measures.images));
  const share = (value: number): string => percent(value, 0);
  const reliability: XyContent = {
    label: t('Accuracy by confidence; a calibrated network lies on the diagonal. Expected calibration error {0}.', nats(measures.ece)),
    xTitle: t('Confidence'), yTitle: t('Accuracy'), writeX: share, writeY: share, xRange: [0, 1], yRange: [0, 1],
    bars: filled.map(({ low, high, images, accuracy }) => ({ from: low, to: high, y: accuracy ?? 0, title: t('{0} images', count(images)) })),
    series: [
      { key: 'ideal', name: '', colour: null, dashed: true, silent: true, points: [{ x: 0, y: 0 }, { x: 1, y: 1 }] },
      { key: 'accuracy', name: t('Accuracy'), colour: 0, dots: true, points: filled.map(({ confidence, accuracy }) => ({ x: confidence ?? 0, y: accuracy ?? 0 })) },
    ],
  };
  const curve = measures.riskCoverage.points.map((point) => ({ x: point.coverage, y: point.risk }));
  const risk: XyContent = {
    label: t('Error among the most confident share of the images. Area under the curve {0}.', nats(measures.riskCoverage.area)),
    xTitle: t('Share of images'), yTitle: t('Error'), writeX: share, writeY: (value) => percent(value), xRange: [0, 1], yRange: [0, Math.max(0.01, ...curve.map(({ y }) => y))],
    series: [{ key: 'risk', name: t('Error'), colour: 0, points: curve }],
  };
  return html`<div class="charts">
    <figure class="reliability">
      <figcaption><h3>${t('Reliability')}</h3> <span class="muted">ECE ${nats(measures.ece)}, ${where}</span></figcaption>
      <xy-chart .content=${reliability}></xy-chart>
      ${tableOf([t('Confidence'), t('Accuracy'), t('Images')], filled.map(({ confidence, accuracy, images }) => [percent(confidence ?? 0), percent(accuracy ?? 0), count(images)]))}
    </figure>
    ${ensemble === null || ensemble.sizeCurve.length < 2 ? nothing : sizeCurve(ensemble)}
    <figure class="risk">
      <figcaption><h3>${t('Selective prediction')}</h3> <span class="muted">${t('error among the most confident')}</span></figcaption>
      <xy-chart .content=${risk}></xy-chart>
      ${tableOf([t('Share of images'), t('Error')], measures.riskCoverage.points.map(({ coverage, risk }) => [percent(coverage, 0), percent(risk, 2)]))}
    </figure>
  </div>`;
}

function sizeCurve({ sizeCurve: points }: NonNullable<Detail['ensemble']>): TemplateResult {
  const content: XyContent = {
    label: t('Accuracy by the number of members, mean over subsets: from {0} to {1}.', percent(points[0].accuracy), percent(points.at(-1)!.accuracy)),
    xTitle: t('Members'), yTitle: t('Accuracy'), writeX: count, writeY: (value) => percent(value), wholeX: true, xRange: [1, points.length], yRange: fractionRange(points.flatMap(({ lowest, highest }) => [lowest, highest])),
    band: points.map(({ size, lowest, highest }) => ({ x: size, low: lowest, high: highest })),
    series: [{ key: 'mean', name: t('Accuracy'), colour: 0, dots: true, points: points.map(({ size, accuracy }) => ({ x: size, y: accuracy })) }],
  };
  return html`<figure class="size">
    <figcaption><h3>${t('Size of the ensemble')}</h3> <span class="muted">${t('mean and range over subsets')}</span></figcaption>
    <xy-chart .content=${content}></xy-chart>
    ${tableOf([t('Members'), t('Accuracy'), t('from'), t('to'), 'NLL'], points.map(({ size, accuracy, lowest, highest, nll }) => [count(size), percent(accuracy, 2), percent(lowest, 2), percent(highest, 2), nats(nll)]))}
  </figure>`;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): TemplateResult {
  return html`<details>
    <summary>${t('Show as table')}</summary>
    <div class="table-frame" tabindex="0" role="region" aria-label=${head.join(', ')}>
      <table>
        <thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
        <tbody>${rows.map(([first, ...others]) => html`<tr><th scope="row">${first}</th>${others.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
      </table>
    </div>
  </details>`;
}

/** How a greedy soup came about, where it is not the one whose steps are on show above. */
function path({ state, tries, added }: Model, { name }: ResultRow): TemplateResult | typeof nothing {
  const steps = (state?.made[name]?.path ?? []).filter((step) => step.kind === 'try');
  return steps.length === 0 || (name === added && tries.length > 0) ? nothing : triesView(steps);
}
