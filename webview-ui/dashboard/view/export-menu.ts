/** A chart as a file: a small menu that opens below its button and closes by itself. */
import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import type { ChartFile } from '../../../src/protocol/messages.ts';
import { icon } from '../../look/icon.ts';

const FORMATS: [ChartFile['format'], string][] = [
  ['png', 'PNG'],
  ['svg', 'SVG'],
  ['csv', 'CSV'],
];

export function exportMenu(title: string, save: (format: ChartFile['format']) => void): TemplateResult {
  const close = (event: Event): void => (event.currentTarget as HTMLElement).closest('details')?.removeAttribute('open');
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    close(event);
    (event.currentTarget as HTMLElement).querySelector('summary')?.focus();
    event.stopPropagation();
  };
  const onFocusOut = (event: FocusEvent): void => {
    if (!(event.currentTarget as HTMLElement).contains(event.relatedTarget as Node | null)) close(event);
  };
  return html`<details class="export" @keydown=${onKey} @focusout=${onFocusOut}>
    <summary title=${t('Save the chart as a file')} aria-label=${t('Save {0} as a file', title)}>${icon('desktop-download')}</summary>
    <div class="menu">
      ${FORMATS.map(
        ([format, name]) =>
          html`<button
            class="plain"
            @click=${(event: Event) => {
              close(event);
              save(format);
            }}
          >
            ${name}
          </button>`,
      )}
    </div>
  </details>`;
}
