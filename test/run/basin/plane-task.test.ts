import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import * as v from 'valibot';
import { SurfaceSchema, type Surface } from '../../../src/protocol/plane.ts';
import { runFiles } from '../../../src/run/folder.ts';
import { surfaceLines } from '../../../src/run/cli/plane.ts';
import { contoursOf } from '../../../src/run/trainer/basin/contours.ts';
import { planeTask } from '../../../src/run/trainer/basin/plane-task.ts';
import { context, madeRun } from './made-run.ts';

const THREE = ['member-1', 'member-2', 'member-3'];
const ask = async (folder: string, request: object = {}, told = context()): Promise<Surface> => await planeTask(folder, JSON.stringify({ kind: 'plane', networks: THREE, size: 5, sets: ['test'], ...request }), told.context);
const written = (folder: string, key: string): Surface => v.parse(SurfaceSchema, JSON.parse(readFileSync(runFiles.analysis(folder, `plane-${key}`), 'utf8')));
const lasting = ({ createdAt, budget, ...rest }: Surface): object => (assert.ok(createdAt !== '' && budget.points > 0), rest);

test('a plane: its networks lie at the distances that they have, points come from coarse to fine, contours at the end', async (t) => {
  const folder = await madeRun(t);
  const surface = await ask(folder, { size: 9, reach: 0 });
  assert.deepEqual(lasting(written(folder, surface.key)), lasting(surface));
  assert.equal(surface.points.length, 81);
  assert.ok(surface.isWhole);
  assert.deepEqual(surface.points.map(({ level }) => level).slice(0, 26), [...new Array<number>(25).fill(0), 1]);
  assert.equal(surface.budget.forwardPasses, 81 * 90);
  const [first, second, third] = surface.places;
  assert.deepEqual([first.x, first.y, second.y], [0, 0, 0]);
  assert.ok(second.x > 0 && third.y > 0);
  // Without a margin the corners of the grid are places of networks: what is measured there is what the network gives.
  assert.deepEqual([surface.columns[0], surface.rows[0]], [Math.min(0, third.x), 0]);
  const line = await planeTask(folder, JSON.stringify({ kind: 'simplex', networks: THREE, size: 2, sets: ['test'] }), context().context);
  const member1 = line.points.find(({ column, row }) => column === 0 && row === 0)!;
  const corner = surface.points.find(({ column, row }) => surface.columns[column] === 0 && surface.rows[row] === 0);
  if (corner !== undefined) assert.ok(Math.abs(corner.sets.test!.loss! - member1.sets.test!.loss!) < 1e-6);
  assert.equal(line.points.length, 6);
  assert.deepEqual([line.contours, line.places], [[], []]);
  assert.deepEqual(surface.contours.map(({ set, figure }) => `${set} ${figure}`), ['test loss', 'test error']);
  assert.match(surfaceLines(surface).join('\n'), /loss test .*\nerror test /);
});

test('random directions: the middle is the network itself', async (t) => {
  const folder = await madeRun(t);
  const surface = await ask(folder, { kind: 'random', networks: ['member-1'], reach: 0.5, seed: 3 });
  const simplex = await ask(folder, { kind: 'simplex', size: 2 });
  const middle = surface.points.find(({ column, row }) => column === 2 && row === 2)!;
  assert.deepEqual(middle.sets, simplex.points[0].sets);
  assert.deepEqual([surface.seed, simplex.seed], [3, null]);
  assert.deepEqual(surface.columns, [-0.5, -0.25, 0, 0.25, 0.5]);
  const other = await ask(folder, { kind: 'random', networks: ['member-1'], reach: 0.5, seed: 4 });
  assert.notEqual(other.key, surface.key);
  assert.notDeepEqual(other.points, surface.points);
});

test('a plane through the pre-trained body: under the head of the first network', async (t) => {
  const surface = await ask(await madeRun(t), { networks: ['pretrained', 'member-2', 'member-3'] });
  assert.equal(surface.headOf, 'member-2');
  assert.match(surfaceLines(surface).join('\n'), /pretrained has the head of member-2\./);
});

test('cancelled, its points are kept and drawn as far as they are; asked again it ends as if never stopped', async (t) => {
  const folder = await madeRun(t);
  const again = `${folder}-again`;
  cpSync(folder, again, { recursive: true });
  const whole = await ask(folder, { size: 9 });
  await assert.rejects(ask(again, { size: 9 }, context(40)), { code: 'cancelled' });
  const halfway = written(again, whole.key);
  assert.deepEqual([halfway.isWhole, halfway.points.length], [false, 25]);
  assert.equal(halfway.contours[0].levels.length, 12);
  const file = runFiles.analysisPoints(again, `plane-${whole.key}`);
  const kept = readFileSync(file, 'utf8').trimEnd().split('\n').length - 1;
  assert.ok(kept > 25 && kept < 81);
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -9));
  const resumed = await ask(again, { size: 9 });
  assert.equal(resumed.budget.done, kept - 1);
  assert.deepEqual(lasting(resumed), lasting(whole));
});

test('a simplex and random directions, cancelled, go on from their points', async (t) => {
  const folder = await madeRun(t);
  const again = `${folder}-again`;
  cpSync(folder, again, { recursive: true });
  for (const request of [{ kind: 'simplex', size: 4 }, { kind: 'random', networks: ['member-2'], size: 5 }]) {
    const whole = await ask(folder, request);
    await assert.rejects(ask(again, request, context(9)), { code: 'cancelled' });
    assert.equal(written(again, whole.key).isWhole, false);
    const resumed = await ask(again, request);
    assert.ok(resumed.budget.done > 0 && resumed.budget.done < whole.points.length);
    assert.deepEqual(lasting(resumed), lasting(whole));
  }
});

test('what cannot be drawn is told, and leaves nothing', async (t) => {
  const folder = await madeRun(t);
  await assert.rejects(ask(folder, { networks: ['member-1', 'member-2'] }), { code: 'usage', message: /takes three networks, not 2/ });
  await assert.rejects(ask(folder, { kind: 'random' }), { code: 'usage', message: /takes one network, not 3/ });
  await assert.rejects(ask(folder, { networks: ['member-1', 'member-2', 'member-7'] }), { code: 'usage', message: /member-7/ });
  await assert.rejects(ask(folder, { networks: ['member-1', 'member-2', 'soup-uniform-1'] }), { code: 'usage', message: /lie on one line/ });
  await assert.rejects(ask(folder, { size: 6 }), { code: 'usage', message: /6 x 6/ });
  await assert.rejects(ask(folder, { sets: ['holdout'] }), { code: 'usage' });
  writeFileSync(runFiles.snapshot(folder, 'member-3'), 'torn');
  await assert.rejects(ask(folder), { code: 'file-invalid', message: /member-3/ });
  assert.deepEqual(readdirSync(runFiles.analyses(folder)), []);
});

test('contours of a slope are straight lines where they should be, in the coordinates of the grid', () => {
  const [columns, rows] = [[0, 1, 2, 3, 4], [10, 20, 30, 40, 50]];
  const measuring = { sets: ['test' as const], images: { train: 0, validation: 0, test: 9 }, statisticsImages: null };
  const points = columns.flatMap((_, row) => columns.map((x, column) => ({ column, row, level: 0, sets: { test: { loss: column === 4 && row === 4 ? null : 1, error: x / 4 } } })));
  const [loss, error] = contoursOf({ columns, rows, measuring }, points);
  assert.deepEqual(loss.levels, []);
  assert.equal(error.levels.length, 12);
  for (const { value, polygons } of error.levels) {
    const [[ring]] = polygons;
    // At least `value`: from there to the right edge.
    assert.ok(Math.abs(Math.min(...ring.map(([x]) => x)) - 4 * value) < 1e-9, String(value));
    assert.deepEqual([Math.max(...ring.map(([x]) => x)), Math.min(...ring.map(([, y]) => y)), Math.max(...ring.map(([, y]) => y))], [4, 10, 50]);
  }
  // Of the coarser grid when the finer is not whole.
  const coarse = contoursOf({ columns, rows, measuring }, points.filter(({ column, row }) => column % 2 === 0 && row % 2 === 0));
  assert.ok(Math.abs(Math.min(...coarse[1].levels[0].polygons[0][0].map(([x]) => x)) - 4 * coarse[1].levels[0].value) < 1e-9);
  assert.deepEqual(contoursOf({ columns, rows, measuring }, points.slice(0, 3)), []);
});
