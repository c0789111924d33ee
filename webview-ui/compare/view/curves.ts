/** Validation of all runs over epochs, each run in its colour. */
import { t } from '@vscode/l10n';
import { html, svg, type TemplateResult } from 'lit';
import type { ComparedRun } from '../../../src/protocol/compare-messages.ts';
import { icon } from '../../look/icon.ts';
import { seriesOf } from '../../look/palette.ts';
import { nats, percent } from '../../words/figures.ts';
import { memberName } from '../../words/naming.ts';
import type { Actions, Settings } from '../store.ts';

const [WIDTH, HEIGHT] = [1000, 260];

/** @param indexOf the place of a run in the comparison, which is its colour */
export function curves(runs: readonly ComparedRun[], indexOf: (run: ComparedRun) => number, { measure, curvesAsTable, chosen }: Settings, actions: Actions): TemplateResult {
  const write = (value: number): string => (measure === 'accuracy' ? percent(value) : nats(value));
  const values = runs.flatMap((run) => run.curves.flatMap((curve) => curve[measure])).filter(Number.isFinite);
  const sorted = values.toSorted((a, b) => a - b);
  // One diverged run must not press all others flat.
  const [low, high] = measure === 'accuracy' ? [sorted[0] ?? 0, sorted.at(-1) ?? 1] : [sorted[0] ?? 0, sorted[Math.floor(0.98 * (sorted.length - 1))] ?? 1];
  const last = Math.max(1, ...runs.flatMap((run) => run.curves.map((curve) => curve.startEpoch + curve.accuracy.length)));
  const title = measure === 'accuracy' ? t('Validation accuracy') : t('Validation loss');
  return html`<section class="panel" aria-labelledby="curves-title">
    <div class="panel-title">
      <h2 id="curves-title">${title}</h2>
      <span class="buttons">
        <button class="plain" aria-pressed=${measure === 'loss'} @click=${() => actions.set({ measure: measure === 'loss' ? 'accuracy' : 'loss' })}>${t('Loss')}</button>
        <button class="plain" aria-pressed=${curvesAsTable} title=${t('Curves as a table')} aria-label=${t('Curves as a table')} @click=${() => actions.set({ curvesAsTable: !curvesAsTable })}>${icon('table')}</button>
      </span>
    </div>
    ${values.length === 0 ? html`<p class="muted empty">${t('No epoch is done yet.')}</p>` : curvesAsTable ? table() : chart()}
  </section>`;

  function chart(): TemplateResult {
    const x = (epoch: number): number => (epoch / last) * WIDTH;
    const y = (value: number): number => HEIGHT - ((Math.min(high, value) - low) / (high - low || 1)) * HEIGHT;
    return html`<div class="plot">
        <div class="scale muted number" aria-hidden="true"><span>${write(high)}</span><span>${write((low + high) / 2)}</span><span>${write(low)}</span></div>
        <svg viewBox="0 -4 ${WIDTH} ${HEIGHT + 8}" preserveAspectRatio="none" role="img" aria-label=${t('{0} of {1} runs over {2} epochs', title, runs.length, last)}>
          ${svg`<path class="guides" d="M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}" />`}
          ${runs.map((run) => svg`<g class="series-${seriesOf(indexOf(run))} ${chosen === null || chosen === run.run.folder ? '' : 'faint'}">
            ${run.curves.map((curve) => svg`<path class="curve" d=${pathOf(curve[measure].map((value, index) => [x(curve.startEpoch + index + 1), y(value)]))}><title>${run.run.name}, ${memberName(curve.member)}</title></path>`)}
          </g>`)}
        </svg>
      </div>
      <p class="ends muted"><span>${t('Epoch {0}', 0)}</span><span>${t('Epoch {0}', last)}</span></p>`;
  }

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

function pathOf(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('') + (points.length === 1 ? 'h2' : '');
}
