/** Where the numbers of a tensor lie, as bars or as a table. */
import { t } from '@vscode/l10n';
import { html, svg, type TemplateResult } from 'lit';
import type { TensorStatistics } from '../../../src/protocol/checkpoint.ts';
import { icon } from '../../look/icon.ts';
import { count, significant } from '../../words/figures.ts';

const WIDTH = 480;
const HEIGHT = 120;

export function histogram(statistics: TensorStatistics, asTable: boolean, toggle: () => void): TemplateResult {
  const { min, max, histogram: bins } = statistics;
  if (min === null || max === null) return html`<p class="muted">${t('None of its numbers is finite.')}</p>`;
  const edge = (bin: number): number => min + ((max - min) * bin) / bins.length;
  return html`<figure class="histogram">
    <figcaption>
      <h3>${t('Distribution')}</h3>
      <button class="plain" aria-pressed=${asTable} title=${t('Distribution as a table')} aria-label=${t('Distribution as a table')} @click=${toggle}>${icon('table')}</button>
    </figcaption>
    ${asTable ? table() : chart()}
  </figure>`;

  function chart(): TemplateResult {
    const most = Math.max(1, ...bins);
    const step = WIDTH / bins.length;
    const zero = min! < 0 && max! > 0 ? (-min! / (max! - min!)) * WIDTH : null;
    const words = t('Histogram from {0} to {1}; most numbers lie around {2}', significant(min!), significant(max!), significant(edge(bins.indexOf(most) + 0.5)));
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${words}>
        ${bins.map((many, bin) => {
          const height = many === 0 ? 0 : Math.max(1.5, (many / most) * (HEIGHT - 4));
          return svg`<rect x=${bin * step + 0.5} y=${HEIGHT - height} width=${step - 1} height=${height}><title>${significant(edge(bin))} … ${significant(edge(bin + 1))}: ${count(many)}</title></rect>`;
        })}
        ${zero === null ? '' : svg`<line class="zero" x1=${zero} x2=${zero} y1="0" y2=${HEIGHT} />`}
      </svg>
      <div class="ends number"><span>${significant(min!)}</span><span>${significant(max!)}</span></div>`;
  }

  function table(): TemplateResult {
    return html`<div class="table-frame" tabindex="0" role="region" aria-label=${t('Distribution as a table')}>
      <table>
        <thead><tr><th scope="col">${t('From')}</th><th scope="col">${t('To')}</th><th scope="col">${t('Numbers')}</th></tr></thead>
        <tbody>${bins.map((many, bin) => html`<tr><td>${significant(edge(bin))}</td><td>${significant(edge(bin + 1))}</td><td>${count(many)}</td></tr>`)}</tbody>
      </table>
    </div>`;
  }
}
