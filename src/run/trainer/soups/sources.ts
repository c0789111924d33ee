/** Networks that go into a soup, read piece by piece. */
import { open, type FileHandle } from 'node:fs/promises';
import { StarsseError } from '../../../protocol/errors.ts';
import type { TensorInfo } from '../../../core/soups/rule.ts';
import type { TensorEntry } from '../../../protocol/safetensors.ts';
import type { TensorData } from '../../../protocol/tensor.ts';
import { readInto, readSafetensorsHeader } from '../../safetensors-file.ts';

/** Some bytes of a tensor, and where to put them. */
export interface Piece {
  tensor: string;
  /** Bytes from the tensor's start. */
  from: number;
  into: Uint8Array;
}

export interface SoupSource {
  name: string;
  tensors: readonly TensorInfo[];
  /** @throws StarsseError file-invalid */
  read(pieces: readonly Piece[]): Promise<void>;
  close(): Promise<void>;
}

/** A safetensors file, held open. Only its header is read here. @throws StarsseError file-missing, file-invalid */
export async function fileSource(name: string, file: string): Promise<SoupSource & { tensors: readonly TensorEntry[] }> {
  const { tensors } = await readSafetensorsHeader(file);
  const starts = new Map(tensors.map((tensor) => [tensor.name, tensor.start]));
  const handle = await open(file, 'r');
  return { name, tensors, read: async (pieces) => await readPieces(handle, pieces, starts, file), close: async () => await handle.close() };
}

export function memorySource(name: string, tensors: readonly TensorData[]): SoupSource {
  const bytes = new Map(tensors.map((tensor) => [tensor.name, tensor.data]));
  return {
    name,
    tensors,
    read(pieces) {
      for (const { tensor, from, into } of pieces) into.set(bytes.get(tensor)!.subarray(from, from + into.byteLength));
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** Closes them all once `use` is done with them, also when opening one fails. */
export async function withSources<R>(sources: Iterable<() => Promise<SoupSource>>, use: (opened: SoupSource[]) => Promise<R>): Promise<R> {
  const opened: SoupSource[] = [];
  try {
    for (const source of sources) opened.push(await source());
    return await use(opened);
  } finally {
    for (const source of opened) await source.close();
  }
}

/** Neighbours in the file are read together. */
async function readPieces(handle: FileHandle, pieces: readonly Piece[], starts: ReadonlyMap<string, number>, file: string): Promise<void> {
  const placed = pieces.map(({ tensor, from, into }) => ({ at: placeOf(starts, tensor, file) + from, into }));
  let first = 0;
  for (let next = 1; next <= placed.length; next++) {
    const before = placed[next - 1];
    if (next < placed.length && placed[next].at === before.at + before.into.byteLength) continue;
    await readInto(handle, placed[first].at, placed.slice(first, next).map(({ into }) => into), file);
    first = next;
  }
}

function placeOf(starts: ReadonlyMap<string, number>, tensor: string, file: string): number {
  const start = starts.get(tensor);
  if (start === undefined) throw new StarsseError('mismatch', `${file} has no tensor "${tensor}"`);
  return start;
}
