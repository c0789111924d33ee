/** A run whose batches come from image files by a thread beside the trainer. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import type { PlanInput } from '../../src/protocol/plan.ts';
import { runFiles } from '../../src/run/folder.ts';
import { integer, randomKey } from '../../src/core/random.ts';
import { requestStop } from '../../src/run/requests.ts';
import { resumeRun } from '../../src/run/resume.ts';
import { RowReader } from '../../src/run/rows.ts';
import { startSupervisor } from '../../src/run/tasks.ts';
import { createRun, runToEnd, snapshotDigests, tinyPlanFile, untilOver, untilStep } from './real-run.ts';

const SIDE = 40;

/** Class folders of PNG files: a class is a colour under noise. */
async function writeImages(folder: string): Promise<void> {
  for (const [label, name] of ['blue', 'green', 'red'].entries()) {
    mkdirSync(path.join(folder, name), { recursive: true });
    for (let image = 0; image < 20; image++) {
      const key = randomKey(1, 'task', label, image);
      const pixels = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, index) => integer(key, index, 120) + (index % 3 === 2 - label ? 60 : 0));
      await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 3 } }).png().toFile(path.join(folder, name, `${image}.png`));
    }
  }
}

const OVERRIDES: Partial<PlanInput> = {
  model: { network: 'small-cnn' },
  data: { kind: 'folder', train: 'images', split: { validation: 9, test: 9 }, image: { size: 32, stored: SIDE } },
  method: { kind: 'fine-tuning' },
  training: {
    epochs: 6, batchSize: 16, optimizer: { learningRate: 0.01 },
    augmentation: { resizedCrop: { scale: [0.3, 1] }, flip: true, colorJitter: { brightness: 0.3, hue: 0.02 }, randAugment: {}, mixup: 0.2, cutmix: 1 },
  },
};

test('stopped and resumed, a run fed by a thread from images that stream from disk ends in the same bytes; its rows say how long it waited', async (t) => {
  const plan = tinyPlanFile(t, OVERRIDES);
  await writeImages(path.join(path.dirname(plan), 'images'));
  const uninterrupted = await createRun(plan);
  await runToEnd(uninterrupted);
  assert.match(readFileSync(runFiles.log(uninterrupted, 'member-1'), 'utf8'), /batches are made 2 ahead, by a thread beside training/);
  const { rows } = await new RowReader(runFiles.rows(uninterrupted, 'member-1')).read();
  const steps = rows.filter((row) => row.kind === 'step');
  assert.equal(steps.length, 18);
  assert.ok(steps.every(({ waitMs }) => waitMs !== undefined && waitMs >= 0) && steps[0].waitMs! > 0);
  for (const row of rows) if (row.kind === 'epoch') assert.ok(row.waitShare! >= 0 && row.waitShare! < 1);

  // This one's images stay on disk and are read batch by batch.
  process.env.STARSSE_IN_MEMORY_MB = '0';
  t.after(() => delete process.env.STARSSE_IN_MEMORY_MB);
  const folder = await createRun(plan);
  await startSupervisor(folder);
  await untilStep(folder, 'member-1', 4);
  await requestStop(folder);
  assert.equal((await untilOver(folder)).status, 'stopped');
  await resumeRun(folder);
  const view = await untilOver(folder);
  assert.equal(view.status, 'done', JSON.stringify(view.error));
  assert.match(readFileSync(runFiles.log(folder, 'member-1'), 'utf8'), /streamed/);
  assert.deepEqual(await snapshotDigests(folder), await snapshotDigests(uninterrupted));
});
