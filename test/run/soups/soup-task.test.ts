import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { initialWeights } from '../../../src/core/initialise.ts';
import { mixTensors } from '../../../src/core/soups/mix.ts';
import { weighted } from '../../../src/core/soups/weighted.ts';
import type { ModelFile } from '../../../src/protocol/network.ts';
import type { SoupRequest } from '../../../src/protocol/soup.ts';
import { floatsOf, floatTensor } from '../../../src/protocol/tensor.ts';
import { readRun, runFiles } from '../../../src/run/folder.ts';
import { readSafetensors, readSafetensorsHeader, writeSafetensors } from '../../../src/run/safetensors-file.ts';
import { removeMade } from '../../../src/run/removal.ts';
import type { AddedSoup } from '../../../src/run/task-lines.ts';
import { runTask } from '../../../src/run/tasks.ts';
import { readSnapshot, writeSnapshot } from '../../../src/run/trainer/snapshot.ts';
import { viewRun } from '../../../src/run/view.ts';
import { createRun, filesOf, runToEnd, tinyPlanFile } from '../real-run.ts';

type Wish = Partial<Omit<SoupRequest, 'threshold'>> & { threshold?: Partial<SoupRequest['threshold']> };

test('soups of a run by every rule: parents, shares and settings in the header, predictions and a row; outsiders are named and left out unless the user insists', async (t) => {
  const folder = await createRun(tinyPlanFile(t));
  await runToEnd(folder);
  const soup = async (wish: Wish): Promise<AddedSoup> => await runTask('soup', [folder, JSON.stringify(wish)]);
  const headerOf = async (name: string): Promise<Record<string, string>> => (await readSafetensorsHeader(runFiles.snapshot(folder, name))).metadata;
  const all = ['member-1', 'member-2', 'member-3'];

  // A user's uniform soup of members in one basin is the one that the run got by itself.
  const same = await soup({});
  assert.equal(same.added, 'soup-uniform-1');
  assert.deepEqual(same.gate?.members.map(({ name, taken }) => [name, taken]).sort(), all.map((name) => [name, true]));
  assert.deepEqual(JSON.parse((await headerOf('soup-uniform-1')).weights), Object.fromEntries(all.map((name) => [name, 1 / 3])));

  const wishes: [Wish, string][] = [
    [{ rule: 'greedy-removal' }, '{}'], [{ rule: 'weighted', members: ['member-3', 'member-1'], settings: { weights: [3, 1] } }, '{"weights":[1,3]}'],
    [{ rule: 'learned', settings: { perLayer: true, steps: 3 } }, '{"perLayer":true,"steps":3}'], [{ rule: 'wise-ft', settings: { alpha: 0.75 } }, '{"alpha":0.75}'],
    [{ rule: 'slerp', members: ['member-2', 'member-3'] }, '{"at":0.5}'], [{ rule: 'ties', settings: { density: 0.5 } }, '{"density":0.5,"scale":1}'],
    [{ rule: 'dare', settings: { drop: 0.5 } }, '{"drop":0.5,"scale":1,"seed":0}'], [{ rule: 'model-stock' }, '{}'],
  ];
  for (const [wish, settings] of wishes) {
    const { added, table } = await soup(wish);
    assert.equal(added, `soup-${wish.rule}-1`);
    const metadata = await headerOf(added);
    assert.deepEqual([metadata.rule, metadata.settings], [wish.rule, settings]);
    assert.ok(Number.isFinite((JSON.parse(metadata.metrics) as { validationAccuracy: number }).validationAccuracy));
    assert.ok(table.rows.some(({ name, members }) => name === added && members.join() === metadata.parents), added);
  }
  // Weights go with the names that they were given for, and a soup is made once.
  const header = await headerOf('soup-weighted-1');
  assert.deepEqual([header.parents, JSON.parse(header.weights)], ['member-1,member-3', { 'member-1': 0.25, 'member-3': 0.75 }]);
  const parents = await Promise.all(['member-1', 'member-3'].map(async (name) => ({ name, tensors: await readSnapshot(folder, name) })));
  assert.deepEqual(await readSnapshot(folder, 'soup-weighted-1'), mixTensors(weighted([1, 3]), parents));
  assert.equal((await soup(wishes[1][0])).added, 'soup-weighted-1');
  const layers = JSON.parse((await headerOf('soup-learned-1')).weights) as Record<string, Record<string, number>>;
  for (const shares of Object.values(layers)) assert.ok(Math.abs(Object.values(shares).reduce((a, b) => a + b) - 1) < 1e-9);
  assert.ok(Object.keys(layers).length > 1);

  // Names of new rules can be deleted.
  await removeMade(folder, 'soup-model-stock-1');
  assert.equal(filesOf(folder).some((file) => file.includes('model-stock')), false);
  assert.equal((await viewRun(folder)).soups.some(({ name }) => name === 'soup-model-stock-1'), false);

  // Member 2 becomes a network from elsewhere, as good on paper.
  const run = await readRun(folder);
  const { network } = JSON.parse(readFileSync(runFiles.model(folder), 'utf8')) as ModelFile;
  const elsewhere = initialWeights(network, 77).map((tensor) => ({ ...tensor, data: new Uint8Array(Float32Array.from(new Float32Array(tensor.data.slice().buffer), (value) => 3 * value).buffer) }));
  await writeSnapshot(folder, run, elsewhere, { name: 'member-2', parents: ['member-1'], rule: null, metrics: {} });
  const gated = await soup({ rule: 'ties', settings: { density: 0.25 } });
  const outsider = gated.gate!.members.find(({ name }) => name === 'member-2')!;
  assert.deepEqual([gated.added, (await headerOf('soup-ties-2')).parents], ['soup-ties-2', 'member-1,member-3']);
  assert.equal(outsider.verdict, 'outside');
  assert.match(outsider.reason!, /^outside the basin of member-\d.*: a barrier of/);
  const insisted = await soup({ rule: 'ties', settings: { density: 0.25 }, insist: true });
  assert.deepEqual([(await headerOf(insisted.added!)).parents, insisted.gate?.insisted], [all.join(), true]);
  await assert.rejects(soup({ members: ['member-1', 'member-2'], rule: 'slerp' }), { code: 'usage', message: /Nothing can be mixed with member-\d: member-\d is outside the basin/, hint: /--insist/ });
  assert.equal((await soup({ members: ['member-1', 'member-2'], rule: 'slerp', threshold: { error: 1, loss: 1e6, quality: 1 } })).added, 'soup-slerp-2');

  // Mistakes, before anything is read.
  for (const [wish, message] of [
    [{ rule: 'slerp' }, /slerp mixes two members, and there are 3/], [{ rule: 'weighted' }, /one weight a member, 0 were given/], [{ rule: 'uniform', settings: { alpha: 1 } }, /uniform has no alpha/],
    [{ rule: 'weighted', settings: { weights: [0, 0, 0] } }, /no weights of a soup/],
  ] as [Wish, RegExp][]) await assert.rejects(soup(wish), { code: 'usage', message });

  // Cancelled half way, or of another network: nothing is left.
  const before = filesOf(folder);
  const cancel = new AbortController();
  await assert.rejects(runTask('soup', [folder, '{"rule":"learned"}'], { signal: cancel.signal, onProgress: ({ message }) => message.startsWith('Learning') && cancel.abort() }), { code: 'cancelled' });
  await writeSnapshot(folder, run, elsewhere.slice(1), { name: 'member-2', parents: ['member-1'], rule: null, metrics: {} });
  await assert.rejects(soup({ rule: 'greedy', insist: true }), { code: 'mismatch', message: /member-2 has no / });
  assert.deepEqual(filesOf(folder), before);
});

test('files of any program are averaged by the task `average`; a file that is there is not written over', async (t) => {
  const folder = path.dirname(tinyPlanFile(t));

  const file = (name: string): string => path.join(folder, `${name}.safetensors`);
  for (const [name, value] of [['a', 1], ['b', 4], ['base', 8]] as const) await writeSafetensors(file(name), [floatTensor('w', [1], Float32Array.of(value))], {});
  const average = async (rest: object): Promise<number> => {
    const out = file(`out-${readdirSync(folder).length}`);
    const { file: made, tensors } = await runTask('average', [JSON.stringify({ files: [file('a'), file('b')], out, ...rest })]);
    assert.deepEqual([made, tensors], [out, 1]);
    return floatsOf((await readSafetensors(out)).tensors[0])[0];
  };
  assert.deepEqual([await average({}), await average({ rule: 'weighted', settings: { weights: [1, 2] } }), await average({ rule: 'wise-ft', base: file('base'), settings: { alpha: 0.5 } })], [2.5, 3, 5.25]);
  await assert.rejects(average({ out: file('a') }), { code: 'usage', message: /is there already/ });
  await assert.rejects(average({ rule: 'ties' }), { code: 'usage', message: /ties starts from the pre-trained network/ });
  await assert.rejects(average({ base: file('base') }), { code: 'usage', message: /uniform takes no pre-trained network/ });
  assert.ok(existsSync(file('a')));
});
