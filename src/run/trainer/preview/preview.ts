/** The task `preview`: the first batch of an epoch as a member sees it, beside the images that it is made from. */
import path from 'node:path';
import * as v from 'valibot';
import { centreCrop } from '../../../core/augment/crop.ts';
import { toByte } from '../../../core/augment/image.ts';
import { epochOrder } from '../../../core/batches.ts';
import type { Dataset } from '../../../core/data.ts';
import { inputInProcess } from '../../../core/input.ts';
import { membersOf } from '../../../protocol/methods.ts';
import { resolveNormalization } from '../../../core/normalization.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { parseJson } from '../../../protocol/parse.ts';
import type { Plan } from '../../../protocol/plan.ts';
import type { Preview, PreviewImage } from '../../../protocol/preview.ts';
import type { Member } from '../../../protocol/run.ts';
import { readPlan } from '../create-run.ts';
import { inputShapeOf, readPlanData, type ReadOptions } from '../data/plan-data.ts';
import { writeSheet, type SheetCell } from './sheet.ts';

const PreviewRequestSchema = v.strictObject({
  /** A PNG file. */
  out: v.pipe(v.string(), v.minLength(1)),
  /** From 0. */
  epoch: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  member: v.optional(v.string(), 'member-1'),
  /** Images at most. */
  count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(256)), 16),
});

/**
 * Batches are those that training makes: same seeds, order and partners. Normalization is taken back for the picture; `auto` is
 * that of the network's family here, which only matters to the colour of erased pixels.
 * @throws StarsseError plan-invalid, data-missing, data-invalid, usage, disk
 */
export async function previewTask(planFile: string, request: string, options: ReadOptions): Promise<Preview> {
  const { out, epoch, member: name, count } = parseJson(PreviewRequestSchema, request, 'preview', 'usage');
  const planPath = path.resolve(planFile);
  const plan = await readPlan(planPath);
  const member = memberNamed(membersOf(plan), name, epoch);
  const { train, classes } = await readPlanData(plan, planPath, options);
  if (train.values === 'features') throw new StarsseError('usage', `The data of ${planPath} are features: there is nothing to look at`, { hint: 'Previews are for images.' });
  const shown = await batchOf(plan, train, member.seed, epoch, count);
  const images = shown.map(({ position, target, label }): PreviewImage => ({ position, label: classes[label], target: namedShares(target, classes, plan.training.labelSmoothing) }));
  const cells = shown.map((each, index): SheetCell => ({ ...each, caption: captionOf(images[index]) }));
  const file = path.resolve(out);
  await writeSheet(file, cells);
  return { file, member: name, epoch, batchSize: Math.min(plan.training.batchSize, train.labels.length), images };
}

function memberNamed(members: Member[], wanted: string, epoch: number): Member {
  const member = members.find(({ name }) => name === wanted);
  if (member === undefined) throw new StarsseError('usage', `The plan has no ${wanted}`, { hint: `It has ${members.map(({ name }) => name).join(', ')}.` });
  if (epoch >= member.epochs) throw new StarsseError('usage', `${wanted} has no epoch ${epoch + 1}`, { hint: `It trains for ${member.epochs}.` });
  return member;
}

interface Shown {
  position: number;
  label: number;
  target: Float32Array;
  original: SheetCell['original'];
  augmented: SheetCell['augmented'];
}

async function batchOf({ data, model, training }: Plan, train: Dataset, seed: number, epoch: number, count: number): Promise<Shown[]> {
  const [height, width, channels] = inputShapeOf(data, train);
  const normalization = resolveNormalization(data.normalization, model.network, null, channels);
  const { augmentation, labelSmoothing, batchSize } = training;
  const input = inputInProcess(train, { seed, augmentation, labelSmoothing, normalization, size: [height, width] });
  const batch = epochOrder(seed, epoch, train.labels.length).slice(0, batchSize);
  const { images, targets, share } = await input.batch(epoch, batch);
  const pixels = mixed(images.data, batch.length, share);
  const positions = batch.slice(0, count);
  const originals = centreCrop(Uint8Array.from(await train.read(positions)), train.shape, [height, width]);
  const size = height * width * channels;
  return Array.from(positions, (position, place) => ({
    position,
    label: train.labels[position],
    target: targets.slice(place * train.classes, (place + 1) * train.classes),
    original: { data: originals.slice(place * size, (place + 1) * size), height, width, channels },
    augmented: { data: pixels.slice(place * size, (place + 1) * size), height, width, channels },
  }));
}

/** Mixup as the device does it (core/pixels.ts), each image with its mirror place in the batch. */
function mixed(images: Uint8Array | Float32Array, batch: number, share: number): Uint8Array {
  const size = images.length / batch;
  return Uint8Array.from(images, (value, index) => {
    const mirrored = (batch - 1 - Math.floor(index / size)) * size + (index % size);
    return toByte(share * value + (1 - share) * images[mirrored]);
  });
}

function namedShares(target: Float32Array, classes: readonly string[], smoothing: number): PreviewImage['target'] {
  const floor = smoothing / classes.length + 1e-6;
  const shares = classes.map((name, index) => ({ class: name, share: Math.round(target[index] * 1e4) / 1e4 }));
  return shares.filter((_, index) => target[index] > floor).sort((a, b) => b.share - a.share);
}

function captionOf({ target }: PreviewImage): string {
  return target.map(({ class: name, share }) => (share > 0.9999 ? name : `${name} ${share.toFixed(2)}`)).join(', ');
}
