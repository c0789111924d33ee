/**
 * IDX files, as MNIST is published (LeCun, http://yann.lecun.com/exdb/mnist): two zero bytes, the type (8 = unsigned byte),
 * the number of dimensions, each dimension as 32-bit big-endian, then the bytes, row-major.
 */
import path from 'node:path';
import { checkLabels } from '../../../core/data.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { PlanData } from '../../../protocol/plan-data.ts';
import { putArray } from './array-records.ts';
import { ByteSource } from './byte-source.ts';
import { checkClassCount } from './class-names.ts';
import type { ExampleSet, PlanSets } from './example-set.ts';
import { stampOf } from './file-stamp.ts';
import { examplesOf, makeRecords, type Making } from './image-cache.ts';
import { counter } from './image-files.ts';
import type { Layout } from './records.ts';

const UNSIGNED_BYTE = 8;

type IdxData = Extract<PlanData, { kind: 'idx' }>;

/** @throws StarsseError data-missing; data-invalid naming the file and what is wrong in it; disk, cancelled */
export async function readIdxSets(data: IdxData, resolve: (file: string) => string, making: Making): Promise<PlanSets> {
  checkClassCount(data.classes, 'data.classes');
  const read = async (files: IdxData['test']): Promise<ExampleSet | null> => (files === null ? null : await readIdxSet(resolve(files.images), resolve(files.labels), data.classes.length, making));
  return { classes: data.classes, train: (await read(data.train))!, validation: await read(data.validation), test: await read(data.test) };
}

/** Images and labels of one set; `.gz` is unpacked. @throws StarsseError as `readIdxSets` */
export async function readIdxSet(imagesFile: string, labelsFile: string, classes: number, making: Making = {}): Promise<ExampleSet> {
  const labels = await readLabels(labelsFile, classes);
  const header = await openIdx(imagesFile);
  const { shape, source } = header;
  try {
    if (shape.length !== 3 && shape.length !== 4) throw invalid(imagesFile, `${shape.length} dimensions, images have 3 or 4`);
    const [count, height, width, channels = 1] = shape;
    if (count !== labels.length) throw invalid(labelsFile, `${labels.length} labels for the ${count} images of ${imagesFile}`);
    if (count === 0 || height * width * channels === 0) throw invalid(imagesFile, 'no images');
    await checkLength(imagesFile, header);
    const layout: Layout = { count, shape: [height, width, channels], values: 'pixels' };
    const records = await makeRecords(['idx', await stampOf(imagesFile)], layout, true, making, async (writer) => {
      const progress = counter(`Reading ${path.basename(imagesFile)}`, count, making);
      const found = await putArray({ source, count, storedBytes: height * width * channels, convert: (stored) => stored }, writer, progress);
      await checkEnd(imagesFile, header, found);
    });
    return examplesOf(records, labels, classes, (position) => `image ${position} of ${path.basename(imagesFile)}`);
  } finally {
    await source.close();
  }
}

async function readLabels(file: string, classes: number): Promise<Int32Array> {
  const header = await openIdx(file);
  try {
    if (header.shape.length !== 1) throw invalid(file, `${header.shape.length} dimensions, labels have 1`);
    await checkLength(file, header);
    const bytes = await header.source.read(header.shape[0]);
    await checkEnd(file, header, bytes.length);
    const labels = Int32Array.from(bytes);
    checkLabels(labels, classes, file);
    return labels;
  } finally {
    await header.source.close();
  }
}

interface IdxHeader {
  /** [count, height, width] or [count, height, width, channels] of images, [count] of labels. */
  shape: number[];
  /** The data. */
  source: ByteSource;
  startBytes: number;
}

async function openIdx(file: string): Promise<IdxHeader> {
  const source = ByteSource.open(file);
  const magic = await source.read(4);
  if (magic.length < 4 || magic[0] !== 0 || magic[1] !== 0) throw invalid(file, 'it does not begin as an IDX file does');
  if (magic[2] !== UNSIGNED_BYTE) throw invalid(file, `numbers of type 0x${magic[2].toString(16)}, only unsigned bytes (0x8) are read`);
  const dimensions = magic[3];
  const sizes = await source.read(4 * dimensions);
  if (dimensions === 0 || sizes.length < 4 * dimensions) throw invalid(file, `${4 + sizes.length} bytes, too few for ${dimensions} dimensions`);
  return { shape: Array.from({ length: dimensions }, (_, index) => sizes.readUInt32BE(4 * index)), source, startBytes: 4 + sizes.length };
}

/** Of a file that is not packed, before anything is made room for. */
async function checkLength(file: string, { shape, startBytes }: IdxHeader): Promise<void> {
  if (file.endsWith('.gz')) return;
  const [, sizeBytes] = await stampOf(file);
  if (sizeBytes - startBytes !== product(shape)) throw wrongLength(file, String(sizeBytes - startBytes), shape);
}

async function checkEnd(file: string, { shape, source }: IdxHeader, found: number): Promise<void> {
  const more = await source.countRest(2 ** 20);
  if (found + more !== product(shape)) throw wrongLength(file, more === 2 ** 20 ? `over ${found + more}` : String(found + more), shape);
}

function wrongLength(file: string, found: string, shape: number[]): StarsseError {
  return invalid(file, `${found} bytes of data, [${shape.join(', ')}] needs ${product(shape)}`);
}

function product(shape: number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function invalid(file: string, problem: string): StarsseError {
  return new StarsseError('data-invalid', `${file}: ${problem}`, { hint: 'The file is torn or of another kind. Get it again.' });
}
