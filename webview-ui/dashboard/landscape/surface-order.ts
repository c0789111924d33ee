/** Which surface to measure: its networks, how fine; what it costs and how far it is; buttons that begin, pause and go on. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { PLANE_SIZES, RANDOM_REACHES, SIMPLEX_STEPS, type SurfaceQuestion } from '../../../src/protocol/analyses.ts';
import type { Surface } from '../../../src/protocol/plane.ts';
import { count, duration, nats } from '../../words/figures.ts';
import type { Actions } from '../actions.ts';
import { seedFrom } from './choices.ts';
import { costOf } from './cost.ts';
import { networkName } from './names.ts';
import { askButton, selection, taskBar } from './parts.ts';
import { PRETRAINED } from './relations.ts';
import { networksThere, taskOf, trainingSpeed, whyNot, type Subject } from './subject.ts';
import { gridPoints, measuredOf } from './surface-choice.ts';

/** @param surface what there is of it */
export function surfaceOrder(question: SurfaceQuestion, surface: Surface | undefined, subject: Subject, actions: Actions): TemplateResult {
  const { run, landscape } = subject;
  const known = networksThere(run);
  const task = taskOf(subject, 'plane');
  const measured = measuredOf(landscape, question, surface);
  const all = gridPoints(question);
  const isElsewhere = surface !== undefined && task === undefined && landscape.busy.includes(`plane-${surface.key}`);
  const reason = whyNot(subject, question.kind === 'random' ? 1 : 2);
  return html`<div class="order">
    ${question.kind === 'random' ? directions(question) : question.networks.map((_, place) => corner(question.networks, place))}
    ${sizes()}
    ${task !== undefined || isElsewhere || measured >= all
      ? nothing
      : askButton(measured > 0 ? t('Resume') : t('Measure the surface'), measured > 0 ? 'debug-continue' : 'play', { className: 'measure-surface', reason }, () => actions.ask({ kind: 'plane', surface: question }))}
    <span class="muted budget">${budget()}</span>
    ${isElsewhere ? html`<span class="muted">${t('A terminal or another window is measuring it.')}</span>` : nothing}
    ${task === undefined ? nothing : taskBar(task, t('The surface'), { name: t('Pause'), icon: 'debug-pause' }, actions)}
  </div>`;

  function corner(networks: readonly string[], place: number): TemplateResult {
    const free = known.filter((name) => name === networks[place] || !networks.includes(name)).map((value) => ({ value, name: networkName(value) }));
    return selection(t('Network {0}', place + 1), free, networks[place], (name) => actions.choose({ plane: networks.map((each, index) => (index === place ? name : each)) as [string, string, string] }));
  }

  function directions({ networks, seed, reach }: Extract<SurfaceQuestion, { kind: 'random' }>): TemplateResult {
    const centres = known.filter((name) => name !== PRETRAINED).map((value) => ({ value, name: networkName(value) }));
    const reaches = RANDOM_REACHES.map((value) => ({ value: String(value), name: t('reach ± {0}', nats(value, value === 1 ? 0 : 2)) }));
    return html`${selection(t('From network'), centres, networks[0], (centre) => actions.choose({ centre }))}
      <label class="seed">${t('Seed')} <input type="number" min="0" step="1" .value=${String(seed)} @change=${(event: Event) => {
        const typed = seedFrom((event.target as HTMLInputElement).valueAsNumber);
        if (typed !== null) actions.choose({ seed: typed });
      }} /></label>
      ${selection(t('How far'), reaches, String(reach), (chosen) => actions.choose({ reach: RANDOM_REACHES.find((value) => String(value) === chosen) }))}`;
  }

  function sizes(): TemplateResult {
    const { kind, size } = question;
    const there = kind === 'simplex' ? SIMPLEX_STEPS : PLANE_SIZES;
    const options = there.map((value) => ({ value: String(value), name: t('{0} grid points', count(gridPoints({ kind, size: value }))) }));
    return selection(t('How fine'), options, String(size), (chosen) => {
      if (kind === 'simplex') actions.choose({ steps: SIMPLEX_STEPS.find((value) => String(value) === chosen) });
      else actions.choose({ size: PLANE_SIZES.find((value) => String(value) === chosen) });
    });
  }

  /** "289 points, about 3 min": what is left of it, once it has begun. */
  function budget(): string {
    if (measured >= all) return t('{0} grid points measured', count(all));
    const { ms } = costOf(all - measured, landscape, trainingSpeed(subject));
    const points = measured === 0 ? t('{0} grid points', count(all)) : t('{0} of {1} grid points', count(measured), count(all));
    return ms === null ? points : t('{0}, about {1}', points, duration(ms));
  }
}
