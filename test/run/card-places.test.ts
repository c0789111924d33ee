import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Card } from '../../src/protocol/cards.ts';
import type { Run } from '../../src/protocol/run.ts';
import { CardPlaces } from '../../src/run/card-places.ts';
import { readRun, readState, runFiles } from '../../src/run/folder.ts';
import { cardLine, fakeNvidiaSmi, UUIDS } from '../backends/fake-nvidia-smi.ts';
import { createRun, runToEnd, tinyPlanFile } from './real-run.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { writeRun, writeState } from './written-run.ts';

const [first, second] = UUIDS;
const card = (uuid: string, more: Partial<Card> = {}): Card => ({ uuid, name: 'NVIDIA H100', memoryMiB: 80_000, takenMiB: 0, ...more });
const on = (uuid: string) => ({ CUDA_VISIBLE_DEVICES: uuid });

function changeRun(folder: string, change: (run: Run) => Run): void {
  const file = runFiles.run(folder);
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')) as Run)));
}

async function placesOf(folder: string, cards: Card[], membersPerGpu = 1): Promise<CardPlaces> {
  changeRun(folder, (run) => ({ ...run, cards, plan: { ...run.plan, compute: { ...run.plan.compute, membersPerGpu } } }));
  return new CardPlaces(folder, await readRun(folder));
}

test('each trainer gets a card of its own and the last one waits; without cards nothing is said', async (t) => {
  const folder = writeRun(temporaryFolder(t), undefined, 3);
  const places = await placesOf(folder, [card(first), card(second)]);
  assert.deepEqual(await places.give('member-1', []), on(first));
  assert.deepEqual(await places.give('member-2', ['member-1']), on(second));
  assert.equal(await places.give('member-3', ['member-1', 'member-2']), null);
  assert.deepEqual(await places.give('member-3', ['member-2']), on(first));
  assert.deepEqual(await (await placesOf(folder, [])).give('member-1', ['member-2']), {});
});

test('a trainer that outlived its supervisor keeps the card that its state tells', async (t) => {
  const folder = writeRun(temporaryFolder(t));
  writeState(folder, 'member-1', { status: 'running', gpu: { card: first, usedMiB: null } });
  assert.deepEqual(await (await placesOf(folder, [card(first), card(second)])).give('member-2', ['member-1']), on(second));
});

test('members share a card once the first was measured, and as many as fit', async (t) => {
  const folder = writeRun(temporaryFolder(t), undefined, 3);
  const places = await placesOf(folder, [card(first)], 3);
  await places.give('member-1', []);
  assert.equal(await places.give('member-2', ['member-1']), null);
  writeState(folder, 'member-1', { status: 'running', gpu: { card: first, usedMiB: 30_000 } });
  assert.deepEqual(await places.give('member-2', ['member-1']), on(first));
  assert.equal(await places.give('member-3', ['member-1', 'member-2']), null);
});

test('why members do not share a card is said', async (t) => {
  const folder = writeRun(temporaryFolder(t));
  assert.deepEqual((await placesOf(folder, [])).notes, []);
  assert.match((await placesOf(folder, [], 2)).notes.join(), /^members do not share a GPU: nvidia-smi tells of none/);
  assert.deepEqual((await placesOf(folder, [card(first), card(second, { memoryMiB: null, takenMiB: null })], 2)).notes, [
    `card NVIDIA H100 (${first}): 80000 MiB, 0 taken by others`, `card NVIDIA H100 (${second}): ? MiB, ? taken by others`,
    `members do not share the card ${second}: it is full, or nvidia-smi does not tell its memory`,
  ]);
});

test('trainers of a run with two cards see one each, and write down what they take of it', async (t) => {
  fakeNvidiaSmi(t, { cards: [cardLine(0, first, { used: '1204' }), cardLine(1, second, { used: '904' })] });
  const folder = await createRun(tinyPlanFile(t, { method: { kind: 'local-de', members: 2 } }), { workers: 2 });
  assert.equal((await readRun(folder)).cards, undefined, 'wasm uses no card');
  changeRun(folder, (run) => ({ ...run, cards: [card(first, { takenMiB: 4 }), card(second, { takenMiB: 4 })] }));
  await runToEnd(folder);
  const given = await Promise.all(['member-1', 'member-2'].map(async (name) => (await readState(folder, name)).gpu));
  // A trainer that is early goes on with the other's member, on its own card.
  const takes: Record<string, number> = { [first]: 1200, [second]: 900 };
  for (const gpu of given) assert.deepEqual(gpu, { card: gpu?.card, usedMiB: takes[gpu?.card ?? ''] });
});
