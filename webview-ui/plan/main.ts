/** The door of the plan editor: messages in, edits and questions out, one drawing a frame. */
import { config } from '@vscode/l10n';
import { render } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode/codicons/dist/codicon.css';
import type { PlanQuestion, PlanToHost, PlanToView } from '../../src/protocol/plan-editor-messages.ts';
import { conversation } from '../conversation.ts';
import { announcer, connect, oncePerFrame } from '../host.ts';
import { onThemeChange, readTheme } from '../look/read-theme.ts';
import { writeNumbersIn } from '../words/figures.ts';
import type { Actions } from './actions.ts';
import { editsOf } from './knobs.ts';
import { scaleOf, type Scale } from './picture.ts';
import { drawnPlan, spansOf } from './schedule.ts';
import { EMPTY, reduce, type Model, type StoreEvent } from './store.ts';
import './style/index.css';
import { editor } from './view/editor.ts';
import { valueText } from './view/handle.ts';

const host = connect<PlanToHost, { open: string[] }>();
const root = document.querySelector<HTMLElement>('#app')!;
const speak = announcer(root);
const redraw = oncePerFrame(draw);

let model: Model = EMPTY;
const open = new Set(openFrom(host.saved()));
/** Kept while something is dragged, so that the picture does not move under the pointer. */
let held: Scale | null = null;

const { dispatch, ask } = conversation<Model, StoreEvent, PlanQuestion>({
  initial: EMPTY,
  reduce,
  post: (message) => host.post(message),
  changed(_before, now) {
    model = now;
    redraw();
  },
});

const actions: Actions = {
  edit: (edits) => {
    if (model.document !== null && edits.length > 0) host.post({ type: 'edit', version: model.document.version, edits });
  },
  draft(knobs) {
    const before = drawnPlan(model.document?.value, null);
    if (knobs !== null && model.draft === null && typeof before !== 'string') held = scaleOf(spansOf(before.members));
    dispatch({ type: 'drafted', knobs });
  },
  commit() {
    const before = drawnPlan(model.document?.value, null);
    const after = model.draft;
    held = null;
    if (typeof before === 'string' || after === null) return;
    const edits = editsOf(before.knobs, after);
    if (edits.length === 0) dispatch({ type: 'drafted', knobs: null });
    else {
      actions.edit(edits);
      speak(valueText(after));
    }
    redraw();
  },
  ask,
  cancel: (id) => host.post({ type: 'cancel', id }),
  dismiss: () => dispatch({ type: 'dismissed' }),
  toggle(section, isOpen) {
    if (isOpen) open.add(section);
    else open.delete(section);
    host.save({ open: [...open] });
    redraw();
  },
};

window.addEventListener('message', ({ data }: MessageEvent<PlanToView>) => {
  if (data.type === 'snapshot') config({ contents: data.texts });
  dispatch(data);
});
onThemeChange(() => {
  readTheme(root);
  redraw();
});
new ResizeObserver(redraw).observe(root);
readTheme(root);
writeNumbersIn(document.documentElement.lang);
redraw();
host.post({ type: 'ready' });

function draw(): void {
  render(editor({ model, open, scale: held, width: Math.max(180, root.clientWidth - 90) }, actions), root);
}

function openFrom(saved: unknown): string[] {
  const list = typeof saved === 'object' && saved !== null && 'open' in saved ? saved.open : null;
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : ['method', 'model', 'data'];
}
