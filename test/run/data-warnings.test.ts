import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runTask } from '../../src/run/tasks.ts';
import { tinyPlanFile } from './real-run.ts';

test('what is doubtful about the data is told when the run is made, and the run is made', async (t) => {
  const plan = tinyPlanFile(t, { data: { kind: 'idx', ...files(), split: { train: 96, validation: 48 }, classes: ['a', 'b', 'c'] } });
  const create = async (): Promise<string[]> => (await runTask('create', [plan, path.join(path.dirname(plan), 'runs'), '{}'])).warnings;
  assert.deepEqual(await create(), []);
  const images = path.join(path.dirname(plan), 'data', 'train-images.idx');
  const bytes = readFileSync(images);
  bytes.copy(bytes, 16 + 4 * 64, 16 + 64, 16 + 2 * 64); // image 4 becomes image 1, of the same class
  writeFileSync(images, bytes);
  const warnings = await create();
  assert.equal(warnings.length, 1, warnings.join('; '));
  assert.match(warnings[0], /\(.*train-images\.idx.*\)/);
});

function files(): { train: { images: string; labels: string }; test: { images: string; labels: string } } {
  const of = (set: string) => ({ images: `data/${set}-images.idx`, labels: `data/${set}-labels.idx` });
  return { train: of('train'), test: of('test') };
}
