/** WiSE-FT: a slider along the line from the pre-trained weights to the mean of the members, over the scores that were measured on it. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import '../../charts/xy-chart.ts';
import type { XyContent } from '../../charts/xy-chart.ts';
import { fractionRange } from '../../charts/ticks.ts';
import { nats, percent } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import type { Choice } from '../choice.ts';
import type { Model } from '../store.ts';

/** Where the slider stands before it was moved. */
const MIDDLE = 0.5;

export function wise({ line }: Model, choice: Choice, actions: Actions): TemplateResult {
  const { alpha } = choice.settings;
  const set = (value: number | null): void => actions.choose({ settings: { ...choice.settings, alpha: value } });
  const points = [...(line?.points ?? [])].sort((a, b) => a.alpha - b.alpha);
  const best = points.length === 0 ? null : points.reduce((a, b) => (b.score > a.score || (b.score === a.score && b.loss < a.loss) ? b : a));
  return html`<div class="wise">
    <label class="slider">
      <span>α = <output class="number">${alpha === null ? t('the best on validation images') : nats(alpha, 2)}</output></span>
      <input type="range" class="alpha" min="0" max="1" step="0.05" aria-label=${t('Alpha of WiSE-FT')} .value=${live(String(alpha ?? best?.alpha ?? MIDDLE))} @input=${(event: Event) => set((event.target as HTMLInputElement).valueAsNumber)} />
      <span class="ends muted"><span>${t('0: pre-trained')}</span><span>${t('1: mean of members')}</span></span>
    </label>
    <vscode-button class="best-alpha" secondary ?disabled=${alpha === null} @click=${() => set(null)}>${t('Choose by validation images')}</vscode-button>
    ${points.length < 2
      ? html`<p class="muted">${t('Measure the line to see the validation score along it.')}</p>`
      : html`<figure>
          <xy-chart .content=${chart()}></xy-chart>
          <details>
            <summary>${t('Show as table')}</summary>
            <table>
              <thead><tr><th scope="col">α</th><th scope="col">${t('Validation')}</th><th scope="col">NLL</th></tr></thead>
              <tbody>${points.map((point) => html`<tr><th scope="row">${nats(point.alpha, 1)}${point === best ? html` <span class="tag">${t('best')}</span>` : nothing}</th><td>${percent(point.score, 2)}</td><td>${nats(point.loss)}</td></tr>`)}</tbody>
            </table>
          </details>
        </figure>`}
  </div>`;

  function chart(): XyContent {
    return {
      label: t('Validation score by alpha. Best: {0} at {1}.', percent(best!.score), nats(best!.alpha, 1)),
      xTitle: 'α',
      yTitle: t('Validation'),
      writeX: (value) => nats(value, 1),
      writeY: (value) => percent(value),
      xRange: [0, 1],
      yRange: fractionRange(points.map(({ score }) => score)),
      series: [{ key: 'score', name: t('Validation'), colour: 0, dots: true, points: points.map((point) => ({ x: point.alpha, y: point.score })) }],
      mark: { x: alpha ?? best!.alpha, title: 'α' },
    };
  }
}
