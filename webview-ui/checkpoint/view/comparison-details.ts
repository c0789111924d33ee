/** Beside the tree of a comparison: the two sides of the node that is chosen. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { TensorDifference, TensorItem } from '../../../src/protocol/checkpoint.ts';
import { bytes, count, percent, significant } from '../../words/figures.ts';
import { changeOf, statusOf, type Change } from '../facts.ts';
import { statusText } from '../columns.ts';
import { shapeText, type Node } from '../tree.ts';

export function comparisonDetails(node: Node | null, differences: ReadonlyMap<string, TensorDifference> | null): TemplateResult {
  if (node === null) return html`<p class="muted empty">${t('Choose a tensor or a layer to see how it changed.')}</p>`;
  const change = differences === null ? null : changeOf(node, differences);
  return html`<h2 class="node-name">${node.line?.name ?? node.id.slice('layer '.length)}</h2>
    ${node.line === null ? html`<p class="muted">${node.tensors === 1 ? t('1 tensor') : t('{0} tensors', count(node.tensors))}</p>` : sides(node.line.a, node.line.b)}
    ${node.line === null ? nothing : html`<p><span class="status status-${statusOf(node.line)}">${statusText(statusOf(node.line))}</span></p>`} ${change === null ? nothing : figures(change)}`;
}

function sides(a: TensorItem | null, b: TensorItem | null): TemplateResult {
  const cell = (item: TensorItem | null, of: (item: TensorItem) => string): TemplateResult => html`<td>${item === null ? '–' : of(item)}</td>`;
  const row = (name: string, of: (item: TensorItem) => string): TemplateResult => html`<tr><th scope="row">${name}</th>${cell(a, of)}${cell(b, of)}</tr>`;
  return html`<table class="two-sides">
    <thead><tr><td></td><th scope="col">A</th><th scope="col">B</th></tr></thead>
    <tbody>
      ${row(t('Shape'), ({ shape }) => (shape.length === 0 ? t('scalar') : shapeText(shape)))} ${row(t('Type'), ({ dtype }) => dtype)} ${row(t('Bytes'), ({ sizeBytes }) => bytes(sizeBytes))}
    </tbody>
  </table>`;
}

function figures({ distance, relative, cosine, largest, normA, normB }: Change): TemplateResult {
  const number = (value: number | null): string => (value === null ? '–' : significant(value));
  const fact = (name: string, value: string): TemplateResult => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<dl class="facts measured">
    ${fact(t('L2 distance'), number(distance))} ${fact(t('Relative change'), relative === null ? '–' : percent(relative, 3))} ${fact(t('Cosine'), number(cosine))} ${fact(t('Largest'), number(largest))}
    ${fact(t('Norm of A'), number(normA))} ${fact(t('Norm of B'), number(normB))}
  </dl>`;
}
