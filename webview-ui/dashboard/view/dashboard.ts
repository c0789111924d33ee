/** The whole page from what is known and what is set. While a run trains its curves come first, then its results. */
import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Actions } from '../actions.ts';
import type { Plots } from '../plots.ts';
import type { Model } from '../store.ts';
import type { Toggles } from '../toggles.ts';
import { landscapeSection } from '../landscape/section.ts';
import { curves } from './curves.ts';
import { header } from './header.ts';
import { log } from './log.ts';
import { machine } from './machine.ts';
import { cards, members } from './members.ts';
import { notices } from './notice.ts';
import { results } from './results.ts';

/** More cards than this do not fit beside the curves. */
const FEW = 6;

export interface Screen {
  model: Model;
  toggles: Toggles;
  /** The member under the pointer or the focus, else the pinned one. */
  highlighted: string | null;
  plots: Plots;
  dark: boolean;
}

export function dashboard({ model, toggles, highlighted, plots, dark }: Screen, actions: Actions): TemplateResult {
  const { run } = model;
  // While a chart is zoomed or panned nothing else of the page changes.
  const parts = [model, highlighted, dark, ...Object.values({ ...toggles, zoom: null })];
  const still = (content: () => TemplateResult): unknown => guard(parts, content);
  if (run === null) return html`<p class="muted empty loading">${t('Reading the run…')}</p>`;
  const sections = [
    { name: 'results', rank: run.results === null ? 2 : 0, content: () => still(() => results(run, model, toggles, actions)) },
    { name: 'training', rank: 1, content: () => training(run) },
    { name: 'landscape', rank: 3, content: () => guard([model.analyses, model.tasks, model.histories, run, toggles.landscape, dark], () => landscapeSection({ run, model, landscape: model.analyses, choices: toggles.landscape, dark }, actions)) },
    { name: 'log', rank: 4, content: () => still(() => log(run, model, toggles, actions)) },
  ].sort((a, b) => a.rank - b.rank);
  return html`${still(() => header(run, model, actions))}
    <main>
      ${still(() => html`${machine(run, model, toggles, actions)} ${notices(model, actions)}`)}
      ${repeat(
        sections,
        ({ name }) => name,
        ({ content }) => content(),
      )}
    </main>`;

  function training(shown: NonNullable<typeof run>): TemplateResult {
    return html`<div class="training ${shown.members.length > FEW ? 'many' : ''}">
      ${still(() => html`${members(shown, model.analyses.basin, toggles, highlighted, actions)}`)} ${curves(shown, model, toggles, plots, actions)}
      ${still(() => html`${cards(shown, model, highlighted, actions)}`)}
    </div>`;
  }
}
