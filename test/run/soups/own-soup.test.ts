/** The soup that a run gets by itself goes through the gate like any other: who is outside the basin is left out by name, and told wherever the table is. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, truncateSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { initialWeights } from '../../../src/core/initialise.ts';
import type { ModelFile } from '../../../src/protocol/network.ts';
import type { ResultTable } from '../../../src/protocol/results.ts';
import type { SoupReport } from '../../../src/protocol/soup.ts';
import { verdictOfTable } from '../../../src/protocol/verdict.ts';
import { resultTable } from '../../../src/run/cli/result-table.ts';
import { readRun, runFiles } from '../../../src/run/folder.ts';
import { readSafetensorsHeader } from '../../../src/run/safetensors-file.ts';
import { makeTable } from '../../../src/run/trainer/combine.ts';
import { writeSnapshot } from '../../../src/run/trainer/snapshot.ts';
import { soupTask } from '../../../src/run/trainer/soups/soup-task.ts';
import { cancelledAt, undisturbed } from '../cancelled-at.ts';
import { goldenCopy } from '../golden-copy.ts';
import { filesOf } from '../real-run.ts';

const SOUP = 'soup-uniform-1';

/** The golden run before its table was made. */
function withoutSoups(t: TestContext): string {
  const folder = goldenCopy(t);
  for (const name of [SOUP, 'soup-uniform-2']) rmSync(runFiles.snapshot(folder, name));
  return folder;
}

/** The member becomes a network from elsewhere, as good on paper. */
async function moveElsewhere(folder: string, member: string, seed: number): Promise<void> {
  const { network } = JSON.parse(readFileSync(runFiles.model(folder), 'utf8')) as ModelFile;
  const tensors = initialWeights(network, seed).map((tensor) => ({ ...tensor, data: new Uint8Array(Float32Array.from(new Float32Array(tensor.data.slice().buffer), (value) => 3 * value).buffer) }));
  await writeSnapshot(folder, await readRun(folder), tensors, { name: member, parents: ['member-1'], rule: null, metrics: {} });
}

async function tableOf(folder: string): Promise<{ table: ResultTable; messages: string[] }> {
  const messages: string[] = [];
  const { table } = await makeTable(folder, { ...undisturbed(), onProgress: ({ message }) => messages.push(message) });
  return { table, messages };
}
const gateOf = (folder: string): SoupReport => JSON.parse(readFileSync(runFiles.gate(folder), 'utf8')) as SoupReport;
const LOOKING = 'Looking for a barrier';
const isLooking = (message: string): boolean => message.startsWith(LOOKING);

test('members of one basin all go in; nobody looks twice; what was found is in the header and beside the table', async (t) => {
  const folder = withoutSoups(t);
  const { table, messages } = await tableOf(folder);
  assert.equal(table.rows.find(({ name }) => name === SOUP)?.members.join(), 'member-1,member-2,member-3');
  assert.equal(table.leftOut, undefined);
  assert.deepEqual(gateOf(folder).members.map(({ name, taken, reason }) => [name, taken, reason]).sort(), [1, 2, 3].map((number) => [`member-${number}`, true, null]));
  assert.deepEqual(JSON.parse((await readSafetensorsHeader(runFiles.snapshot(folder, SOUP))).metadata.gate), gateOf(folder));
  assert.ok(messages.some(isLooking));
  const again = await tableOf(folder);
  assert.ok(!again.messages.some(isLooking));
  assert.deepEqual(again.table.rows, table.rows);
  // Asked for by name, it is the same soup, with what was found of its members.
  const asked = await soupTask(folder, '{}', undisturbed());
  assert.deepEqual([asked.added, asked.gate], [SOUP, gateOf(folder)]);
});

test('who is outside is left out with the reason, in table, text and verdict; the same bytes each time; who insists gets all', async (t) => {
  const folder = withoutSoups(t);
  await moveElsewhere(folder, 'member-2', 77);
  const { table } = await tableOf(folder);
  assert.equal(table.rows.find(({ name }) => name === SOUP)?.members.join(), 'member-1,member-3');
  const [{ name, reason }, ...others] = table.leftOut!;
  assert.deepEqual([name, others], ['member-2', []]);
  assert.match(reason, /^outside the basin of member-\d.*: a barrier of [\d.]+ nats and [\d.]+ points of error, more than twice/);
  const sentence = `The run's own soup was made without member-2: ${reason}.`;
  assert.equal(resultTable(table).at(-1), sentence);
  assert.equal(verdictOfTable(table).cautions.at(-1), sentence);
  const bytes = readFileSync(runFiles.snapshot(folder, SOUP));
  rmSync(runFiles.snapshot(folder, SOUP));
  await tableOf(folder);
  assert.ok(readFileSync(runFiles.snapshot(folder, SOUP)).equals(bytes));
  const insisted = await soupTask(folder, '{"insist":true}', undisturbed());
  assert.deepEqual([insisted.table.rows.find((row) => row.name === insisted.added)?.members.length, insisted.table.leftOut], [3, table.leftOut]);
});

test('nobody to mix: no soup, the reasons, and the ensemble all the same', async (t) => {
  const folder = withoutSoups(t);
  await moveElsewhere(folder, 'member-2', 77);
  await moveElsewhere(folder, 'member-3', 78);
  const { table } = await tableOf(folder);
  assert.deepEqual([table.rows.filter(({ kind }) => kind === 'soup'), table.leftOut?.length, table.rows.at(-1)?.kind], [[], 2, 'ensemble']);
});

test('cancelled while members are looked at, or with a torn member: no soup and no file more; then it goes on as if nothing had been', async (t) => {
  const folder = withoutSoups(t);
  const before = filesOf(folder);
  await assert.rejects(makeTable(folder, cancelledAt(LOOKING)), { code: 'cancelled' });
  assert.deepEqual(filesOf(folder), before);
  const member = readFileSync(runFiles.snapshot(folder, 'member-2'));
  truncateSync(runFiles.snapshot(folder, 'member-2'), member.length - 100);
  await assert.rejects(tableOf(folder), { code: 'file-invalid', message: /member-2/ });
  assert.deepEqual(filesOf(folder), before);
});
