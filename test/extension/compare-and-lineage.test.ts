/** What the inspector tells of a snapshot's origin, and what the comparison reads of a run: from the golden run's folder. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { lineageOf } from '../../src/extension/checkpoint/lineage.ts';
import { readCompared, readSweeps } from '../../src/extension/compare/readRuns.ts';
import { temporaryFolder } from '../run/temporary-folder.ts';

const golden = path.resolve(import.meta.dirname, '../fixtures/run-format-1');

test('parents that lie beside a snapshot are links; names that lead elsewhere are none', async (t) => {
  const folder = path.join(temporaryFolder(t), 'run');
  cpSync(golden, folder, { recursive: true });
  mkdirSync(path.join(folder, 'snapshots'), { recursive: true });
  const beside = path.join(folder, 'snapshots', 'member-1.safetensors');
  writeFileSync(beside, '');
  writeFileSync(path.join(folder, 'secret.safetensors'), '');
  const { run, parents } = await lineageOf(path.join(folder, 'snapshots', 'soup-uniform-1.safetensors'), { parents: 'member-1,member-9,../secret' });
  assert.equal(run?.folder, folder);
  assert.deepEqual(parents, [{ name: 'member-1', file: beside }, { name: 'member-9', file: null }, { name: '../secret', file: null }]);
  assert.deepEqual(await lineageOf(path.join(folder, 'x.safetensors'), {}), { run: null, parents: [] });
});

test('curves of a run lie on one axis of epochs; sweeps are read where there are some', async (t) => {
  const compared = await readCompared(golden);
  assert.ok(compared.curves.length > 1);
  const [first, second] = compared.curves;
  const starts = compared.run.members.find(({ member }) => member.name === second.member)?.member.startsFrom;
  assert.deepEqual([first.startEpoch, second.startEpoch], [0, starts === 'pretrained' ? 0 : compared.run.members[0].member.epochs]);
  assert.equal(first.accuracy.length, first.loss.length);
  assert.equal(compared.epochs, compared.run.members.reduce((sum, { member }) => sum + member.epochs, 0));
  assert.deepEqual(await readSweeps([temporaryFolder(t)]), []);
});
