/** The loss landscape of a run: what was measured, and buttons for what was not. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../../look/icon.ts';
import { count, duration } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import { problem } from '../view/notice.ts';
import { componentsView } from './components-view.ts';
import { basinNetworks, basinPoints, costOf } from './cost.ts';
import { matrices } from './matrices.ts';
import { networksView } from './networks-view.ts';
import { overview } from './overview.ts';
import { askButton, taskBar } from './parts.ts';
import { doneMembers, taskOf, trainingSpeed, whyNot, type Subject } from './subject.ts';
import { surfaceView } from './surface-view.ts';
import { waysView } from './ways-view.ts';

export function landscapeSection(subject: Subject, actions: Actions): TemplateResult {
  const { landscape, run } = subject;
  const { basin } = landscape;
  const task = taskOf(subject, 'basin');
  const later = basin === null ? [] : doneMembers(run).filter((name) => !basin.networks.includes(name));
  const isElsewhere = task === undefined && landscape.busy.includes('basin');
  return html`<section class="panel landscape" aria-labelledby="landscape-title">
    <div class="panel-title">
      <h2 id="landscape-title">${t('Loss landscape')}</h2>
      ${basin === null || task !== undefined || isElsewhere ? nothing : measureButton(true)}
    </div>
    ${later.length === 0 || task !== undefined ? nothing : html`<p class="muted later">${icon('info')} ${t('Members were done after this was measured: measure again, what is known is kept.')}</p>`}
    ${landscape.problems.map((error) => problem(error, null))}
    ${task === undefined ? nothing : taskBar(task, t('The basin'), { name: t('Pause'), icon: 'debug-pause' }, actions)}
    ${isElsewhere ? html`<p class="muted">${icon('sync', 'turning')} ${t('A terminal or another window is measuring the basin.')}</p>` : nothing}
    ${!landscape.isKnown ? html`<p class="muted empty">${t('Looking for what was measured…')}</p>` : basin === null ? empty() : overview(subject, basin, actions)}
    ${basin === null && landscape.diversity === null ? nothing : matrices(subject, basin, actions)}
    ${landscape.isKnown ? html`<div class="planes">${surfaceView(subject, actions)} <div class="beside">${basin === null ? nothing : componentsView(subject, basin, actions)} ${waysView(subject, actions)}</div></div>` : nothing}
    ${landscape.isKnown ? networksView(subject, actions) : nothing}
  </section>`;

  function measureButton(isAgain: boolean): TemplateResult {
    return askButton(isAgain ? t('Measure again') : t('Measure the basin'), isAgain ? 'refresh' : 'play', { className: 'measure-basin', reason: whyNot(subject, 2), secondary: isAgain }, () => actions.ask({ kind: 'basin' }));
  }

  function empty(): TemplateResult {
    const networks = basinNetworks(run).length;
    const cost = costOf(basinPoints(networks), landscape, trainingSpeed(subject));
    return html`<div class="no-basin">
      ${valley()}
      <div>
        <p>${t('Are the members still in one basin? Walk in a straight line from one network to another: if loss and error hardly rise on the way, no barrier lies between them, and their average is a good network too.')}</p>
        <p class="muted">${t('Each pair of networks is measured at 11 points of its line, on up to 1,000 training and 1,000 test images; distances and angles come with it. Points are kept, so you can pause.')}</p>
        <div class="order">
          ${task === undefined && !isElsewhere ? measureButton(false) : nothing}
          ${networks < 2 ? nothing : html`<span class="muted budget">${cost.ms === null ? t('{0} points on the lines', count(cost.points)) : t('{0}, about {1}', t('{0} points on the lines', count(cost.points)), duration(cost.ms))}</span>`}
        </div>
      </div>
    </div>`;
  }
}

/** Two networks with a hill between them, and the straight line. */
function valley(): TemplateResult {
  return html`<svg class="valley" viewBox="0 0 200 96" aria-hidden="true">
    <path class="hill" d="M4 20C18 74 34 78 48 70C70 58 82 22 100 22C120 22 128 62 150 72C168 80 184 60 196 18" />
    <path class="chord" d="M46 71L152 73" />
    <path class="rise" d="M100 71V27M96 32L100 26L104 32" />
    <circle class="valley-a" cx="46" cy="71" r="6" /><circle class="valley-b" cx="152" cy="73" r="6" />
  </svg>`;
}
