/** The door of the dashboard: messages in, questions out, one drawing a frame. */
import { config } from '@vscode/l10n';
import { render } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '@vscode/codicons/dist/codicon.css';
import type { Question, ToHost, ToView } from '../../src/protocol/messages.ts';
import { announcer, connect, oncePerFrame } from '../host.ts';
import type { Actions } from './actions.ts';
import { announcement } from './announce.ts';
import { writeNumbersIn } from '../words/figures.ts';
import { Plots } from './plots.ts';
import { onThemeChange, readTheme } from '../look/read-theme.ts';
import { selectedMembers } from './selection.ts';
import './style/index.css';
import { EMPTY, reduce, type Model, type StoreEvent } from './store.ts';
import { toggle, togglesFrom, type Toggles } from './toggles.ts';
import { dashboard } from './view/dashboard.ts';

interface SavedState {
  folder: string;
  toggles: Toggles;
}

const host = connect<ToHost, SavedState>();
const root = document.querySelector<HTMLElement>('#app')!;
const speak = announcer(root);
/** However much arrives, it is drawn once a frame. */
const redraw = oncePerFrame(draw);

let model: Model = EMPTY;
let toggles = togglesFrom((host.saved() as Partial<SavedState> | undefined)?.toggles);
let hovered: string | null = null;
let theme = readTheme(root);
/** Made with the first snapshot, when the language of their labels is known. */
let plots: Plots | null = null;

const actions: Actions = {
  ask,
  combine(kind) {
    if (model.run !== null) ask({ kind, members: selectedMembers(model.run, toggles) });
  },
  cancel: (id) => host.post({ type: 'cancel', id }),
  dismiss: () => dispatch({ type: 'dismissed' }),
  toggle(event) {
    toggles = toggle(toggles, event);
    save();
    redraw();
  },
  hover(member) {
    if (member === hovered) return;
    hovered = member;
    redraw();
  },
};

window.addEventListener('message', ({ data }: MessageEvent<ToView>) => {
  if (data.type === 'snapshot') config({ contents: data.texts });
  dispatch(data);
  if (data.type === 'snapshot') save();
});
onThemeChange(() => {
  theme = readTheme(root);
  redraw();
});
writeNumbersIn(document.documentElement.lang);
redraw();
host.post({ type: 'ready' });

function ask(question: Question): void {
  const id = model.lastId + 1;
  dispatch({ type: 'asked', id, question });
  host.post({ type: 'ask', id, question });
}

function dispatch(event: StoreEvent): void {
  const before = model;
  model = reduce(before, event);
  if (model === before) return;
  if (model.awaiting && !before.awaiting) host.post({ type: 'ready' });
  speak(announcement(before, model));
  redraw();
}

function draw(): void {
  if (model.run !== null) plots ??= new Plots(theme);
  if (model.run === null || plots === null) return;
  const highlighted = hovered ?? toggles.pinned;
  render(dashboard({ model, toggles, highlighted, plots }, actions), root);
  plots.draw(model.run, model, toggles, highlighted, theme);
}

function save(): void {
  if (model.run !== null) host.save({ folder: model.run.folder, toggles });
}
