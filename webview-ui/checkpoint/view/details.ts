/** Beside the tree: what is known of the node that is chosen. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { filterShape, layoutOf } from '../../../src/protocol/checkpoint.ts';
import type { CheckpointView } from '../../../src/protocol/checkpoint-messages.ts';
import { slotted } from '../../look/icon.ts';
import { bytes, count, percent, significant } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import { measuredOf, type Measured } from '../facts.ts';
import type { Settings } from '../settings.ts';
import { taskOf, type Model } from '../store.ts';
import { itemOf, shapeText, tensorsOf, type Node } from '../tree.ts';
import { filters } from './filters.ts';
import { histogram } from './histogram.ts';

export function details(node: Node | null, checkpoint: CheckpointView, model: Model, settings: Settings, actions: Actions): TemplateResult {
  if (node === null) return html`<p class="muted empty">${t('Choose a tensor or a layer to see its figures.')}</p>`;
  const item = node.line === null ? null : itemOf(node.line);
  const measured = measuredOf(node, model.statistics);
  const statistics = item === null ? undefined : model.statistics.get(item.name);
  const isWhole = measured !== null && measured.tensors === node.tensors;
  const isImage = item !== null && filterShape(item.shape, layoutOf(checkpoint.kind)) !== null;
  const images = item === null ? undefined : model.filters.get(item.name);
  return html`<h2 class="node-name">${item?.name ?? node.id.slice('layer '.length)}</h2>
    <dl class="facts">
      ${item === null ? fact(t('Tensors'), count(node.tensors)) : [fact(t('Shape'), item.shape.length === 0 ? t('scalar') : shapeText(item.shape)), fact(t('Type'), item.dtype)]}
      ${fact(t('Parameters'), count(node.parameters))} ${fact(t('Bytes'), bytes(node.sizeBytes))}
      ${item === null || item.start === null ? nothing : fact(t('Place in the file'), t('byte {0}', count(item.start)))}
    </dl>
    ${measured === null ? nothing : figures(measured)}
    <div class="buttons">
      ${isWhole
        ? nothing
        : html`<vscode-button class="measure" ?disabled=${!model.trusted || taskOf(model, 'statistics') !== undefined} @click=${() => actions.ask({ kind: 'statistics', names: tensorsOf(node).map(({ line }) => line!.name) })}>${slotted('pulse')}${t('Measure')}</vscode-button>`}
      ${isImage && images === undefined
        ? html`<vscode-button class="show-filters" secondary ?disabled=${!model.trusted || taskOf(model, 'filters') !== undefined} @click=${() => actions.ask({ kind: 'filters', name: item.name })}>${slotted('file-media')}${t('Show filters')}</vscode-button>`
        : nothing}
    </div>
    ${images === undefined ? nothing : filters(images)}
    ${statistics === undefined ? nothing : histogram(statistics, settings.histogramAsTable, () => actions.set({ histogramAsTable: !settings.histogramAsTable }))}`;
}

function figures(measured: Measured): TemplateResult {
  const number = (value: number | null): string => (value === null ? '–' : significant(value));
  return html`<dl class="facts measured">
    ${fact(t('Minimum'), number(measured.min))} ${fact(t('Maximum'), number(measured.max))} ${fact(t('Mean'), number(measured.mean))}
    ${measured.deviation === null ? nothing : fact(t('Deviation'), number(measured.deviation))} ${fact(t('Norm'), number(measured.norm))}
    ${fact(t('Zeros'), measured.zeros === 0 ? '0' : `${count(measured.zeros)} (${percent(measured.zeros / measured.count)})`)}
    ${fact('NaN', count(measured.nan), measured.nan > 0)} ${fact('Inf', count(measured.infinite), measured.infinite > 0)}
  </dl>`;
}

function fact(name: string, value: string, isBad = false): TemplateResult {
  return html`<div><dt>${name}</dt><dd class=${isBad ? 'odd' : ''}>${value}</dd></div>`;
}
