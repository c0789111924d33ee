/** From a drag to numbers, from numbers to edits, from edits to text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documentOf, replacementFor } from '../../src/extension/plan/planText.ts';
import { editsOf, knobsAt, knobsStepped, ratioFor } from '../../webview-ui/plan/knobs.ts';
import { pictureOf, scaleOf } from '../../webview-ui/plan/picture.ts';
import { drawnPlan, spansOf, type Drawn } from '../../webview-ui/plan/schedule.ts';
import { isTimedAs } from '../../webview-ui/plan/store.ts';

function drawn(method: object, epochs = 20): Drawn {
  const plan = drawnPlan({ method, training: { epochs, optimizer: { learningRate: 0.1 } } }, null);
  assert.ok(typeof plan !== 'string', String(plan));
  return plan;
}
const STAR = { kind: 'starsse', members: 4, cycle: { lrRatio: 0.5, epochRatio: 0.5 } };
const CHAIN = { ...STAR, kind: 'sse' };

test('arms of a star lie side by side, cycles of a chain one after another', () => {
  assert.deepEqual(spansOf(drawn(STAR).members).map(({ start, end }) => [start, end]), [[0, 20], [20, 30], [20, 30], [20, 30]]);
  assert.deepEqual(spansOf(drawn(CHAIN).members).map(({ start, end }) => [start, end]), [[0, 20], [20, 30], [30, 40], [40, 50]]);
});

test('a peak sets a ratio of the rate, an end a ratio of the epochs, of any cycle of a chain', () => {
  const { knobs, members } = drawn(CHAIN);
  const spans = spansOf(members);
  assert.equal(knobsAt(knobs, 'peak', spans[1], spans, { epoch: 20, rate: 0.0817 }).lrRatio, 0.82);
  assert.equal(knobsAt(knobs, 'end', spans[1], spans, { epoch: 34.6, rate: 0 }).epochRatio, 0.75);
  assert.equal(knobsAt(knobs, 'end', spans[3], spans, { epoch: 65, rate: 0 }).epochRatio, 0.75);
  assert.equal(knobsAt(knobs, 'end', spans[1], spans, { epoch: 3, rate: 0 }).epochRatio, 0.05);
  assert.deepEqual(knobsAt(knobs, 'end', spans[0], spans, { epoch: 31.4, rate: 0 }), { ...knobs, epochs: 31 });
  assert.deepEqual(knobsAt(knobs, 'peak', spans[0], spans, { epoch: 0, rate: 0.2345 }), { ...knobs, learningRate: 0.23 });
});

test('a ratio gives back its cycle for every pair of lengths', () => {
  for (let epochs = 1; epochs <= 60; epochs++) {
    for (let cycle = 1; cycle <= 3 * epochs; cycle++) assert.equal(Math.floor(ratioFor(cycle, epochs) * epochs + 1e-9), cycle, `${cycle} of ${epochs}`);
  }
  assert.equal(ratioFor(1, 3), 0.4);
});

test('arrow keys step', () => {
  const { knobs } = drawn(STAR);
  assert.equal(knobsStepped(knobs, 'peak', 1, 1, 1).lrRatio, 0.55);
  assert.equal(knobsStepped(knobs, 'end', 1, -1, 1).epochRatio, 0.45);
  assert.equal(knobsStepped(knobs, 'end', 0, 1, 5).epochs, 25);
  assert.equal(knobsStepped(knobs, 'peak', 0, -1, 1).learningRate, 0.09);
});

test('edits change their numbers and nothing else of the text, comments included', () => {
  const text = '{\n\t// mine\n\t"method": { "kind": "sse", "cycle": { "lrRatio": 1 } }, // kept\n\t"training": { "epochs": 20, "optimizer": { "learningRate": 0.1 } }\n}\n';
  const { knobs } = drawn(STAR);
  const edits = editsOf(knobs, { ...knobs, lrRatio: 2, epochs: 30 });
  assert.deepEqual(edits, [{ path: ['training', 'epochs'], value: 30 }, { path: ['method', 'cycle', 'lrRatio'], value: 2 }].reverse().sort((a, b) => a.path.length - b.path.length));
  const { offset, length, text: part } = replacementFor(text, edits)!;
  assert.equal(text.slice(0, offset) + part + text.slice(offset + length), text.replace('"lrRatio": 1', '"lrRatio": 2').replace('"epochs": 20', '"epochs": 30'));
  assert.equal(replacementFor(text, [{ path: ['training', 'epochs'], value: 20 }]), null);
  const removed = replacementFor(text, [{ path: ['method', 'cycle', 'lrRatio'] }])!;
  const after = documentOf(text.slice(0, removed.offset) + removed.text + text.slice(removed.offset + removed.length), 1);
  assert.deepEqual(JSON.parse(JSON.stringify(after.value)), { method: { kind: 'sse', cycle: {} }, training: { epochs: 20, optimizer: { learningRate: 0.1 } } });
});

test('text that is no JSON says where', () => {
  assert.deepEqual(documentOf('{\n  "a": 1,\n  oops\n}', 7), { version: 7, value: null, syntax: { line: 3, column: 3 } });
  assert.deepEqual(documentOf('{ "a": 1 } // a comment', 7).syntax, null);
});

test('twins share a line; a picture has handles of member 1 and of the first cycle', () => {
  const spans = spansOf(drawn(STAR).members);
  const { curves, handles, lanes } = pictureOf(spans, 600, scaleOf(spans));
  assert.deepEqual(curves.map(({ twin, twins }) => [twin, twins]), [[0, 1], [0, 3], [1, 3], [2, 3]]);
  assert.deepEqual(handles.map(({ kind, index }) => `${kind}-${index}`), ['peak-0', 'end-0', 'peak-1', 'end-1']);
  assert.ok(lanes.slice(1).every(({ from, x1 }) => from?.x === lanes[0].x2 && x1 === lanes[0].x2));
});

test('what cannot be drawn says why', () => {
  assert.match(String(drawnPlan({ method: { kind: 'starsse', cycle: { epochRatio: 0.01 } }, training: { epochs: 4, optimizer: { learningRate: 1 } } }, null)), /cycle needs at least 1/);
  assert.match(String(drawnPlan('nothing', null)), /^method: /);
});

test('a measured time holds for other epochs and cycles, not for another batch', () => {
  const plan = { method: STAR, training: { epochs: 20, batchSize: 64, optimizer: { kind: 'sgd', learningRate: 0.1 } } };
  assert.ok(isTimedAs(plan, { method: CHAIN, training: { ...plan.training, epochs: 5, optimizer: { kind: 'sgd', learningRate: 1 } } }));
  assert.ok(!isTimedAs(plan, { ...plan, training: { ...plan.training, batchSize: 32 } }));
});
