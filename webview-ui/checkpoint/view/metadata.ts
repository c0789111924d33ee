/** What a file says of itself, and where it comes from. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { CheckpointView } from '../../../src/protocol/checkpoint-messages.ts';
import { icon } from '../../look/icon.ts';
import { startName } from '../../words/naming.ts';
import type { Actions } from '../actions.ts';

export function lineage({ lineage: { run, parents }, metadata, name }: CheckpointView, actions: Actions): TemplateResult | typeof nothing {
  if (run === null && parents.length === 0) return nothing;
  const how = metadata.rule ?? metadata.method;
  return html`<nav class="lineage" aria-label=${t('Where it comes from')}>
    ${run === null ? nothing : html`<button class="link run" title=${run.folder} @click=${() => actions.ask({ kind: 'open', what: 'run' })}>${icon('graph-line')} ${run.name}</button>${icon('chevron-right')}`}
    ${parents.length === 0
      ? nothing
      : html`<span class="parents">${parents.map((parent, index) => html`${index === 0 ? nothing : html`<span class="muted">+</span>`}${link(parent)}`)}</span>
          <span class="arrow muted">${how === undefined ? nothing : html`<span class="tag">${how}</span>`}${icon('arrow-right')}</span>`}
    <strong>${metadata.name ?? name}</strong>
  </nav>`;

  function link(parent: { name: string; file: string | null }): TemplateResult {
    const words = parent.name === 'pretrained' ? startName('pretrained') : parent.name;
    if (parent.file === null) return html`<span class="muted" title=${t('There is no file of it')}>${words}</span>`;
    return html`<button class="link parent" title=${parent.file} @click=${() => actions.ask({ kind: 'open-parent', name: parent.name })}>${icon('file-binary')} ${words}</button>`;
  }
}

/** Values that are JSON, such as metrics, are written with their fields apart. */
export function metadata({ metadata: entries }: CheckpointView): TemplateResult | typeof nothing {
  const rows = Object.entries(entries);
  if (rows.length === 0) return nothing;
  return html`<details class="metadata" open>
    <summary>${t('Metadata')}</summary>
    <dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${readable(value)}</dd></div>`)}</dl>
  </details>`;
}

function readable(text: string): string | TemplateResult {
  if (!/^[[{]/.test(text)) return text;
  try {
    return html`<pre>${JSON.stringify(JSON.parse(text), null, 1).slice(0, 20_000)}</pre>`;
  } catch {
    return text;
  }
}
