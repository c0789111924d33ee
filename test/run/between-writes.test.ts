import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { State } from '../../src/protocol/run.ts';
import { runFiles } from '../../src/run/folder.ts';
import { HOST } from '../../src/run/processes.ts';
import { requestStop } from '../../src/run/requests.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { applyResumes, RowReader } from '../../src/run/rows.ts';
import { startSupervisor } from '../../src/run/tasks.ts';
import { viewRun } from '../../src/run/view.ts';
import { createRun, filesOf, snapshotDigests, tinyPlanFile, untilOver, untilStep } from './real-run.ts';

const MEMBER = 'member-1';

test('killed between any two writes, a member goes on to the same weights and the same rows', async (t) => {
  const folder = await createRun(tinyPlanFile(t, { method: { kind: 'local-de', members: 1 }, training: { epochs: 120, batchSize: 16, optimizer: { learningRate: 0.05 } } }));
  await startSupervisor(folder);
  await untilStep(folder, MEMBER, 7);
  await requestStop(folder);
  assert.equal((await untilOver(folder)).status, 'stopped');
  const saved = path.join(folder, 'saved');
  const savedFirst = path.join(folder, 'saved-first');
  copyFileSync(runFiles.resume(folder, MEMBER), saved);
  copyFileSync(runFiles.firstEpoch(folder, MEMBER), savedFirst);
  const putBack = (): void => {
    copyFileSync(saved, runFiles.resume(folder, MEMBER));
    copyFileSync(savedFirst, runFiles.firstEpoch(folder, MEMBER));
  };
  await resumeRun(folder);
  assert.equal((await untilOver(folder)).status, 'done');
  const [digests, files] = [await snapshotDigests(folder), filesOf(folder)];
  const rows = await rowsOf(folder);
  const state = JSON.parse(readFileSync(runFiles.state(folder, MEMBER), 'utf8')) as State;
  const dead = spawnSync(process.execPath, ['-e', '0']).pid;

  const moments: Record<string, () => void> = {
    'rows were written, the checkpoint was not': putBack,
    'no checkpoint was ever written': () => undefined,
    'a checkpoint was being written': () => {
      putBack();
      writeFileSync(path.join(runFiles.member(folder, MEMBER), '.resume.safetensors.99-1.beside'), readFileSync(saved).subarray(0, 999));
    },
    'a row was being written': () => {
      putBack();
      appendFileSync(runFiles.rows(folder, MEMBER), '{"kind":"step","st');
    },
    'the snapshot was written, predictions were not': () => {
      for (const set of ['validation', 'test'] as const) rmSync(runFiles.predictions(folder, MEMBER, set));
    },
    'everything was written but the end of it': putBack,
  };
  for (const [moment, prepare] of Object.entries(moments)) {
    prepare();
    rmSync(runFiles.table(folder));
    writeFileSync(runFiles.state(folder, MEMBER), JSON.stringify({ ...state, status: 'running', pid: dead, host: HOST, finishedAt: null, heartbeatAt: new Date().toISOString() }));
    assert.equal((await viewRun(folder)).status, 'interrupted', moment);
    await resumeRun(folder);
    const view = await untilOver(folder);
    assert.equal(view.status, 'done', `${moment}: ${JSON.stringify(view.error)}`);
    assert.deepEqual(await snapshotDigests(folder), digests, moment);
    assert.deepEqual(await rowsOf(folder), rows, moment);
    assert.deepEqual(filesOf(folder), files, moment);
  }
});

/** What rows say beside times, which no two runs share. */
async function rowsOf(folder: string): Promise<unknown[]> {
  const rows = [];
  const reader = new RowReader(runFiles.rows(folder, MEMBER));
  for (let more = true; more; ) {
    const batch = await reader.read();
    rows.push(...batch.rows);
    more = batch.more;
  }
  return applyResumes(rows).map((row) => ({ ...row, wallMs: 0, imagesPerSecond: 0, waitMs: 0, waitShare: 0 }));
}
