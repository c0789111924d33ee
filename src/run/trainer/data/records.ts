/**
 * Examples as records of one size: in memory, or read from a file at their offsets, so that a set of any size takes no
 * more memory than what is asked for at once.
 */
import { open, read as readAt } from 'node:fs';
import { promisify } from 'node:util';
import { StarsseError } from '../../../protocol/errors.ts';

export interface Layout {
  count: number;
  /** [height, width, channels]; features are [1, 1, count]. */
  shape: [number, number, number];
  /** Bytes, or 32-bit floats. */
  values: 'pixels' | 'features';
}

/** Where records are: plain data that another thread can open. Memory is shared, not copied. */
export type RecordSource = { layout: Layout; bytes: SharedArrayBuffer } | { layout: Layout; file: string };

/** The records at the given positions, in that order, [positions, height, width, channels]. */
export type ReadRecords = (positions: Uint32Array) => Promise<Uint8Array | Float32Array>;

export function recordBytes({ shape, values }: Pick<Layout, 'shape' | 'values'>): number {
  return shape[0] * shape[1] * shape[2] * (values === 'pixels' ? 1 : 4);
}

/** Opens nothing before the first read; a file stays open until the process ends. */
export function openRecords(source: RecordSource): ReadRecords {
  const size = recordBytes(source.layout);
  const numbers = (bytes: Uint8Array): Uint8Array | Float32Array => (source.layout.values === 'pixels' ? bytes : new Float32Array(bytes.buffer));
  if ('bytes' in source) {
    const all = new Uint8Array(source.bytes);
    return (positions) => {
      const chosen = new Uint8Array(positions.length * size);
      for (const { from, count, target } of stretches(positions)) chosen.set(all.subarray(from * size, (from + count) * size), target * size);
      return Promise.resolve(numbers(chosen));
    };
  }
  let opened: Promise<number> | null = null;
  return async (positions) => {
    const descriptor = await (opened ??= promisify(open)(source.file, 'r'));
    const chosen = new Uint8Array(positions.length * size);
    const read = async ({ from, count, target }: Stretch): Promise<void> => {
      await readWhole(descriptor, chosen.subarray(target * size, (target + count) * size), from * size, source.file);
    };
    await Promise.all(Array.from(stretches(positions), read));
    return numbers(chosen);
  };
}

interface Stretch {
  from: number;
  count: number;
  target: number;
}

/** Positions that follow each other are read at once. */
function* stretches(positions: Uint32Array): Generator<Stretch> {
  for (let target = 0; target < positions.length; ) {
    let count = 1;
    while (target + count < positions.length && positions[target + count] === positions[target] + count) count++;
    yield { from: positions[target], count, target };
    target += count;
  }
}

async function readWhole(descriptor: number, into: Uint8Array, position: number, file: string): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await promisify(readAt)(descriptor, into, done, into.length - done, position + done);
    if (bytesRead === 0) {
      throw new StarsseError('file-invalid', `${file} is shorter than it was`, { hint: 'Run `starsse data --clear-cache`; the images are then decoded again.' });
    }
    done += bytesRead;
  }
}
