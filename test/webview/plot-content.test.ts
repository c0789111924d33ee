import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_HISTORY, withRows, type History } from '../../webview-ui/dashboard/history.ts';
import { lossContent } from '../../webview-ui/dashboard/plot/loss-content.ts';
import { rateContent } from '../../webview-ui/dashboard/plot/rate-content.ts';
import type { Scene } from '../../webview-ui/dashboard/plot/style.ts';
import { validationContent } from '../../webview-ui/dashboard/plot/validation-content.ts';
import { spansOf } from '../../webview-ui/dashboard/timeline.ts';
import { epochRow, member, memberView, runView, stepRow } from './run-fixture.ts';

const theme = {
  series: ['#000001', '#000002', '#000003', '#000004'], highContrast: false, background: '#ffffff', foreground: '#000000', muted: '#777777', neutral: '#333333',
  grid: '#dddddd', popupBackground: '#ffffff', popupForeground: '#000000', popupBorder: '#cccccc', fontFamily: 'sans-serif',
};
const run = runView({ members: [memberView(member(1), { status: 'done', step: 40 }), memberView(member(2), { status: 'running', step: 10 }), memberView(member(3))] });
run.members[0].snapshot = 'snapshots/member-1.safetensors';
const scene = (more: Partial<Scene> = {}): Scene => ({ spans: spansOf(run.members.map(({ member: spec }) => spec)), hidden: [], highlighted: null, range: null, least: 0.8, theme, ...more });
const histories = new Map([
  ['member-1', withRows(NO_HISTORY, [stepRow(1), stepRow(40), epochRow(3)])],
  ['member-2', withRows(NO_HISTORY, [stepRow(1, { learningRate: 0.05 }), stepRow(10, { learningRate: 0.05 }), epochRow(0)])],
]);
const historyOf = (name: string): History => histories.get(name) ?? NO_HISTORY;
const lossParts = { historyOf, isLive: (name: string) => name === 'member-2', stepsPerEpoch: 10, smoothing: 0.6, logarithmic: false };

test('each member has a bold smoothed line and a thin silent raw one in its colour', () => {
  const { series, lastEpoch } = lossContent(scene(), lossParts);
  assert.deepEqual(series.map(({ key }) => key), ['member-1', 'member-1 raw', 'member-2', 'member-2 raw', 'member-3', 'member-3 raw']);
  const [bold, thin] = series;
  assert.equal(bold.borderColor, '#000001');
  assert.ok((thin.borderColor as string).startsWith('#000001'));
  assert.ok((thin.borderWidth as number) < (bold.borderWidth as number));
  assert.equal(thin.silent, true);
  assert.equal(lastEpoch, 6);
});

test('only a member that trains has the dot of a growing line', () => {
  assert.deepEqual(lossContent(scene(), lossParts).series.filter(({ live }) => live).map(({ key }) => key), ['member-2']);
});

test('without smoothing there is one line a member, and the scale is the one asked for', () => {
  const { series, yScales } = lossContent(scene(), { ...lossParts, smoothing: 0, logarithmic: true });
  assert.equal(series.length, 3);
  assert.equal(yScales.y?.type, 'logarithmic');
});

test('a hidden member has no curve in any chart', () => {
  const hidden = scene({ hidden: ['member-2'] });
  const keys = [lossContent(hidden, lossParts), validationContent(hidden, { historyOf, stepsPerEpoch: 10 }), rateContent(hidden, { run, historyOf, logarithmic: false })].flatMap(({ series }) => series.map(({ key }) => key));
  assert.ok(keys.includes('member-1'));
  assert.ok(!keys.some((key) => key === 'member-2' || key === 'member-2 raw'));
});

test('a highlighted member stands before the others, which fade', () => {
  const { series } = validationContent(scene({ highlighted: 'member-2' }), { historyOf, stepsPerEpoch: 10 });
  const [first, second] = series;
  assert.equal(second.borderColor, '#000002');
  assert.notEqual(first.borderColor, '#000001');
  assert.ok((second.order as number) < (first.order as number));
});

test('members keep their colour and marker in every chart', () => {
  const mark = (key: string, contents: ReturnType<typeof lossContent>[]): unknown[] => contents.map(({ series }) => series.find((line) => line.key === key)?.borderColor);
  const contents = [lossContent(scene(), lossParts), validationContent(scene(), { historyOf, stepsPerEpoch: 10 }), rateContent(scene(), { run, historyOf, logarithmic: false })];
  assert.deepEqual(mark('member-2', contents), ['#000002', '#000002', '#000002']);
});

test('the plan is drawn whole before training reaches it, once for members that share it', () => {
  const { series } = rateContent(scene(), { run, historyOf, logarithmic: false });
  const plans = series.filter(({ key }) => key.startsWith('plan'));
  assert.deepEqual(plans.map(({ label }) => label), ['Member 1', 'Members 2, 3']);
  assert.equal(plans[1].data.at(-1)?.x, 6);
});

test('members with the same rates share their line dash by dash', () => {
  const { series } = rateContent(scene(), { run, historyOf, logarithmic: false });
  const dash = (key: string): unknown => series.find((line) => line.key === key)?.borderDash;
  assert.deepEqual(dash('member-1'), []);
  assert.deepEqual(dash('member-2'), dash('member-3'));
  assert.notEqual(series.find(({ key }) => key === 'member-2')?.borderDashOffset, series.find(({ key }) => key === 'member-3')?.borderDashOffset);
});

test('each member has a lane, what it has trained in its colour, and a mark for its snapshot', () => {
  const { annotations } = rateContent(scene(), { run, historyOf, logarithmic: false });
  assert.equal(annotations['lane-2'].xMax, 6);
  assert.equal(annotations['reached-0'].xMax, 4);
  assert.equal(annotations['reached-1'].xMax, 5);
  assert.equal(annotations['reached-2'], undefined);
  assert.equal(annotations['snapshot-0'].type, 'point');
  assert.equal(annotations['snapshot-1'], undefined);
});

test('cycles are bands that name their members', () => {
  const { annotations } = rateContent(scene(), { run, historyOf, logarithmic: false });
  const label = annotations['band-1'].type === 'box' ? annotations['band-1'].label?.content : undefined;
  assert.equal(label, 'Members 2, 3');
  assert.deepEqual([annotations['band-1'].xMin, annotations['band-1'].xMax, annotations['end-0'].xMin], [4, 6, 4]);
});
