import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { RunView } from '../../../src/protocol/run.ts';
import { zoomBar } from '../../charts/plot/zoom-bar.ts';
import type { Actions } from '../actions.ts';
import { nats } from '../../words/figures.ts';
import { memberName, numberOf } from '../../words/naming.ts';
import { leastRange, type Plots } from '../plots.ts';
import { historyOf, type Model } from '../store.ts';
import { lastEpoch, spansOf } from '../timeline.ts';
import { MAX_SMOOTHING, type ChartName, type Toggles } from '../toggles.ts';
import { curvesWait } from '../waiting.ts';
import { curveTableView } from './curve-table.ts';
import { exportMenu } from './export-menu.ts';
import { icon, memberMark } from '../../look/icon.ts';

export function curves(run: RunView, model: Model, toggles: Toggles, plots: Plots, actions: Actions): TemplateResult {
  const empty = run.members.every(({ member }) => historyOf(model, member.name).rows.length === 0);
  const zoom = {
    zoom: toggles.zoom,
    lastEpoch: lastEpoch(spansOf(run.members.map(({ member }) => member))),
    least: leastRange(run),
    clip: toggles.clip,
    onZoom: (range: Toggles['zoom']) => actions.toggle({ type: 'zoom', range }),
    onClip: () => actions.toggle({ type: 'clip' }),
  };
  return html`<section class="panel curves" aria-labelledby="curves-title">
    <div class="panel-title">
      <h2 id="curves-title">${t('Curves')}</h2>
      ${zoomBar(zoom)} ${legend(run, toggles, actions)}
    </div>
    ${empty ? html`<p class="muted empty">${icon('pulse')} ${curvesWait(run)}</p>` : nothing}
    ${figure('loss', t('Training loss'), t('thin: each step; bold: moving average'), lossControls(toggles, actions))}
    ${figure('validation', t('Validation accuracy'), t('at the end of each epoch'), nothing)}
    ${figure('rate', t('Learning rate'), t('dashed: the plan; colour: trained; diamond: snapshot'), logScale(toggles.logRate, t('Learning rate'), () => actions.toggle({ type: 'logRate' })))}
  </section>`;

  function figure(chart: ChartName, title: string, hint: string, controls: TemplateResult | typeof nothing): TemplateResult {
    const asTable = toggles.tables.includes(chart);
    return html`<figure class="plot plot-${chart}">
      <figcaption>
        <h3>${title}</h3>
        <span class="muted hint">${hint}</span>
        <span class="controls">
          ${controls} ${exportMenu(title, (format) => actions.saveChart(chart, title, format))}
          <button class="plain" aria-pressed=${asTable} title=${t('Show as table')} aria-label=${t('{0} as a table', title)} @click=${() => actions.toggle({ type: 'table', chart })}>
            ${icon('table')}
          </button>
        </span>
      </figcaption>
      ${asTable ? curveTableView(run, model, chart, title) : plots.frame(chart)}
    </figure>`;
  }
}

/** One button a member: pressed while its curves are drawn. */
function legend(run: RunView, toggles: Toggles, actions: Actions): TemplateResult {
  return html`<div class="legend" role="group" aria-label=${t('Members drawn')}>
    ${run.members.map(({ member }, index) => {
      const shown = !toggles.hidden.includes(member.name);
      return html`<button
        class="chip"
        aria-pressed=${shown}
        aria-label=${memberName(member.name)}
        title=${shown ? t('Hide the curves of member {0}', numberOf(member.name)) : t('Draw the curves of member {0}', numberOf(member.name))}
        @click=${() => actions.toggle({ type: 'hide', member: member.name })}
        @pointerenter=${() => actions.hover(member.name)}
        @pointerleave=${() => actions.hover(null)}
        @focus=${() => actions.hover(member.name)}
        @blur=${() => actions.hover(null)}
      >
        ${memberMark(index)} ${numberOf(member.name)}
      </button>`;
    })}
  </div>`;
}

function lossControls(toggles: Toggles, actions: Actions): TemplateResult {
  return html`<label class="smoothing">
      <span>${t('Smoothing')}</span>
      <input
        type="range"
        min="0"
        max=${MAX_SMOOTHING}
        step="0.01"
        .value=${String(toggles.smoothing)}
        @input=${(event: Event) => actions.toggle({ type: 'smooth', weight: Number((event.target as HTMLInputElement).value) })}
      />
      <output class="number">${nats(toggles.smoothing, 2)}</output>
    </label>
    ${logScale(toggles.logLoss, t('Training loss'), () => actions.toggle({ type: 'logLoss' }))}`;
}

function logScale(pressed: boolean, title: string, flip: () => void): TemplateResult {
  return html`<button class="plain word" aria-pressed=${pressed} aria-label=${`${title}: ${t('Log scale')}`} @click=${flip}>${t('Log scale')}</button>`;
}
