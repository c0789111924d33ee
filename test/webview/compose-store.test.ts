/** Compose without a screen: what is chosen, why it is refused, what the store makes of what arrives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComposeQuestion } from '../../src/protocol/compose-messages.ts';
import { candidatesOf, choiceFrom, chosenOf, DEFAULT_CHOICE, settingsOf, soupQuestion, type Choice } from '../../webview-ui/compose/choice.ts';
import { gateWanted, isQuick, refusal } from '../../webview-ui/compose/refusal.ts';
import { EMPTY, reduce, type Model } from '../../webview-ui/compose/store.ts';
import { composeState, detailOf, gated, line, snapshot, task, tries } from './harness/compose-state.ts';

const state = composeState();
const wide = composeState({ foreign: true });
const all = candidatesOf(wide);
const of = (change: Partial<Choice>): Choice => ({ ...DEFAULT_CHOICE, ...change });
const model = (tasks = [] as ReturnType<typeof task>[], shown = state): Model => reduce(EMPTY, snapshot(shown, tasks));
const keys = (...places: number[]): string[] => places.map((place) => all[place].key);

test('without a choice all members of the first run are chosen; others are named by their run', () => {
  assert.deepEqual(chosenOf(wide, DEFAULT_CHOICE).map(({ fullName }) => fullName), ['member-1', 'member-2', 'member-3', 'member-4', 'member-5']);
  assert.deepEqual(chosenOf(wide, of({ members: keys(6, 1) })).map(({ fullName, index }) => [fullName, index]), [['member-2', 1], ['20260601-080000-wide/member-2', 6]]);
});

test('refusals name what is wrong: too few, other networks, other data, another number, no trust', () => {
  assert.equal(refusal(state, DEFAULT_CHOICE), null);
  assert.equal(refusal(state, of({ members: [] })), 'No member is chosen: choose two at least.');
  assert.equal(refusal(state, of({ members: keys(1) })), 'Only Member 2 is chosen: choose two members at least.');
  assert.equal(refusal(state, of({ members: keys(1), rule: 'wise-ft' })), null);
  assert.match(refusal(wide, of({ members: keys(0, 5) }))!, /^Member 1 \(Fashion-MNIST, 1,000 labels\) and Member 1 \(Wider network\) are different networks: conv1\.weight is \[16, 1, 3, 3\]/);
  assert.equal(refusal(wide, of({ members: keys(0, 5), kind: 'ensemble' })), null);
  assert.equal(refusal(state, of({ rule: 'slerp' })), 'SLERP mixes two members, and 5 are chosen.');
  assert.equal(refusal(state, of({ rule: 'weighted', weights: Object.fromEntries(all.map(({ key }) => [key, 0])) })), 'All weights are 0.');
  const foreign = { ...wide, runs: [wide.runs[0], { ...wide.runs[1], dataFingerprint: 'bb' }] };
  assert.match(refusal(foreign, of({ members: keys(0, 5), kind: 'ensemble' }))!, /Wider network was trained on other data/);
  assert.match(refusal(composeState({ changes: { trusted: false } }), DEFAULT_CHOICE)!, /not trusted/);
});

test('a question has the settings of its rule alone, weights in the order of the members', () => {
  const chosen = chosenOf(state, of({ members: keys(3, 1) }));
  assert.deepEqual(settingsOf(of({ rule: 'uniform' }), chosen), {});
  assert.deepEqual(settingsOf(of({ rule: 'weighted', weights: { [all[3].key]: 3 } }), chosen), { weights: [1, 3] });
  assert.deepEqual(settingsOf(of({ rule: 'dare' }), chosen), { drop: 0.9, scale: 1, seed: 0 });
  assert.deepEqual([settingsOf(of({ rule: 'wise-ft' }), chosen), settingsOf(of({ rule: 'wise-ft', settings: { ...DEFAULT_CHOICE.settings, alpha: 0.25 } }), chosen)], [{}, { alpha: 0.25 }]);
});

test('the gate looks by itself where that is quick, once for a choice, and not while a soup is made', () => {
  const wanted = gateWanted(model(), DEFAULT_CHOICE);
  assert.equal(wanted?.members.length, 5);
  assert.equal(gateWanted(model([task(1, wanted!, '', null)]), DEFAULT_CHOICE), null);
  assert.equal(gateWanted(model([task(1, { ...wanted!, kind: 'soup' }, '', null)]), DEFAULT_CHOICE), null);
  assert.equal(gateWanted(model(), of({ live: false })), null);
  assert.equal(gateWanted(model(), of({ kind: 'ensemble' })), null);
  const running = structuredClone(state);
  running.runs[0].view.status = 'running';
  assert.equal(gateWanted(model([], running), DEFAULT_CHOICE), null);
  assert.deepEqual([isQuick(12e6, 5), isQuick(4e9, 5)], [true, false]);
  const looked = reduce(model([task(1, wanted!, '', null)]), { type: 'answer', id: 1, result: { kind: 'looked', looked: { gate: { threshold: { error: 0, loss: 0, quality: 0 }, members: gated(), insisted: false }, line: null } }, error: null });
  assert.equal(looked.looked?.members.length, 5);
  assert.equal(gateWanted(looked, DEFAULT_CHOICE), null);
  assert.ok(gateWanted(looked, of({ members: keys(0, 1) })));
});

test('steps come one by one: members at the gate, soups tried, points of the line; a snapshot brings those that came before', () => {
  const soup: ComposeQuestion = soupQuestion('soup', of({ rule: 'greedy' }), chosenOf(state, DEFAULT_CHOICE));
  let now = reduce(model(), { type: 'asked', id: 1, question: soup });
  for (const step of [...gated().map((member) => ({ kind: 'gate' as const, member })), ...tries()]) now = reduce(now, { type: 'progress', id: 1, fraction: 0.1, message: '', step });
  assert.deepEqual([now.looked?.members, now.tries], [gated(), tries()]);
  const back = model([task(1, soup, '', 0.1, tries())]);
  assert.deepEqual(back.tries, tries());
  const wise = reduce(model(), { type: 'asked', id: 1, question: { ...soup, kind: 'gate', rule: 'wise-ft' } as ComposeQuestion });
  assert.equal(line().reduce((before, step) => reduce(before, { type: 'progress', id: 1, fraction: null, message: '', step }), wise).line?.points.length, 11);
});

test('an answer opens its row; one that was there can be told; undone, it is gone with its details; half a gate is none', () => {
  const after = composeState({ extra: [{ kind: 'soup', members: ['member-1', 'member-2'], name: 'soup-greedy-1' }] });
  let now = reduce(model(), { type: 'state', state: after });
  now = reduce(now, { type: 'answer', id: 1, result: { kind: 'made', added: 'soup-greedy-1', isNew: true, looked: null, detail: detailOf('soup-greedy-1') }, error: null });
  assert.deepEqual([now.added, now.open, now.details.has('soup-greedy-1'), now.notice], ['soup-greedy-1', 'soup-greedy-1', true, null]);
  now = reduce(now, { type: 'answer', id: 2, result: { kind: 'undone', name: 'soup-greedy-1' }, error: null });
  assert.deepEqual([now.open, now.details.size, now.notice?.kind], [null, 0, 'undone']);
  assert.equal(reduce(now, { type: 'answer', id: 3, result: { kind: 'made', added: 'soup-uniform-1', isNew: false, looked: null, detail: null }, error: null }).notice?.kind, 'same');
  const gate = soupQuestion('gate', DEFAULT_CHOICE, chosenOf(state, DEFAULT_CHOICE));
  const half = reduce(reduce(model(), { type: 'asked', id: 4, question: gate }), { type: 'progress', id: 4, fraction: 0, message: '', step: { kind: 'gate', member: gated()[0] } });
  const ended = reduce(half, { type: 'answer', id: 4, result: null, error: { code: 'cancelled', message: '' } });
  assert.deepEqual([half.looked?.members.length, ended.looked, ended.notice], [1, null, null]);
});

test('what an earlier view left is read with care, and ticks are round', () => {
  assert.deepEqual(choiceFrom({ rule: 'rm -rf', settings: { at: 'x', alpha: 0.3 }, members: [1, 'a#member-1'], weights: { a: 'b', c: 2 }, live: false }), { ...DEFAULT_CHOICE, members: ['a#member-1'], settings: { ...DEFAULT_CHOICE.settings, alpha: 0.3 }, weights: { c: 2 }, live: false });
  assert.deepEqual(choiceFrom(null), DEFAULT_CHOICE);
});
