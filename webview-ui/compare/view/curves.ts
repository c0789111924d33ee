/** Validation of all runs over epochs, each run in its colour and with its mark. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { ComparedRun } from '../../../src/protocol/compare-messages.ts';
import { zoomBar } from '../../charts/plot/zoom-bar.ts';
import { icon } from '../../look/icon.ts';
import { nats, percent } from '../../words/figures.ts';
import { memberName } from '../../words/naming.ts';
import { lastEpoch, LEAST_EPOCHS } from '../curve-content.ts';
import type { Plots } from '../plots.ts';
import type { Actions, Settings } from '../store.ts';

export function curves(runs: readonly ComparedRun[], plots: Plots, { measure, curvesAsTable, zoom, clip, logLoss }: Settings, actions: Actions): TemplateResult {
  const write = (value: number): string => (measure === 'accuracy' ? percent(value, 2) : nats(value));
  const isEmpty = runs.every((run) => run.curves.length === 0);
  const names = { accuracy: t('Validation accuracy'), loss: t('Validation loss') };
  return html`<section class="panel" aria-labelledby="curves-title">
    <div class="panel-title">
      <h2 id="curves-title">${names[measure]}</h2>
      ${curvesAsTable ? nothing : zoomBar({ zoom, lastEpoch: lastEpoch(runs), least: LEAST_EPOCHS, clip: measure === 'loss' ? clip : null, onZoom: (range) => actions.set({ zoom: range }), onClip: () => actions.set({ clip: !clip }) })}
      <span class="buttons">
        ${measure === 'loss' ? html`<button class="plain word" aria-pressed=${logLoss} @click=${() => actions.set({ logLoss: !logLoss })}>${t('Log scale')}</button>` : nothing}
        <span class="chooser" role="group" aria-label=${t('What is shown')}>
          ${(['accuracy', 'loss'] as const).map((each) => html`<button class="plain word" aria-pressed=${measure === each} @click=${() => actions.set({ measure: each })}>${each === 'accuracy' ? t('Accuracy') : t('Loss')}</button>`)}
        </span>
        <button class="plain" aria-pressed=${curvesAsTable} title=${t('Curves as a table')} aria-label=${t('Curves as a table')} @click=${() => actions.set({ curvesAsTable: !curvesAsTable })}>${icon('table')}</button>
      </span>
    </div>
    ${isEmpty ? html`<p class="muted empty">${t('No epoch is done yet.')}</p>` : curvesAsTable ? table() : html`<div class="curves">${plots.frame(measure)}</div>`}
  </section>`;

  function table(): TemplateResult {
    return html`<div class="table-frame" tabindex="0" role="region" aria-label=${t('Curves as a table')}>
      <table>
        <thead><tr><th scope="col">${t('Run')}</th><th scope="col">${t('Member')}</th><th scope="col">${t('Epochs')}</th><th scope="col">${t('First')}</th><th scope="col">${t('Last')}</th><th scope="col">${t('Best')}</th></tr></thead>
        <tbody>${runs.flatMap((run) => run.curves.map((curve) => {
          const all = curve[measure];
          return html`<tr><th scope="row">${run.run.name}</th><td>${memberName(curve.member)}</td><td>${curve.startEpoch + 1}–${curve.startEpoch + all.length}</td><td>${write(all[0])}</td><td>${write(all.at(-1)!)}</td><td>${write(measure === 'accuracy' ? Math.max(...all) : Math.min(...all))}</td></tr>`;
        }))}</tbody>
      </table>
    </div>`;
  }
}
