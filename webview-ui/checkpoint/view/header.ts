/** What is open, and its size at a glance. */
import { t } from '@vscode/l10n';
import { html, svg, type TemplateResult } from 'lit';
import type { TensorItem } from '../../../src/protocol/checkpoint.ts';
import type { CheckpointView } from '../../../src/protocol/checkpoint-messages.ts';
import { icon, slotted } from '../../look/icon.ts';
import { SERIES } from '../../look/palette.ts';
import { bytes, compact, count, percent } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import { statusOf, type Status } from '../facts.ts';
import { taskOf, type Model } from '../store.ts';
import { countOf, type Line } from '../tree.ts';
import { lineage } from './metadata.ts';

const KINDS: Record<CheckpointView['kind'], string> = { safetensors: 'safetensors', tfjs: 'TensorFlow.js', keras: 'Keras 3', hdf5: 'HDF5' };

export function fileHeader(checkpoint: CheckpointView, model: Model, actions: Actions): TemplateResult {
  const { tensors, sizeBytes, kind, name } = checkpoint;
  return html`<header>
    <div class="panel-title">
      <h1>${icon('file-binary')} ${name} <span class="tag">${KINDS[kind]}</span></h1>
      <span class="buttons">
        <vscode-button class="measure-all" ?disabled=${!model.trusted || taskOf(model, 'statistics') !== undefined || model.statistics.size === tensors.length} @click=${() => actions.ask({ kind: 'statistics', names: null })}>${slotted('pulse')}${t('Measure all')}</vscode-button>
        <vscode-button class="compare" secondary @click=${() => actions.ask({ kind: 'compare' })}>${slotted('diff')}${t('Compare with…')}</vscode-button>
        <vscode-button class="reveal" secondary icon-only title=${t('Reveal')} aria-label=${t('Reveal')} @click=${() => actions.ask({ kind: 'reveal' })}>${icon('folder-opened')}</vscode-button>
      </span>
    </div>
    ${lineage(checkpoint, actions)}
    <dl class="totals">
      <div><dt>${t('Parameters')}</dt><dd title=${count(parameters(tensors))}>${compact(parameters(tensors))}</dd></div>
      <div><dt>${t('Tensors')}</dt><dd>${count(tensors.length)}</dd></div>
      <div><dt>${t('Bytes')}</dt><dd title=${count(sizeBytes)}>${bytes(sizeBytes)}</dd></div>
      <div class="types"><dt>${t('Bytes by type')}</dt><dd>${types(tensors)}</dd></div>
    </dl>
  </header>`;
}

export function comparisonHeader(a: CheckpointView, b: CheckpointView, lines: readonly Line[], model: Model, actions: Actions): TemplateResult {
  const found = new Map<Status, number>();
  for (const line of lines) found.set(statusOf(line), (found.get(statusOf(line)) ?? 0) + 1);
  const chip = (status: Status, words: string): TemplateResult | string => ((found.get(status) ?? 0) === 0 ? '' : html`<li class="status status-${status}">${words}</li>`);
  const many = (status: Status): string => count(found.get(status) ?? 0);
  return html`<header>
    <div class="panel-title">
      <h1 class="sides">${side('A', a, 'a')} ${icon('arrow-right')} ${side('B', b, 'b')}</h1>
      <span class="buttons">
        ${model.differences === null
          ? html`<vscode-button class="measure-all" ?disabled=${!model.trusted || taskOf(model, 'differences') !== undefined} @click=${() => actions.ask({ kind: 'differences' })}>${slotted('pulse')}${t('Compare the numbers')}</vscode-button>`
          : ''}
      </span>
    </div>
    <ul class="structure" aria-label=${t('Structure')}>
      ${chip('same', t('{0} in both', many('same')))} ${chip('dtype', t('{0} of another type', many('dtype')))} ${chip('shape', t('{0} of another shape', many('shape')))}
      ${chip('only-a', t('{0} only in A', many('only-a')))} ${chip('only-b', t('{0} only in B', many('only-b')))}
    </ul>
  </header>`;

  function side(letter: string, { name, path, tensors }: CheckpointView, what: 'a' | 'b'): TemplateResult {
    return html`<span class="side">
      <span class="letter" aria-hidden="true">${letter}</span>
      <button class="link" title=${path} aria-label="${letter}: ${name}" @click=${() => actions.ask({ kind: 'open', what })}>${name}</button>
      <span class="muted">${t('{0} parameters', compact(parameters(tensors)))}</span>
    </span>`;
  }
}

/** One bar of all bytes, in the order of their share. */
function types(tensors: readonly TensorItem[]): TemplateResult {
  const sums = new Map<string, number>();
  for (const { dtype, sizeBytes } of tensors) sums.set(dtype, (sums.get(dtype) ?? 0) + sizeBytes);
  const all = Math.max(1, [...sums.values()].reduce((a, b) => a + b, 0));
  const parts = [...sums].sort((a, b) => b[1] - a[1]);
  let start = 0;
  return html`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      ${parts.map(([, size], index) => {
        const width = (1000 * size) / all;
        start += width;
        return svg`<rect class="type series-${index % SERIES}" x=${start - width} width=${width} height="10" />`;
      })}
    </svg>
    <ul class="legend">
      ${parts.map(([dtype, size], index) => html`<li class="series-${index % SERIES}"><span class="dot" aria-hidden="true"></span>${dtype} <span class="muted">${bytes(size)}${parts.length > 1 ? ` · ${percent(size / all, size / all < 0.01 ? 3 : 0)}` : ''}</span></li>`)}
    </ul>`;
}

function parameters(tensors: readonly TensorItem[]): number {
  return tensors.reduce((sum, { shape }) => sum + countOf(shape), 0);
}
