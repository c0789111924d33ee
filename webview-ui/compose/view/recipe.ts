/** How the members become one: the mean of weights by a rule, or the mean of predictions. */
import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { SETTINGS_OF, SOUP_RULES, type SoupRuleName } from '../../../src/protocol/soup.ts';
import { icon, memberMark, slotted } from '../../look/icon.ts';
import { ruleDescription, ruleName } from '../../words/naming.ts';
import type { Actions } from '../actions.ts';
import { AVERAGINGS, chosenOf, type Averaging, type Choice } from '../choice.ts';
import { isQuick, nameOf, refusal } from '../refusal.ts';
import type { Model } from '../store.ts';
import { steps } from './steps.ts';
import { wise } from './wise.ts';

export function recipe(model: Model, choice: Choice, actions: Actions): TemplateResult | typeof nothing {
  const { state } = model;
  if (state === null) return nothing;
  const reason = refusal(state, choice);
  const isSoup = choice.kind === 'soup';
  const isBusy = model.tasks.some(({ question }) => question.kind === choice.kind || question.kind === 'best');
  return html`<section class="panel recipe" aria-labelledby="recipe-title">
    <div class="panel-title">
      <h2 id="recipe-title">${t('Recipe')}</h2>
      <div class="kinds" role="radiogroup" aria-label=${t('What is averaged')}>
        ${kind('soup', 'combine', t('Soup: weights'))} ${kind('ensemble', 'layers', t('Ensemble: predictions'))}
      </div>
    </div>
    ${isSoup ? soup() : ensemble()}
    <div class="buttons make">
      <vscode-button class="make-it" ?disabled=${reason !== null || isBusy} @click=${() => actions.make()}>${slotted(isSoup ? 'combine' : 'layers')}${isSoup ? t('Make soup') : t('Make ensemble')}</vscode-button>
      ${isSoup && state.trusted ? gateButton() : nothing}
    </div>
    ${reason === null ? nothing : html`<p class="refusal" role="status">${icon('circle-slash')} ${reason}</p>`} ${steps(model, actions)}
  </section>`;

  function kind(name: Choice['kind'], iconName: string, text: string): TemplateResult {
    return html`<label class="segment">
      <input type="radio" name="kind" value=${name} .checked=${live(choice.kind === name)} @change=${() => actions.choose({ kind: name })} /><span>${icon(iconName)} ${text}</span>
    </label>`;
  }

  function soup(): TemplateResult {
    return html`<p class="muted">${t('One network: one forward pass. What is selected or learned is so on validation images.')}</p>
      <div class="rules" role="radiogroup" aria-label=${t('Rule')}>${SOUP_RULES.map(rule)}</div>
      ${parameters()}
      <div class="options">
        ${check(t('Take members outside the basin as well'), choice.insist, (insist) => actions.choose({ insist }), 'insist')}
        ${check(t('Average batch-norm statistics instead of estimating them anew'), choice.statistics === 'average', (is) => actions.choose({ statistics: is ? 'average' : 're-estimate' }), 'statistics')}
      </div>`;
  }

  function rule(name: SoupRuleName): TemplateResult {
    return html`<label class="rule">
      <input type="radio" name="rule" value=${name} .checked=${live(choice.rule === name)} @change=${() => actions.choose({ rule: name })} />
      <span><strong>${ruleName(name)}</strong> <span class="muted">${ruleDescription(name)}</span></span>
    </label>`;
  }

  function parameters(): TemplateResult | typeof nothing {
    if (choice.rule === 'weighted') return weights();
    if (choice.rule === 'wise-ft') return wise(model, choice, actions);
    const own = SETTINGS_OF[choice.rule];
    if (own.length === 0) return nothing;
    const set = (part: Partial<Choice['settings']>): void => actions.choose({ settings: { ...choice.settings, ...part } });
    const { settings } = choice;
    return html`<div class="parameters">
      ${own.includes('at') ? number(t('Place between the two, 0 to 1'), settings.at, 0, 1, 0.05, (at) => set({ at })) : nothing}
      ${own.includes('density') ? number(t('Share of changes that stays'), settings.density, 0.01, 1, 0.05, (density) => set({ density })) : nothing}
      ${own.includes('drop') ? number(t('Share of changes that is dropped'), settings.drop, 0, 0.99, 0.05, (drop) => set({ drop })) : nothing}
      ${own.includes('scale') ? number(t('Scale of the changes'), settings.scale, 0, 5, 0.1, (scale) => set({ scale })) : nothing}
      ${own.includes('seed') ? number(t('Seed'), settings.seed, 0, 1e9, 1, (seed) => set({ seed: Math.round(seed) })) : nothing}
      ${own.includes('steps') ? number(t('Steps'), settings.steps, 1, 1000, 1, (count) => set({ steps: Math.round(count) })) : nothing}
      ${own.includes('perLayer') ? check(t('Shares of each layer\'s own'), settings.perLayer, (perLayer) => set({ perLayer }), 'per-layer') : nothing}
    </div>`;
  }

  function weights(): TemplateResult {
    return html`<div class="parameters">
      ${chosenOf(state!, choice).map((candidate) =>
        number(html`${memberMark(candidate.index)} ${nameOf(candidate, state!)}`, choice.weights[candidate.key] ?? 1, 0, 1000, 0.5, (weight) => actions.choose({ weights: { ...choice.weights, [candidate.key]: weight } })),
      )}
    </div>`;
  }

  function ensemble(): TemplateResult {
    return html`<p class="muted">${t('One forward pass a member; the stored predictions are averaged, so no network is computed now.')}</p>
      <div class="rules" role="radiogroup" aria-label=${t('Rule')}>
        ${AVERAGINGS.map((name) => {
          const [title, description] = averagingWords(name);
          return html`<label class="rule">
            <input type="radio" name="averaging" value=${name} .checked=${live(choice.averaging === name)} @change=${() => actions.choose({ averaging: name })} />
            <span><strong>${title}</strong> <span class="muted">${description}</span></span>
          </label>`;
        })}
      </div>
      ${choice.averaging === 'weighted' ? weights() : nothing}
      <div class="options">${check(t('Mean of logits instead of probabilities'), choice.mean === 'logit', (is) => actions.choose({ mean: is ? 'logit' : 'probability' }), 'mean')}</div>`;
  }

  function gateButton(): TemplateResult {
    const chosen = chosenOf(state!, choice);
    const macs = state!.table?.rows.find((row) => row.kind === 'member')?.macs ?? Infinity;
    const looking = model.tasks.some(({ question }) => question.kind === 'gate');
    const quick = isQuick(macs, chosen.length);
    return html`<vscode-button class="look" secondary ?disabled=${reason !== null || looking} @click=${() => actions.look()}>${slotted('search')}${choice.rule === 'wise-ft' ? t('Measure the line') : t('Check the basin')}</vscode-button>
      ${quick ? check(t('Check as I choose'), choice.live, (is) => actions.choose({ live: is }), 'live') : nothing}`;
  }
}

function averagingWords(name: Averaging): [string, string] {
  switch (name) {
    case 'even':
      return [t('All alike'), t('The mean of what the chosen members predict.')];
    case 'weighted':
      return [ruleName('weighted'), ruleDescription('weighted')];
    case 'greedy':
      return [t('Greedy selection'), t('Step by step the member that helps most on validation images, with replacement.')];
    case 'best':
      return [t('Best subset'), t('All subsets are tried on validation images, of 12 members at most.')];
  }
}

function check(text: string, is: boolean, set: (is: boolean) => void, name: string): TemplateResult {
  return html`<label class="check"><vscode-checkbox class=${name} aria-label=${text} .checked=${is} @change=${(event: Event) => set((event.target as HTMLInputElement).checked)}></vscode-checkbox><span>${text}</span></label>`;
}

function number(label: unknown, value: number, min: number, max: number, step: number, set: (value: number) => void): TemplateResult {
  const onChange = (event: Event): void => {
    const read = (event.target as HTMLInputElement).valueAsNumber;
    set(Number.isFinite(read) ? Math.min(max, Math.max(min, read)) : value);
  };
  return html`<label class="parameter"><span>${label}</span><input type="number" min=${min} max=${max} step=${step} .value=${live(String(value))} @change=${onChange} /></label>`;
}
