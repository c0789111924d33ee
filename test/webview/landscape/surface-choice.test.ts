import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SurfaceQuestion } from '../../../src/protocol/analyses.ts';
import type { Surface } from '../../../src/protocol/plane.ts';
import { NO_LANDSCAPE, type Landscape } from '../../../webview-ui/dashboard/landscape/analyses.ts';
import { gridPoints, measuredOf, surfaceOf } from '../../../webview-ui/dashboard/landscape/surface-choice.ts';
import { simplexGrid, squareGrid } from '../../../src/core/basin/grid.ts';
import { PLANES, RANDOM, SIMPLEX } from '../harness/landscape.ts';

const three: [string, string, string] = ['member-1', 'member-2', 'member-3'];
const plane: SurfaceQuestion = { kind: 'plane', networks: three, size: 17 };
const random: SurfaceQuestion = { kind: 'random', networks: ['member-1'], size: 17, reach: 1, seed: 0 };
const simplex: SurfaceQuestion = { kind: 'simplex', networks: three, size: 8 };
const surfaces = [...PLANES, RANDOM, SIMPLEX];

function landscape(measured: readonly Surface[] = surfaces): Landscape {
  return { ...NO_LANDSCAPE, planes: measured.map((surface) => ({ ...surface, points: [] })), points: new Map(measured.map(({ key, points }) => [key, new Map(points.map((point) => [`${point.column} ${point.row}`, point]))])) };
}

test('as many points as the trainer measures', () => {
  for (const size of [9, 17, 33] as const) assert.equal(gridPoints({ ...plane, size }), squareGrid(size).length);
  for (const size of [4, 8, 16] as const) assert.equal(gridPoints({ ...simplex, size }), simplexGrid(size).length);
});

test('each question finds its surface: networks in their order, seed and reach of the directions', () => {
  assert.equal(surfaceOf(landscape(), plane)?.key, PLANES[1].key);
  assert.equal(surfaceOf(landscape(), random)?.key, RANDOM.key);
  assert.equal(surfaceOf(landscape(), simplex)?.key, SIMPLEX.key);
  for (const other of [{ ...plane, networks: ['member-2', 'member-1', 'member-3'] as typeof three }, { ...random, seed: 1 }, { ...random, reach: 0.5 as const }, { ...random, networks: ['member-2'] as [string] }]) assert.equal(surfaceOf(landscape(), other), undefined);
  assert.equal(surfaceOf(landscape([{ ...RANDOM, seed: null }]), random), undefined, 'of a file that tells no seed');
});

test('points of another size count only where they hold all that is asked for', () => {
  const measured = (question: SurfaceQuestion, of = landscape()): number => measuredOf(of, question, surfaceOf(of, question));
  assert.equal(measured(plane), 289);
  assert.equal(measured({ ...plane, size: 9 }), 81);
  assert.equal(measured({ ...plane, size: 33 }), 0);
  assert.deepEqual([measured(simplex), measured({ ...simplex, size: 4 }), measured({ ...simplex, size: 16 })], [45, 15, 0]);
  const half = landscape([{ ...SIMPLEX, points: SIMPLEX.points.slice(0, 20) }]);
  assert.deepEqual([measured(simplex, half), measured({ ...simplex, size: 4 }, half)], [20, 0]);
});
