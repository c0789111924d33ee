/** How much each layer changed, a bar each, or as a table. */
import { t } from '@vscode/l10n';
import { html, nothing, svg, type TemplateResult } from 'lit';
import { icon } from '../../look/icon.ts';
import { percent, significant } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import type { LayerChange } from '../layers.ts';

const WIDTH = 1000;
const HEIGHT = 130;

/** @param selected id of the node that the tree is at */
export function layerBars(layers: readonly LayerChange[], selected: string | null, asTable: boolean, actions: Actions): TemplateResult | typeof nothing {
  if (layers.length === 0) return nothing;
  const most = Math.max(...layers.map(({ change }) => change.relative ?? 0));
  const greatest = layers.find(({ change }) => change.relative === most);
  return html`<section class="layers" aria-labelledby="layers-title">
    <div class="panel-title">
      <h2 id="layers-title">${t('Relative change by layer')}</h2>
      <button class="plain" aria-pressed=${asTable} title=${t('Relative change by layer as a table')} aria-label=${t('Relative change by layer as a table')} @click=${() => actions.set({ layersAsTable: !asTable })}>${icon('table')}</button>
    </div>
    ${most === 0 ? html`<p class="muted">${t('All tensors that both files have are identical.')}</p>` : asTable ? table() : chart()}
  </section>`;

  function chart(): TemplateResult {
    const step = WIDTH / layers.length;
    const gap = Math.min(3, step / 4);
    const words = t('{0} layers; the greatest change is {1}, of {2}', layers.length, written(most), greatest?.name ?? '');
    return html`<div class="bars">
      <div class="scale muted number" aria-hidden="true"><span>${written(most)}</span><span>${written(most / 2)}</span><span>0</span></div>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${words}>
        ${svg`<path class="guides" d="M0 0.5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}" />`}
        ${layers.map(({ node, name, change }, index) => {
          const isShown = selected === node.id || node.children.some(({ id, line }) => line !== null && id === selected);
          const height = change.relative === null ? HEIGHT : most === 0 ? 0 : Math.max(change.relative > 0 ? 1 : 0, (HEIGHT * change.relative) / most);
          return svg`<g class="layer-bar ${isShown ? 'shown' : ''} ${change.relative === null ? 'unknown' : ''}" @click=${() => actions.show(node.id)}>
            <title>${name}: ${written(change.relative)}</title>
            <rect class="room" x=${index * step} width=${step} height=${HEIGHT} />
            <rect class="part" x=${index * step + gap / 2} y=${HEIGHT - height} width=${step - gap} height=${height} />
          </g>`;
        })}
      </svg>
    </div>
    <p class="ends muted" aria-hidden="true"><span>${layers[0].name}</span><span>${layers.at(-1)!.name}</span></p>`;
  }

  function table(): TemplateResult {
    return html`<div class="table-frame" tabindex="0" role="region" aria-label=${t('Relative change by layer as a table')}>
      <table>
        <thead><tr><th scope="col">${t('Layer')}</th><th scope="col">${t('Relative change')}</th><th scope="col">${t('L2 distance')}</th><th scope="col">${t('Cosine')}</th></tr></thead>
        <tbody>
          ${layers.map(({ node, name, change }) => html`<tr>
            <th scope="row"><button class="link" @click=${() => actions.show(node.id)}>${name}</button></th>
            <td>${written(change.relative)}</td><td>${number(change.distance)}</td><td>${number(change.cosine)}</td>
          </tr>`)}
        </tbody>
      </table>
    </div>`;
  }
}

function written(relative: number | null): string {
  return relative === null ? '–' : percent(relative, relative > 0 && relative < 0.001 ? 4 : 2);
}

function number(value: number | null): string {
  return value === null ? '–' : significant(value);
}
