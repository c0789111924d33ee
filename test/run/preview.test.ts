/** `starsse preview`: the picture and the list show the batch that training makes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { epochOrder } from '../../src/core/batches.ts';
import { inputInProcess } from '../../src/core/input.ts';
import { parseJson } from '../../src/protocol/parse.ts';
import { PlanSchema } from '../../src/protocol/plan.ts';
import type { Preview } from '../../src/protocol/preview.ts';
import { readPlanData } from '../../src/run/trainer/data/plan-data.ts';
import { previewTask } from '../../src/run/trainer/preview/preview.ts';
import { TINY_CLASSES, TINY_SIDE, writeTinyPlan } from '../fixtures/tiny-plan.ts';
import { starsse } from './starsse.ts';
import { temporaryFolder } from './temporary-folder.ts';

const training = { epochs: 4, batchSize: 16, optimizer: { learningRate: 0.05 }, labelSmoothing: 0.1, augmentation: { cropPadding: 1, flip: true, mixup: 0.4 } };

test('the list and the picture show what training sees: same images, pixels and targets', async (t) => {
  const folder = temporaryFolder(t);
  const plan = writeTinyPlan(folder, { training });
  const out = path.join(folder, 'made', 'sheet.png');
  const { stdout } = await starsse(['preview', plan, '--out', out, '--epoch', '3', '--member', '1', '--images', '4', '--json'], { cwd: folder });
  const preview = JSON.parse(stdout) as Preview;
  assert.deepEqual({ ...preview, images: preview.images.length }, { file: out, member: 'member-1', epoch: 2, batchSize: 16, images: 4 });

  const { train } = await readPlanData(parseJson(PlanSchema, readFileSync(plan, 'utf8'), 'plan'), plan);
  const { augmentation, labelSmoothing } = parseJson(PlanSchema, readFileSync(plan, 'utf8'), 'plan').training;
  const positions = epochOrder(0, 2, train.labels.length).slice(0, 16);
  const input = inputInProcess(train, { seed: 0, augmentation, labelSmoothing, normalization: { mean: [0], std: [1 / 255] }, size: [TINY_SIDE, TINY_SIDE] });
  const { images: { data: images }, targets, share: own } = await input.batch(2, positions);
  const size = TINY_SIDE * TINY_SIDE;
  const mixed = images.map((pixel, index) => own * pixel + (1 - own) * images[15 * size + index]); // of the first image, with the last one
  for (const [place, { position, label, target }] of preview.images.entries()) {
    assert.equal(position, positions[place]);
    assert.equal(label, TINY_CLASSES[train.labels[position]]);
    for (const { class: name, share } of target) assert.ok(Math.abs(share - targets[place * 3 + TINY_CLASSES.indexOf(name)]) < 1e-4);
    assert.ok(target.every(({ share }, index) => share > 0.1 / 3 && (index === 0 || share <= target[index - 1].share)));
  }

  const { data, info } = await sharp(out).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  // The first pair: 8 x 8 pixels drawn 14 times as large, 8 pixels from the corner; the augmented image 4 pixels to the right.
  const at = (left: number, row: number, column: number) => data[((8 + 14 * row + 7) * info.width + left + 14 * column + 7) * info.channels];
  const original = await train.read(positions.slice(0, 1));
  for (let row = 0; row < TINY_SIDE; row++) {
    for (let column = 0; column < TINY_SIDE; column++) {
      assert.equal(at(8, row, column), original[row * TINY_SIDE + column]);
      assert.ok(Math.abs(at(8 + 14 * 8 + 4, row, column) - mixed[row * TINY_SIDE + column]) <= 1);
    }
  }
});

test('a table for people; what the plan does not have is refused', async (t) => {
  const folder = temporaryFolder(t);
  const plan = writeTinyPlan(folder);
  const { stdout } = await starsse(['preview', plan, '--images', '2'], { cwd: folder });
  assert.match(stdout, /Image\s+Label\s+Target\n\s*\d+\s+\w+\s+\w+ 1\.00\n/);
  assert.match(stdout, /2 of 16 images of member-1, epoch 1: .*tiny-preview\.png/);
  const ask = (request: object) => previewTask(plan, JSON.stringify({ out: path.join(folder, 'x.png'), ...request }), {});
  await assert.rejects(ask({ member: 'member-9' }), { code: 'usage', message: /no member-9/, hint: /member-1, member-2, member-3/ });
  await assert.rejects(ask({ epoch: 4 }), { code: 'usage', message: /no epoch 5/, hint: /4/ });
  await assert.rejects(previewTask(path.join(folder, 'none.json'), JSON.stringify({ out: 'x.png' }), {}), { code: 'file-missing' });
});
