/** Pictures of Compose in its states, themes and widths: `node test/webview/harness/compose-scenes.ts <folder> [name part]`. */
import type { ComposeQuestion, ToComposeView } from '../../../src/protocol/compose-messages.ts';
import { composeState, detailOf, gated, line, snapshot, task, tries } from './compose-state.ts';
import { takeScenes } from './scenes.ts';

const state = composeState();
const folder = state.runs[0].view.folder;
const members = state.runs[0].members.map(({ name }) => ({ run: folder, name }));
const soup = (rule: 'greedy' | 'wise-ft'): ComposeQuestion => ({ kind: 'soup', members, rule, settings: {}, statistics: 're-estimate', insist: false });
const steps = (gate = gated()) => gate.map((member) => ({ kind: 'gate' as const, member }));

await takeScenes<ToComposeView>('compose', [
  { name: 'start', messages: [snapshot(state)] },
  { name: 'gate', messages: [snapshot(state, [task(1, { ...soup('greedy'), kind: 'gate' } as ComposeQuestion, 'Looking for a barrier (3 of 4 members)', 0.2, steps(gated().slice(0, 3)))])] },
  { name: 'greedy', messages: [snapshot(state, [task(1, soup('greedy'), 'Tried member-3, member-1, member-4, member-2', 0.4, [...steps(), ...tries()])])] },
  { name: 'made', messages: made() },
  { name: 'two-runs', messages: [{ ...snapshot(composeState({ foreign: true })), choose: [...members.slice(0, 2), { run: '/home/ada/fashion/.starsse/runs/20260601-080000-wide', name: 'member-1' }] } as ToComposeView] },
  { name: 'other-data', messages: otherData() },
  { name: 'one', messages: [snapshot(composeState({ members: 1 }))] },
  { name: 'sixteen', messages: [snapshot(composeState({ members: 16 }))] },
  { name: 'restricted', messages: [snapshot(composeState({ changes: { trusted: false } }))] },
]);

/** Members of two runs whose data differ. */
function otherData(): ToComposeView[] {
  const both = composeState({ foreign: true });
  const [home, other] = both.runs;
  const choose = [home, other].map(({ view }) => ({ run: view.folder, name: 'member-1' }));
  return [{ ...snapshot({ ...both, runs: [home, { ...other, dataFingerprint: 'bb' }] }), choose } as ToComposeView];
}

function made(): ToComposeView[] {
  const names = members.map(({ name }) => name);
  const after = composeState({ extra: [{ kind: 'soup', members: ['member-1', 'member-3', 'member-4'], name: 'soup-greedy-1' }, { kind: 'ensemble', members: names, name: 'ensemble-2' }] });
  return [
    snapshot(state, [task(1, soup('greedy'), '', 0.4, [...steps(), ...tries()]), task(2, { kind: 'ensemble', members, mean: 'probability', weights: null, select: 'greedy' }, '', null), task(3, { ...soup('wise-ft'), kind: 'gate' } as ComposeQuestion, '', 0.5, line())]),
    { type: 'state', state: after },
    { type: 'answer', id: 3, result: { kind: 'looked', looked: { gate: { threshold: { error: 0.02, loss: 0.1, quality: 0.1 }, members: gated(), insisted: false }, line: line().map(({ alpha, score, loss }) => ({ alpha, score, loss })) } }, error: null },
    { type: 'answer', id: 1, result: { kind: 'made', added: 'soup-greedy-1', isNew: true, looked: null, detail: detailOf('soup-greedy-1') }, error: null },
    { type: 'answer', id: 2, result: { kind: 'made', added: 'ensemble-2', isNew: true, looked: null, detail: detailOf('ensemble-2') }, error: null },
  ];
}
