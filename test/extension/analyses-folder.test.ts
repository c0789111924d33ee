import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { AnalysesFolder } from '../../src/extension/dashboard/analysesFolder.ts';
import { BASIN, PLANES } from '../webview/harness/landscape.ts';

const [plane] = PLANES;
const key = plane.key;
let run: string;
const made: string[] = [];
const file = (name: string): string => path.join(run, 'analyses', name);
const put = async (name: string, value: unknown): Promise<void> => await writeFile(file(name), typeof value === 'string' ? value : JSON.stringify(value));
const lines = (from: number, to: number): string => plane.points.slice(from, to).map((point) => `${JSON.stringify(point)}\n`).join('');

beforeEach(async () => {
  run = await mkdtemp(path.join(tmpdir(), 'analyses-'));
  made.push(run);
  await mkdir(file(''), { recursive: true });
});
after(async () => await Promise.all(made.map((folder) => rm(folder, { recursive: true }))));

test('an empty run: everything once, then nothing', async () => {
  const folder = new AnalysesFolder(run);
  const first = await folder.look();
  assert.equal(first?.isAll, true);
  assert.equal(first?.changed.basin, null);
  assert.equal(await folder.look(), null);
});

test('a basin that a terminal measures comes line by line, then whole', async () => {
  const folder = new AnalysesFolder(run);
  await folder.look();
  const soFar = { ...BASIN, lines: BASIN.lines.slice(0, 2), createdAt: '2026-01-01T00:00:00Z' };
  await put('basin-0123456789.json', soFar);
  assert.equal((await folder.look())?.changed.basin?.lines.length, 2);
  await put('basin.json', { ...BASIN, createdAt: '2026-01-01T00:01:00Z' });
  const news = await folder.look();
  assert.equal(news?.isAll, false);
  assert.equal(news?.changed.basin?.lines.length, BASIN.lines.length);
  assert.equal(news?.changed.planes, undefined);
});

test('points of a plane come as they are written, each once; half a line waits for its end', async () => {
  const folder = new AnalysesFolder(run);
  await folder.look();
  await put(`plane-${key}.json`, { ...plane, points: plane.points.slice(0, 3), isWhole: false });
  await put(`plane-${key}.ndjson`, `${JSON.stringify({ key })}\n${lines(0, 5)}`);
  const first = await folder.look();
  assert.equal(first?.changed.planes?.length, 1);
  assert.deepEqual(first?.points, [{ key, points: plane.points.slice(0, 5) }]);
  const text = lines(5, 7);
  await appendFile(file(`plane-${key}.ndjson`), text.slice(0, -10));
  assert.deepEqual((await folder.look())?.points, [{ key, points: plane.points.slice(5, 6) }]);
  await appendFile(file(`plane-${key}.ndjson`), text.slice(-10));
  assert.deepEqual((await folder.look())?.points, [{ key, points: plane.points.slice(6, 7) }]);
  folder.forget();
  const again = await folder.look();
  assert.equal(again?.isAll, true);
  assert.equal(again?.points[0].points.length, 7);
});

test('torn and foreign files are named, and nothing of them is shown', async () => {
  const folder = new AnalysesFolder(run);
  await put('basin.json', JSON.stringify(BASIN).slice(0, 200));
  await put('sharpness.json', { rows: [] });
  await put(`plane-${key}.json`, { ...plane, points: [{ ...plane.points[0], column: 99 }] });
  const { changed, points } = (await folder.look())!;
  assert.deepEqual([changed.basin, changed.sharpness, changed.planes, points], [null, null, [], []]);
  const problems = changed.problems!.map(({ code, message }) => `${code} ${message}`).sort();
  assert.equal(problems.length, 3);
  assert.match(problems[0], /^file-invalid .*basin\.json: not valid JSON/);
  assert.match(problems[1], /plane-[0-9a-f]+\.json: its parts do not fit together/);
  assert.match(problems[2], /sharpness\.json/);
  await put('basin.json', BASIN);
  const news = await folder.look();
  assert.equal(news?.changed.problems?.length, 2);
  assert.equal(news?.changed.basin?.networks.length, 6);
});

test('points of another surface are refused', async () => {
  const folder = new AnalysesFolder(run);
  await put(`plane-${key}.json`, { ...plane, points: [] });
  await put(`plane-${key}.ndjson`, `{"key":"ffffffffff"}\n${lines(0, 5)}`);
  const { changed, points } = (await folder.look())!;
  assert.deepEqual(points, []);
  assert.match(changed.problems![0].message, /line 1: not the points of/);
});

test('a basin whose matrices do not fit its networks is refused', async () => {
  const folder = new AnalysesFolder(run);
  const basin = structuredClone(BASIN);
  basin.geometry.parts[0].distance.pop();
  await put('basin.json', basin);
  const { changed } = (await folder.look())!;
  assert.equal(changed.basin, null);
  assert.equal(changed.problems!.length, 1);
});
