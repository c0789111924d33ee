/** The whole page from what is known and what is set. While a run trains its curves come first, then its results. */
import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
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
  if (run === null) return html`<p class="muted empty loading">${t('Reading the run…')}</p>`;
  const sections = [
    { name: 'results', rank: run.results === null ? 2 : 0, content: () => results(run, model, toggles, actions) },
    { name: 'training', rank: 1, content: () => training(run) },
    { name: 'landscape', rank: 3, content: () => landscapeSection({ run, model, landscape: model.analyses, choices: toggles.landscape, dark }, actions) },
    { name: 'log', rank: 4, content: () => log(run, model, toggles, actions) },
  ].sort((a, b) => a.rank - b.rank);
  return html`${header(run, model, actions)}
    <main>
      ${machine(run, model, toggles, actions)} ${notices(model, actions)}
      ${repeat(
        sections,
        ({ name }) => name,
        ({ content }) => content(),
      )}
    </main>`;

  function training(shown: NonNullable<typeof run>): TemplateResult {
    return html`<div class="training ${shown.members.length > FEW ? 'many' : ''}">
      ${members(shown, model.analyses.basin, toggles, highlighted, actions)} ${curves(shown, model, toggles, plots, actions)}
      ${cards(shown, model, highlighted, actions)}
    </div>`;
  }
}
