import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { changedLabels, NO_LABELS } from '../../src/protocol/labels.ts';
import { runFiles } from '../../src/run/folder.ts';
import { changeLabels, readLabels } from '../../src/run/labels.ts';
import { viewRun, type FoundRun } from '../../src/run/view.ts';
import { starsse } from './starsse.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeRun } from './written-run.ts';

test('a run without labels is called as its plan calls it', async (t) => {
  const folder = writeRun(temporaryFolder(t));
  assert.deepEqual(await readLabels(folder), { name: null, tags: [], archived: false });
  const { name, planName, labels } = await viewRun(folder);
  assert.deepEqual([name, planName, labels], ['Tiny', 'Tiny', NO_LABELS]);
});

test('name, tags and archiving change one by one and lie in the folder', async (t) => {
  const folder = writeRun(temporaryFolder(t));
  await changeLabels(folder, { addTags: ['good', 'baseline', 'good'] });
  await changeLabels(folder, { name: '  First try ', archived: true });
  await changeLabels(folder, { removeTags: ['good'], addTags: ['zwei'] });
  const expected = { name: 'First try', tags: ['baseline', 'zwei'], archived: true };
  assert.deepEqual(JSON.parse(readFileSync(path.join(folder, 'labels.json'), 'utf8')), expected);
  const view = await viewRun(folder);
  assert.deepEqual([view.name, view.planName, view.labels], ['First try', 'Tiny', expected]);
  await changeLabels(folder, { name: null, archived: false });
  assert.equal((await viewRun(folder)).name, 'Tiny');
  assert.deepEqual(readdirSync(folder).filter((name) => name.includes('beside')), []);
});

test('a tag that no filter could name, an empty name and a folder that is no run are refused, and nothing is written', async (t) => {
  const folder = writeRun(temporaryFolder(t));
  for (const tag of ['two words', '@x', '#x', 'a,b', '']) await assert.rejects(changeLabels(folder, { addTags: [tag] }), { code: 'usage' }, tag);
  await assert.rejects(changeLabels(folder, { name: '   ' }), { code: 'usage' });
  await assert.rejects(changeLabels(temporaryFolder(t), { archived: true }), { code: 'file-missing' });
  assert.equal(existsSync(runFiles.labels(folder)), false);
});

test('a torn labels.json is an error that names it', async (t) => {
  const folder = writeRun(temporaryFolder(t));
  writeFileSync(runFiles.labels(folder), '{"tags": ["a"');
  await assert.rejects(viewRun(folder), { code: 'file-invalid', message: /labels\.json/ });
});

test('an added tag keeps those of others', () => {
  assert.deepEqual(changedLabels({ name: 'A', tags: ['b'], archived: true }, { addTags: ['a'] }), { name: 'A', tags: ['a', 'b'], archived: true });
});

test('the command line renames, tags and archives, and lists by tag', async (t) => {
  const runs = temporaryFolder(t);
  const [one, two] = [writeRun(runs, '20260101-000000-aaaa'), writeRun(runs, '20260102-000000-bbbb')];
  assert.match((await starsse(['rename', '20260101', 'Mine', '--runs', runs])).stdout, /Mine\n$/);
  await Promise.all([starsse(['tag', one, 'good', 'cheap']), starsse(['archive', two])]);
  const [list, tagged] = await Promise.all([starsse(['ls', '--runs', runs, '--json']), starsse(['ls', '--runs', runs, '--archived', '--tag', 'good'])]);
  assert.deepEqual((JSON.parse(list.stdout) as { runs: FoundRun[] }).runs.map(({ folder }) => folder), [one]);
  assert.match(tagged.stdout, /^20260101-000000-aaaa .* 0\/2 done +Mine #cheap #good\n$/m);
  assert.doesNotMatch(tagged.stdout, /bbbb/);
});
