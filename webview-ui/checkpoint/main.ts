/** The door of the checkpoint inspector: messages in, questions out, one drawing a frame. */
import { config, t } from '@vscode/l10n';
import { render } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '@vscode/codicons/dist/codicon.css';
import type { Question, ToHost, ToView } from '../../src/protocol/checkpoint-messages.ts';
import { conversation } from '../conversation.ts';
import { announcer, connect, oncePerFrame } from '../host.ts';
import { onThemeChange, readTheme } from '../look/read-theme.ts';
import { writeNumbersIn } from '../words/figures.ts';
import type { Actions } from './actions.ts';
import { announcement } from './announce.ts';
import { differencesCsv, statisticsCsv } from './csv.ts';
import { stepOf } from './keys.ts';
import { Screens, type Screen } from './screen.ts';
import { settingsFrom, sortedBy, withToggled, type Settings } from './settings.ts';
import './style/index.css';
import { EMPTY, reduce, type Model, type StoreEvent } from './store.ts';
import { tensorsOf } from './tree.ts';
import { broken } from './view/notices.ts';
import { page, type Scroll } from './view/page.ts';

/** Comparisons of smaller files than this begin by themselves. */
const BEGINS_BY_ITSELF_BYTES = 400_000_000;

interface SavedState {
  files: readonly string[];
  settings: Settings;
}

const host = connect<ToHost, SavedState>();
const root = document.querySelector<HTMLElement>('#app')!;
const speak = announcer(root);
const redraw = oncePerFrame(draw);
const screens = new Screens();

let model: Model = EMPTY;
let settings = settingsFrom((host.saved() as Partial<SavedState> | undefined)?.settings);
let screen: Screen | null = null;
let scroll: Scroll = { rowHeight: 26, top: 0, height: 600 };

const { dispatch, ask } = conversation<Model, StoreEvent, Question>({
  initial: EMPTY,
  reduce,
  post: (message) => host.post(message),
  changed(before, now) {
    model = now;
    speak(announcement(before, model));
    redraw();
  },
});

const actions: Actions = {
  ask,
  cancel: (id) => host.post({ type: 'cancel', id }),
  dismiss: () => dispatch({ type: 'dismissed' }),
  set(change) {
    settings = { ...settings, ...change };
    save();
    redraw();
  },
  sort(by) {
    if (screen !== null) actions.set({ sort: sortedBy(screen.sort, by) });
  },
  show(id) {
    actions.set({ selected: id });
    bringIntoSight(id);
  },
  toggle: (id) => {
    settings = withToggled(settings, id);
    actions.set({});
  },
  key,
  scrolled: redraw,
  copyTable() {
    const { subject, statistics, differences } = model;
    if (screen === null || subject === null) return;
    const shown = screen.flat ? screen.rows.map(({ node }) => node) : tensorsOf(screen.root);
    ask({ kind: 'copy', text: subject.kind === 'two' ? differencesCsv(shown, differences ?? new Map()) : statisticsCsv(shown, statistics) });
    speak(t('Copied as CSV.'));
  },
};

window.addEventListener('message', ({ data }: MessageEvent<ToView>) => {
  if (data.type === 'snapshot') config({ contents: data.texts });
  dispatch(data);
  if (data.type !== 'snapshot') return;
  save();
  begin();
});
onThemeChange(() => readTheme(root));
readTheme(root);
writeNumbersIn(document.documentElement.lang);
window.addEventListener('resize', redraw);
host.post({ type: 'ready' });

/** The numbers of small files need no button. */
function begin(): void {
  const { subject, differences, tasks, trusted } = model;
  if (subject?.kind !== 'two' || !trusted || differences !== null || tasks.length > 0) return;
  if (subject.a.sizeBytes + subject.b.sizeBytes <= BEGINS_BY_ITSELF_BYTES) ask({ kind: 'differences' });
}

function key(event: KeyboardEvent): void {
  // Buttons of the heading have keys of their own.
  if (screen === null || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  const selected = screen.rows.findIndex(({ node }) => node === screen?.selected);
  const step = stepOf(event.key, screen.rows, selected, Math.max(1, Math.floor(scroll.height / scroll.rowHeight) - 2));
  if (step === null) return;
  event.preventDefault();
  const { node } = screen.rows[step.row];
  if (step.kind === 'select') actions.show(node.id);
  else if (step.kind === 'toggle') actions.toggle(node.id);
  else if (model.trusted && model.subject?.kind === 'one' && node.line !== null && !model.statistics.has(node.line.name) && model.tasks.length === 0) ask({ kind: 'statistics', names: [node.line.name] });
}

/** Scrolls no further than is needed. A layer or a tensor that is folded away stays where it is. */
function bringIntoSight(id: string): void {
  draw();
  const grid = root.querySelector<HTMLElement>('.grid');
  const row = screen?.rows.findIndex(({ node }) => node.id === id) ?? -1;
  if (grid === null || row < 0) return;
  const [top, bottom] = [row * scroll.rowHeight, (row + 1) * scroll.rowHeight];
  const height = grid.clientHeight - headHeight(grid);
  if (top < grid.scrollTop) grid.scrollTop = top;
  else if (bottom > grid.scrollTop + height) grid.scrollTop = bottom - height;
  redraw();
}

function draw(): void {
  const { subject } = model;
  if (subject === null) return;
  if (subject.kind === 'broken') return void render(broken(subject, actions), root);
  screen = screens.of(model, subject, settings);
  measure();
  render(page(model, screen, settings, scroll, actions), root);
  // At first, and when the parts around it have changed, what is in sight is known once it is laid out.
  if (measure()) render(page(model, screen, settings, scroll, actions), root);
}

/** Which part of the tree is in sight. @returns has it changed? */
function measure(): boolean {
  const grid = root.querySelector<HTMLElement>('.grid');
  if (grid === null) return false;
  const now: Scroll = { rowHeight: Math.round(2 * Number.parseFloat(getComputedStyle(root).fontSize)), top: grid.scrollTop, height: grid.clientHeight };
  const isNew = now.rowHeight !== scroll.rowHeight || now.top !== scroll.top || now.height !== scroll.height;
  scroll = now;
  return isNew;
}

function headHeight(grid: HTMLElement): number {
  return grid.querySelector<HTMLElement>('.head')?.offsetHeight ?? 0;
}

function save(): void {
  host.save({ files: model.files, settings });
}
