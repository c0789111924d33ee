/** Labelled image files as a set of examples: decoded side by side, once. */
import { availableParallelism } from 'node:os';
import { StarsseError } from '../../../protocol/errors.ts';
import type { PlanImage } from '../../../protocol/plan-data.ts';
import { imageDecoder } from './decode-image.ts';
import { subsetOfExamples, type ExampleSet } from './example-set.ts';
import { stampOf } from './file-stamp.ts';
import { examplesOf, makeRecords, type Making } from './image-cache.ts';

export interface ImageFile {
  /** Absolute. */
  file: string;
  /** For people. */
  name: string;
  label: number;
}

/** Changes with whatever changes pixels: old entries of the cache are then not used. */
const DECODER = 1;
const PROGRESS_MS = 250;

/**
 * @param field of the plan, named in progress and errors.
 * @throws StarsseError data-invalid when no file could be read; disk, cancelled
 */
export async function readImageSet(field: string, files: ImageFile[], image: PlanImage, classes: number, making: Making): Promise<ExampleSet> {
  const side = image.stored ?? image.size;
  const layout = { count: files.length, shape: [side, side, image.channels] as [number, number, number], values: 'pixels' as const };
  const stamps = await inParallel(files, 32, ({ file }) => stampOf(file));
  const records = await makeRecords([DECODER, image.fit, stamps], layout, false, making, async ({ put, unreadable }) => {
    const decode = await imageDecoder(image);
    const progress = counter(`Decoding the images of ${field}`, files.length, making);
    await inParallel(files, 2 * availableParallelism(), async ({ file }, position) => {
      progress(position);
      try {
        const { pixels, width, height } = await decode(file);
        await put(position, pixels, { width, height });
      } catch (error) {
        if (isOurs(error)) throw error;
        unreadable(position, reasonOf(error));
      }
    });
  });
  const whole = examplesOf(records, Int32Array.from(files, ({ label }) => label), classes, (position) => files[position].name);
  const set = { ...whole, sizes: records.sizes, unreadable: records.unreadable.map(([position, reason]) => `${files[position].name}: ${reason}`) };
  if (records.unreadable.length === 0) return set;
  if (records.unreadable.length === files.length) {
    throw new StarsseError('data-invalid', `${field}: none of the ${files.length} images can be read; ${set.unreadable[0]}`, { hint: 'PNG, JPEG, WebP, GIF, BMP and TIFF files are read.' });
  }
  const without = new Set(records.unreadable.map(([position]) => position));
  const readable = Uint32Array.from(files.keys()).filter((position) => !without.has(position));
  return { ...subsetOfExamples(set, readable), unreadable: set.unreadable };
}

/** Works through `items`, so many at a time, in order. The first error ends it. */
export async function inParallel<T, R>(items: T[], atOnce: number, work: (item: T, position: number) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const position = next++;
      try {
        results[position] = await work(items[position], position);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  return results;
}

/** Tells how far the work is and ends it when it is cancelled. */
export function counter(what: string, total: number, { onProgress, signal }: Making): (done: number) => void {
  let toldAt = Date.now();
  return (done) => {
    if (signal?.aborted === true) throw signal.reason instanceof StarsseError ? signal.reason : new StarsseError('cancelled', `${what} was cancelled`);
    if (Date.now() - toldAt < PROGRESS_MS) return;
    toldAt = Date.now();
    onProgress?.({ fraction: done / total, message: `${what}: ${done} of ${total}` });
  };
}

/** Not the image's fault: a disk that is full, for example. */
function isOurs(error: unknown): boolean {
  return error instanceof StarsseError || ['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM'].includes(String((error as NodeJS.ErrnoException).code));
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  return message.split('\n')[0].replace(/^Input (file|buffer) /, '').trim();
}
