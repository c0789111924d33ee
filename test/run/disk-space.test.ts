import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { floatTensor } from '../../src/protocol/tensor.ts';
import { checkDiskSpace } from '../../src/run/disk-space.ts';
import { runFiles } from '../../src/run/folder.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { writeSafetensors } from '../../src/run/safetensors-file.ts';
import { startSupervisor } from '../../src/run/tasks.ts';
import { createRun, tinyPlanFile, untilOver } from './real-run.ts';
import { temporaryFolder } from './temporary-folder.ts';

const MB = 2 ** 20;

/** Keeps more free than any disk has, as if it were full. */
function fillDisk(t: TestContext): void {
  process.env.STARSSE_KEEP_FREE_MB = '1e12';
  t.after(emptyDisk);
}
function emptyDisk(): void {
  delete process.env.STARSSE_KEEP_FREE_MB;
}

test('room for the file and the reserve is asked for, and the message has the figures', async (t) => {
  const free = (bytes: number) => () => Promise.resolve(bytes);
  await checkDiskSpace('/runs', 10 * MB, 'The run', free(42 * MB));
  await assert.rejects(checkDiskSpace('/runs', 10 * MB, 'The run', free(42 * MB - 1)), {
    code: 'disk', message: 'The run needs 10 MB, and of the disk of /runs 42 MB are free, of which 32 MB are kept', hint: /Free some space, then resume/,
  });
  process.env.STARSSE_KEEP_FREE_MB = '0';
  t.after(emptyDisk);
  await checkDiskSpace('/runs', 10 * MB, 'The run', free(10 * MB));
  process.env.STARSSE_KEEP_FREE_MB = 'much';
  await assert.rejects(checkDiskSpace('/runs', 2.5 * MB, 'The run', free(32 * MB)), { message: /needs 2\.5 MB/ });
  await checkDiskSpace(path.join(temporaryFolder(t), 'missing'), 1, 'A file whose folder is gone is refused where it is written');
});

test('a file for which there is no room is not begun, and the old one stays', async (t) => {
  const folder = temporaryFolder(t);
  const file = path.join(folder, 'a.safetensors');
  const tensors = [floatTensor('x', [4], new Float32Array(4))];
  await writeSafetensors(file, tensors, { turn: '1' });
  const old = readFileSync(file);
  fillDisk(t);
  await assert.rejects(writeSafetensors(file, tensors, { turn: '2' }), { code: 'disk', message: /a\.safetensors needs 0\.0 MB/ });
  assert.deepEqual(readFileSync(file), old);
  assert.deepEqual(readdirSync(folder), ['a.safetensors']);
});

test('a run that the disk has no room for is not made', async (t) => {
  const plan = tinyPlanFile(t);
  fillDisk(t);
  await assert.rejects(createRun(plan), { code: 'disk', message: /^The run \(3 snapshots of 1 MB, what resuming needs, predictions\) needs \d\.\d MB/ });
  assert.deepEqual(readdirSync(path.join(path.dirname(plan), 'runs')), []);
});

test('a disk that fills up while a run is at work fails its members with the figures; a resume goes on', async (t) => {
  const folder = await createRun(tinyPlanFile(t, { method: { kind: 'local-de', members: 2 }, training: { epochs: 1, batchSize: 16, optimizer: { learningRate: 0.05 } } }));
  fillDisk(t);
  await startSupervisor(folder);
  const full = await untilOver(folder);
  assert.equal(full.status, 'failed');
  for (const { state } of full.members) {
    assert.deepEqual([state.status, state.error?.code], ['failed', 'disk']);
    assert.match(state.error?.message ?? '', /resume\.safetensors needs \d+\.\d MB, and of the disk of .* MB are free/);
  }
  assert.ok(!existsSync(runFiles.snapshot(folder, 'member-1')));
  emptyDisk();
  await resumeRun(folder);
  assert.equal((await untilOver(folder)).status, 'done');
});
