import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costOf, basinPoints } from '../../../webview-ui/dashboard/landscape/cost.ts';
import { NO_LANDSCAPE, withAnalyses } from '../../../webview-ui/dashboard/landscape/analyses.ts';
import { choicesFrom, DEFAULT_CHOICES } from '../../../webview-ui/dashboard/landscape/choices.ts';
import { projectionsOf } from '../../../webview-ui/dashboard/landscape/projections.ts';
import { barrierMatrix, relationMatrix, relationOf } from '../../../webview-ui/dashboard/landscape/relations.ts';
import { BASIN, measured, PLANES, pointsOf, withBarriers } from '../harness/landscape.ts';

const wild = withBarriers({ 'member-1 member-4': 0.03, 'member-1 member-5': 0.2 });
const verdict = (member: string, threshold: { error: number; loss: number }) => relationOf(wild, 'member-1', member, threshold)?.verdict;

test('verdicts follow the threshold that the user sets', () => {
  const usual = { error: 0.02, loss: 1 };
  assert.deepEqual(['member-2', 'member-4', 'member-5'].map((member) => verdict(member, usual)), ['inside', 'border', 'outside']);
  assert.equal(verdict('member-4', { error: 0.04, loss: 1 }), 'inside');
  assert.equal(verdict('member-4', { error: 0.04, loss: 0.01 }), 'outside');
  assert.equal(relationOf(wild, 'member-1', 'pretrained', usual)?.verdict, null);
});

test('what is not measured yet has no relation and no cell', () => {
  const early = { ...wild, lines: wild.lines.slice(0, 1) };
  assert.equal(relationOf(early, 'member-1', 'member-3', DEFAULT_CHOICES.threshold), null);
  const { names, values } = barrierMatrix(early, 'error', 'test');
  assert.equal(values[names.indexOf('member-2')][names.indexOf('member-1')], wild.lines[0].sets.test!.errorBarrier);
  assert.equal(values[0][2], undefined);
  assert.equal(values[0][0], undefined);
});

test('distances of the pre-trained network are without the head, and matrices are symmetric', () => {
  const { names, values } = relationMatrix('distance', BASIN, null)!;
  const backbone = BASIN.geometry.parts.find(({ part }) => part === 'backbone')!;
  assert.equal(values[0][names.indexOf('pretrained')], backbone.distance[0][names.indexOf('pretrained')]);
  for (const [row, cells] of values.entries()) for (const column of cells.keys()) assert.equal(values[row][column], values[column][row]);
  assert.equal(relationMatrix('disagreement', BASIN, null), null);
});

test('a network is seen in the plane where its distances put it', () => {
  const plane = PLANES.find(({ networks }) => !networks.includes('pretrained'))!;
  const seen = projectionsOf(plane, BASIN);
  assert.deepEqual(seen.map(({ network }) => network), ['member-4', 'member-5']);
  const whole = BASIN.geometry.parts.find(({ part }) => part === 'whole')!;
  for (const { network, x, y, away } of seen) {
    for (const corner of plane.places) {
      const distance = whole.distance[BASIN.networks.indexOf(network)][BASIN.networks.indexOf(corner.network)]!;
      assert.ok(Math.abs(Math.hypot(x - corner.x, y - corner.y, away) - distance) < 0.01, `${network} ${corner.network}`);
    }
  }
});

test('points of a plane come by and by, twice is once; everything anew makes void what was there', () => {
  const [plane] = PLANES;
  const first = withAnalyses(withAnalyses(NO_LANDSCAPE, { type: 'analyses', isAll: true, changed: { planes: [plane] }, points: [] }), pointsOf(plane, 0, 30));
  assert.equal(first.points.get(plane.key)!.size, 30);
  assert.equal(withAnalyses(first, pointsOf(plane, 20, 40)).points.get(plane.key)!.size, 40);
  assert.equal(withAnalyses(first, { type: 'analyses', isAll: true, changed: {}, points: [] }).points.size, 0);
  assert.equal(withAnalyses(first, measured()).planes.length, 2);
});

test('a cost is that of earlier points, or of the training where nothing was measured', () => {
  const known = withAnalyses(NO_LANDSCAPE, measured({ planes: [], sharpness: null }));
  const { forwardPasses, estimatedMs } = BASIN.budget;
  assert.ok(Math.abs(costOf(10, known, null).ms! - (10 * 3000 * estimatedMs) / forwardPasses) < 1e-6);
  assert.equal(costOf(1, NO_LANDSCAPE, 1000).ms, 1000);
  assert.equal(costOf(1, NO_LANDSCAPE, null).ms, null);
  assert.equal(basinPoints(2), 11);
});

test('choices that do not fit take their defaults', () => {
  assert.deepEqual(choicesFrom({ figure: 'loss', set: 'other', threshold: { error: -1, loss: 0.3 }, plane: ['a', 'b'], tables: ['plane', 'x'] }), { ...DEFAULT_CHOICES, figure: 'loss', threshold: { error: 0.02, loss: 0.3 }, tables: ['plane'] });
  assert.equal(choicesFrom('nothing'), DEFAULT_CHOICES);
});
