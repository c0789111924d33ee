/** Arrays of NumPy's .npz files: a zip of .npy files, packed or not. Bytes of 3 or 4 dimensions are images, [n, d] of any numbers features. */
import path from 'node:path';
import { openPromise, type ZipFile } from 'yauzl';
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
import { missingOrUnreadable } from './missing-file.ts';
import { readNpyHeader, type NpyHeader } from './npy.ts';
import { recordBytes, type Layout } from './records.ts';

type NpzData = Extract<PlanData, { kind: 'npz' }>;
type NpzArrays = NpzData['train'];

/** @throws StarsseError data-missing; data-invalid naming the file and the array; disk, cancelled */
export async function readNpzSets(data: NpzData, resolve: (file: string) => string, making: Making): Promise<PlanSets> {
  const labels = async (arrays: NpzArrays | null): Promise<Int32Array | null> => (arrays === null ? null : await readLabels(resolve(arrays.file), arrays.y));
  const [train, validation, test] = [(await labels(data.train))!, await labels(data.validation), await labels(data.test)];
  const classes = data.classes ?? Array.from({ length: train.reduce((a, b) => Math.max(a, b), -1) + 1 }, (_, label) => String(label));
  checkClassCount(classes, resolve(data.train.file));
  const read = async (arrays: NpzArrays | null, of: Int32Array | null): Promise<ExampleSet | null> => {
    if (arrays === null || of === null) return null;
    checkLabels(of, classes.length, `${resolve(arrays.file)}, array ${arrays.y}`);
    return await readExamples(resolve(arrays.file), arrays.x, of, classes.length, making);
  };
  return { classes, train: (await read(data.train, train))!, validation: await read(data.validation, validation), test: await read(data.test, test) };
}

async function readExamples(file: string, name: string, labels: Int32Array, classes: number, making: Making): Promise<ExampleSet> {
  return await withArray(file, name, async (header, source, fail) => {
    const layout = layoutOf(header, fail);
    const { count } = layout;
    if (count !== labels.length) throw fail(`${count} examples for ${labels.length} labels`);
    const size = recordBytes(layout) / (layout.values === 'pixels' ? 1 : 4);
    const records = await makeRecords(['npz', name, await stampOf(file)], layout, true, making, async (writer) => {
      const progress = counter(`Reading ${path.basename(file)}`, count, making);
      const convert = layout.values === 'pixels' ? (stored: Buffer) => stored : (stored: Buffer) => floatsOf(stored, header, fail);
      const found = await putArray({ source, count, storedBytes: size * header.bytesPerNumber, convert }, writer, progress);
      const wanted = count * size * header.bytesPerNumber;
      if (found < wanted || (await source.countRest(1)) > 0) throw fail(`${found < wanted ? found : `more than ${wanted}`} bytes, [${header.shape.join(', ')}] needs ${wanted}`);
    });
    return examplesOf(records, labels, classes, (position) => `example ${position} of ${path.basename(file)}`);
  });
}

function layoutOf({ shape, dtype, bytesPerNumber, whole }: NpyHeader, fail: Fail): Layout {
  const [count, ...rest] = shape;
  if (count === 0 || rest.some((size) => size === 0)) throw fail('no examples');
  if (shape.length === 2) return { count, shape: [1, 1, rest[0]], values: 'features' };
  if (shape.length !== 3 && shape.length !== 4) throw fail(`[${shape.join(', ')}] are no examples`, 'Images are [n, height, width] or [n, height, width, channels], features [n, d].');
  if (bytesPerNumber !== 1 || !whole || dtype[1] !== 'u') throw fail(`images of type ${dtype}`, 'Save images as uint8 (0..255); for features make the array [n, d].');
  const [height, width, channels = 1] = rest;
  if (channels > 4) throw fail(`images of ${channels} channels`, 'Channels come last: [n, height, width, channels].');
  return { count, shape: [height, width, channels], values: 'pixels' };
}

function floatsOf(stored: Buffer, { numberAt, bytesPerNumber }: NpyHeader, fail: Fail): Uint8Array {
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  const floats = new Float32Array(stored.length / bytesPerNumber);
  for (let index = 0; index < floats.length; index++) floats[index] = numberAt(view, index * bytesPerNumber);
  const wrong = floats.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw fail(`one of its numbers is ${numberAt(view, wrong * bytesPerNumber)}, no finite 32-bit number`);
  return new Uint8Array(floats.buffer);
}

async function readLabels(file: string, name: string): Promise<Int32Array> {
  return await withArray(file, name, async (header, source, fail) => {
    const { shape, whole, dtype, bytesPerNumber, numberAt } = header;
    if (!whole) throw fail(`labels of type ${dtype}`, 'Labels are whole numbers from 0.');
    if (shape.length === 0 || shape.slice(1).some((size) => size !== 1)) throw fail(`[${shape.join(', ')}] are no labels`, 'Labels are one whole number an example, [n].');
    const bytes = await source.read(shape[0] * bytesPerNumber);
    if (bytes.length !== shape[0] * bytesPerNumber) throw fail(`${bytes.length} bytes, [${shape.join(', ')}] needs ${shape[0] * bytesPerNumber}`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const wrong = Array.from({ length: shape[0] }, (_, index) => numberAt(view, index * bytesPerNumber)).find((label) => label < 0 || label > 65535);
    if (wrong !== undefined) throw fail(`a label is ${wrong}`, 'Labels are whole numbers from 0.');
    return Int32Array.from({ length: shape[0] }, (_, index) => numberAt(view, index * bytesPerNumber));
  });
}

type Fail = (problem: string, hint?: string) => StarsseError;

/** Finds one array of the file and lets `use` read on behind its header. */
async function withArray<T>(file: string, name: string, use: (header: NpyHeader, source: ByteSource, fail: Fail) => Promise<T>): Promise<T> {
  const fail: Fail = (problem, hint) => new StarsseError('data-invalid', `${file}, array ${name}: ${problem}`, hint === undefined ? {} : { hint });
  const torn = (error: unknown): StarsseError => {
    if (error instanceof StarsseError) return error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && !code.startsWith('Z_')) return missingOrUnreadable(file, error);
    return new StarsseError('data-invalid', `${file}: ${message}`, { hint: 'Save it with numpy.savez or numpy.savez_compressed.', cause: error });
  };
  let zip: ZipFile | null = null;
  try {
    zip = await openPromise(file, { lazyEntries: true, autoClose: false });
    const names: string[] = [];
    for await (const entry of zip.eachEntry()) {
      names.push(entry.fileName);
      if (entry.fileName !== `${name}.npy`) continue;
      if (!entry.canDecodeFileData()) throw fail('it is encrypted or packed in a way that is not read');
      const source = new ByteSource(await zip.openReadStreamPromise(entry), torn);
      const header = await readNpyHeader(source).catch((error: unknown) => {
        throw error instanceof StarsseError ? error : fail((error as Error).message);
      });
      const result = await use(header, source, fail);
      await source.close();
      return result;
    }
    throw new StarsseError('data-invalid', `${file} has no array ${name}; it has ${names.map((entry) => entry.replace(/\.npy$/, '')).join(', ') || 'none'}`, {
      hint: 'Name the arrays in the plan: x and y of data.train.',
    });
  } catch (error) {
    throw torn(error);
  } finally {
    zip?.close();
  }
}
