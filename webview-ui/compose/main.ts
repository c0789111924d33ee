/** The door of Compose: messages in, questions out, one drawing a frame. */
import { config, t } from '@vscode/l10n';
import { render } from 'lit';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '@vscode/codicons/dist/codicon.css';
import type { ComposeQuestion, ToComposeHost, ToComposeView } from '../../src/protocol/compose-messages.ts';
import { conversation } from '../conversation.ts';
import { announcer, connect, oncePerFrame } from '../host.ts';
import { onThemeChange, readTheme } from '../look/read-theme.ts';
import { writeNumbersIn } from '../words/figures.ts';
import type { Actions } from './actions.ts';
import { announcement } from './announce.ts';
import { candidatesOf, choiceFrom, chosenOf, keyOf, soupQuestion, weightsOf, type Choice } from './choice.ts';
import { takeDrops } from './drop.ts';
import { gateWanted, refusal } from './refusal.ts';
import { EMPTY, reduce, type Model, type StoreEvent } from './store.ts';
import './style/index.css';
import { compose } from './view/compose.ts';

interface SavedState {
  /** The first is the run whose table this is. */
  runs: string[];
  choice: Choice;
}

/** The gate looks when the choice has rested for so long. */
const REST_MS = 700;

const host = connect<ToComposeHost, SavedState>();
const root = document.querySelector<HTMLElement>('#app')!;
const speak = announcer(root);
/** However much arrives, it is drawn once a frame. */
const redraw = oncePerFrame(draw);

let model: Model = EMPTY;
let choice: Choice = choiceFrom((host.saved() as Partial<SavedState> | undefined)?.choice);
let rest: ReturnType<typeof setTimeout> | undefined;
/** The new row that has been brought into sight. */
let shown: string | null = null;

const { dispatch, ask } = conversation<Model, StoreEvent, ComposeQuestion>({
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
  make() {
    const { state } = model;
    if (state === null || refusal(state, choice) !== null) return;
    const chosen = chosenOf(state, choice);
    if (choice.kind === 'soup') return ask(soupQuestion('soup', choice, chosen));
    const { averaging, mean } = choice;
    const members = chosen.map(({ named }) => named);
    ask({ kind: 'ensemble', members, mean, weights: averaging === 'weighted' ? weightsOf(choice, chosen) : null, select: averaging === 'greedy' || averaging === 'best' ? averaging : null });
  },
  look() {
    const { state } = model;
    if (state === null || refusal(state, choice) !== null) return;
    const asked = choice.rule === 'wise-ft' ? { ...choice, settings: { ...choice.settings, alpha: null } } : { ...choice, rule: 'uniform' as const };
    ask(soupQuestion('gate', asked, chosenOf(state, choice)));
  },
  cancel: (id) => host.post({ type: 'cancel', id }),
  dismiss: () => dispatch({ type: 'dismissed' }),
  choose(change) {
    choice = { ...choice, ...change };
    save();
    redraw();
    considerGate();
  },
  toggle(key) {
    if (model.state === null) return;
    const keys = chosenOf(model.state, choice).map((candidate) => candidate.key);
    actions.choose({ members: keys.includes(key) ? keys.filter((other) => other !== key) : [...keys, key] });
  },
  open(name) {
    dispatch({ type: 'opened', name });
    if (name !== null && !model.details.has(name)) ask({ kind: 'detail', name });
  },
};

window.addEventListener('message', ({ data }: MessageEvent<ToComposeView>) => {
  if (data.type === 'snapshot') config({ contents: data.texts });
  dispatch(data);
  if (data.type === 'snapshot' && data.choose !== null) actions.choose({ members: data.choose.map(keyOf) });
  if (data.type === 'choose' && model.state !== null) {
    const added = data.members.map(keyOf);
    actions.choose({ members: [...new Set([...chosenOf(model.state, choice).map(({ key }) => key), ...added])] });
    speak(t('{0} of {1} chosen', chosenOf(model.state, choice).length, candidatesOf(model.state).length));
  }
  if (data.type === 'snapshot' || data.type === 'state') save();
  considerGate();
});
takeDrops(root, () => host.post({ type: 'drop' }));
onThemeChange(() => {
  readTheme(root);
  redraw();
});
readTheme(root);
writeNumbersIn(document.documentElement.lang);
redraw();
host.post({ type: 'ready' });

/** Lets the gate look at what is chosen, once the choice rests; what it looked at before is of no use any more. */
function considerGate(): void {
  clearTimeout(rest);
  if (gateWanted(model, choice) === null) return;
  rest = setTimeout(() => {
    const question = gateWanted(model, choice);
    if (question === null) return;
    for (const task of model.tasks) if (task.question.kind === 'gate') host.post({ type: 'cancel', id: task.id });
    ask(question);
  }, REST_MS);
}

function draw(): void {
  render(compose(model, choice, actions), root);
  if (model.added === shown) return;
  shown = model.added;
  root.querySelector('tr.added')?.scrollIntoView({ block: 'nearest' });
}

function save(): void {
  if (model.state !== null) host.save({ runs: model.state.runs.map(({ view }) => view.folder), choice });
}
