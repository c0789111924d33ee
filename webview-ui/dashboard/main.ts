/** The door of the dashboard: messages in, questions out, one drawing a frame. */
import { config } from '@vscode/l10n';
import { render } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '@vscode/codicons/dist/codicon.css';
import type { Question, ToHost, ToView } from '../../src/protocol/messages.ts';
import { conversation } from '../conversation.ts';
import { announcer, connect, oncePerFrame } from '../host.ts';
import type { Actions } from './actions.ts';
import { announcement } from './announce.ts';
import { writeNumbersIn } from '../words/figures.ts';
import { logScroll } from './log-scroll.ts';
import { chartText, Plots } from './plots.ts';
import { isDark } from '../look/theme.ts';
import { onThemeChange, readTheme } from '../look/read-theme.ts';
import { selectedMembers } from './selection.ts';
import './style/index.css';
import { EMPTY, reduce, type Model, type StoreEvent } from './store.ts';
import { spansOf } from './timeline.ts';
import { toggle, togglesFrom, type Toggles } from './toggles.ts';
import { dashboard } from './view/dashboard.ts';
import { stepRanges } from './step-ranges.ts';

interface SavedState {
  folder: string;
  toggles: Toggles;
}

const host = connect<ToHost, SavedState>();
const root = document.querySelector<HTMLElement>('#app')!;
const speak = announcer(root);
/** However much arrives, it is drawn once a frame. */
const redraw = oncePerFrame(draw);

/** Milliseconds without another zoom. */
const DETAIL_AFTER_MS = 80;
let detailTimer: number | undefined;
let lastDetail = 0;
let model: Model = EMPTY;
let toggles = togglesFrom((host.saved() as Partial<SavedState> | undefined)?.toggles);
let hovered: string | null = null;
let theme = readTheme(root);
/** Made with the first snapshot, when the language of their labels is known. */
let plots: Plots | null = null;

const { dispatch, ask } = conversation<Model, StoreEvent, Question>({
  initial: EMPTY,
  reduce,
  post: (message) => host.post(message),
  changed(before, now) {
    model = now;
    if (model.awaiting && !before.awaiting) host.post({ type: 'ready' });
    speak(announcement(before, model));
    redraw();
  },
});

const actions: Actions = {
  ask,
  combine(kind) {
    if (model.run !== null) ask({ kind, members: selectedMembers(model.run, toggles) });
  },
  cancel: (id) => host.post({ type: 'cancel', id }),
  dismiss: () => dispatch({ type: 'dismissed' }),
  toggle(event) {
    const before = toggles;
    toggles = toggle(toggles, event);
    if (toggles.zoom !== before.zoom) askDetail();
    if (toggles.log !== before.log) host.post({ type: 'log', log: toggles.log });
    save();
    redraw();
  },
  saveChart(chart, title, format) {
    if (model.run === null) return;
    const text = chartText(chart, title, format, { run: model.run, model, toggles, highlighted: toggles.pinned, theme });
    host.post({ type: 'save', file: { name: chart, format, text } });
  },
  openLog: (log) => host.post({ type: 'open-log', log }),
  choose: (change) => actions.toggle({ type: 'landscape', change }),
  hover(member) {
    if (member === hovered) return;
    hovered = member;
    redraw();
  },
};

window.addEventListener('message', ({ data }: MessageEvent<ToView>) => {
  if (data.type === 'snapshot') config({ contents: data.texts });
  dispatch(data);
  if (data.type !== 'snapshot') return;
  save();
  askDetail();
  if (toggles.log !== null && model.log === null) host.post({ type: 'log', log: toggles.log });
});
onThemeChange(() => {
  theme = readTheme(root);
  redraw();
});
writeNumbersIn(document.documentElement.lang);
redraw();
host.post({ type: 'ready' });

/** Once the charts rest, the rows of what they show are asked for, less thinned. */
function askDetail(): void {
  clearTimeout(detailTimer);
  detailTimer = window.setTimeout(() => {
    if (model.run === null || toggles.zoom === null) return;
    const { members, stepsPerEpoch } = model.run;
    host.post({ type: 'detail', id: ++lastDetail, ranges: stepRanges(toggles.zoom, spansOf(members.map(({ member }) => member)), stepsPerEpoch) });
  }, DETAIL_AFTER_MS);
}

function draw(): void {
  if (model.run !== null) plots ??= new Plots(theme, (range) => actions.toggle({ type: 'zoom', range }));
  if (model.run === null || plots === null) return;
  const highlighted = hovered ?? toggles.pinned;
  const scroll = logScroll(root);
  render(dashboard({ model, toggles, highlighted, plots, dark: isDark(theme) }, actions), root);
  scroll();
  plots.draw({ run: model.run, model, toggles, highlighted, theme });
}

function save(): void {
  if (model.run !== null) host.save({ folder: model.run.folder, toggles });
}
