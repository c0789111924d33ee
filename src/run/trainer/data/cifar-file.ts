/**
 * The binary version of CIFAR (Krizhevsky 2009): records of one label byte (CIFAR-100: a coarse one, then a fine one) and
 * 3,072 bytes: 32 x 32 red, then green, then blue, row-major.
 */
import path from 'node:path';
import { checkLabels } from '../../../core/data.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { PlanData } from '../../../protocol/plan-data.ts';
import { putArray } from './array-records.ts';
import { ByteSource } from './byte-source.ts';
import { CIFAR_10, CIFAR_100 } from './cifar-names.ts';
import { checkClassCount } from './class-names.ts';
import type { ExampleSet, PlanSets } from './example-set.ts';
import { stampOf, type FileStamp } from './file-stamp.ts';
import { examplesOf, makeRecords, type Making } from './image-cache.ts';
import { counter } from './image-files.ts';
import { missingOrUnreadable } from './missing-file.ts';
import type { Layout } from './records.ts';

const PLANE = 32 * 32;
const IMAGE_BYTES = 3 * PLANE;

type CifarData = Extract<PlanData, { kind: 'cifar-10' | 'cifar-100' }>;

/** @throws StarsseError data-missing, data-invalid, disk, cancelled */
export async function readCifarSets(data: CifarData, resolve: (file: string) => string, making: Making): Promise<PlanSets> {
  const [labelBytes, names] = data.kind === 'cifar-10' ? [1, CIFAR_10] : [2, CIFAR_100];
  const classes = data.classes ?? names;
  checkClassCount(classes, 'data.classes');
  const read = async (files: string[]): Promise<ExampleSet> => await readCifarSet(files.map(resolve), labelBytes, classes.length, making);
  return { classes, train: await read(data.train), validation: null, test: data.test === null ? null : await read(data.test) };
}

async function readCifarSet(files: string[], labelBytes: number, classes: number, making: Making): Promise<ExampleSet> {
  const storedBytes = labelBytes + IMAGE_BYTES;
  const parts = await Promise.all(files.map(async (file) => ({ file, stamp: await stampOf(file), labels: await readLabels(file, labelBytes) })));
  const labels = Int32Array.from(parts.flatMap((part) => Array.from(part.labels)));
  for (const part of parts) checkLabels(part.labels, classes, part.file);
  const layout: Layout = { count: labels.length, shape: [32, 32, 3], values: 'pixels' };
  const key = ['cifar', labelBytes, parts.map(({ stamp }): FileStamp => stamp)];
  const records = await makeRecords(key, layout, true, making, async (writer) => {
    const progress = counter(`Reading ${path.basename(files[0])}`, labels.length, making);
    let first = 0;
    for (const part of parts) {
      const source = ByteSource.open(part.file);
      await putArray({ source, count: part.labels.length, storedBytes, convert: (stored, count) => pixelsOf(stored, count, labelBytes) }, writer, progress, first);
      await source.close();
      first += part.labels.length;
    }
  });
  return examplesOf(records, labels, classes, (position) => nameIn(parts, position));
}

/** [count, 32, 32, 3] of [count, labels + 3 x 32 x 32]. */
function pixelsOf(stored: Buffer, count: number, labelBytes: number): Uint8Array {
  const pixels = new Uint8Array(count * IMAGE_BYTES);
  for (let image = 0; image < count; image++) {
    const start = image * (labelBytes + IMAGE_BYTES) + labelBytes;
    for (let channel = 0; channel < 3; channel++) {
      for (let pixel = 0; pixel < PLANE; pixel++) pixels[image * IMAGE_BYTES + 3 * pixel + channel] = stored[start + channel * PLANE + pixel];
    }
  }
  return pixels;
}

async function readLabels(file: string, labelBytes: number): Promise<Int32Array> {
  const storedBytes = labelBytes + IMAGE_BYTES;
  const [, sizeBytes] = await stampOf(file);
  if (sizeBytes < 0) throw missingOrUnreadable(file, Object.assign(new Error(), { code: 'ENOENT' }));
  if (sizeBytes === 0 || sizeBytes % storedBytes !== 0) {
    throw new StarsseError('data-invalid', `${file}: ${sizeBytes} bytes are no whole number of records of ${storedBytes}`, {
      hint: `The binary version of ${labelBytes === 1 ? 'CIFAR-10' : 'CIFAR-100'} has records of ${storedBytes} bytes. The file is torn, packed or of another kind.`,
    });
  }
  const labels = new Int32Array(sizeBytes / storedBytes);
  const source = ByteSource.open(file);
  for (let image = 0; image < labels.length; image++) labels[image] = (await source.read(storedBytes))[labelBytes - 1];
  return labels;
}

function nameIn(parts: { file: string; labels: Int32Array }[], position: number): string {
  let first = 0;
  for (const { file, labels } of parts) {
    if (position < first + labels.length) return `image ${position - first} of ${path.basename(file)}`;
    first += labels.length;
  }
  return `image ${position}`;
}
