/**
 * HDF5 files: groups, texts beside them and tensors of numbers, read by ranges and checked against what the file can hold. What the format
 * has in common with networks is read; links out of the file, foreign packings and virtual datasets are refused by name.
 */
import type { KerasTensor } from '../../../core/keras/keras-weights.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { numbersOf } from '../tensors/numbers.ts';
import type { Numbers } from '../tensors/tensor-file.ts';
import { readTexts } from './attributes.ts';
import type { ByteSource } from './bytes.ts';
import { openChunks, type Chunked } from './chunks.ts';
import type { Format } from './cursor.ts';
import { readLinks } from './groups.ts';
import { MESSAGE, messageAt, readMessages, type Message } from './object-header.ts';
import { readFilters, readStorage } from './storage.ts';
import { readSuperblock } from './superblock.ts';
import { readSpace, readType, type ElementType } from './types.ts';

export interface Hdf5Tensor {
  shape: number[];
  /** Safetensors' name of the type; of types that hold no numbers what they are, in words. */
  dtype: string;
  /** Bytes of an element. */
  width: number;
  /** Some of its numbers in the order of C. @throws StarsseError file-invalid where the file is torn, or there are no numbers */
  read(from: number, count: number): Numbers;
}

export interface Hdf5File {
  /** Names inside a group; empty where there is none. @throws StarsseError file-invalid */
  names(path: string): string[];
  /** Texts beside a group by their name; empty where there is none. @throws StarsseError file-invalid */
  texts(path: string): ReadonlyMap<string, string[]>;
  /** Null where there is none. @throws StarsseError file-invalid */
  tensor(path: string): Hdf5Tensor | null;
  /** All of a tensor. @throws StarsseError mismatch where it is missing; file-invalid where it is torn or not of floating point */
  floats(path: string): KerasTensor;
}

interface Entry {
  messages: Message[];
  /** Null for what is no group. */
  links: Map<string, number | null> | null;
}

/** A packed tensor may be larger than the file, but not by any factor. */
const MOST_GROWTH = 16;

/** @throws StarsseError file-invalid when the bytes are no HDF5 file */
export function openHdf5(source: ByteSource): Hdf5File {
  const { format, root } = readSuperblock(source);
  const entries = new Map<string, Entry | null>([['', entryAt(format, root)]]);
  const entry = (path: string): Entry | null => {
    let known = entries.get(path);
    if (known === undefined) {
      const slash = path.lastIndexOf('/');
      const address = entry(path.slice(0, Math.max(slash, 0)))?.links?.get(path.slice(slash + 1));
      known = address === undefined ? null : entryAt(format, address);
      entries.set(path, known);
    }
    return known;
  };
  const tensor = (path: string): Hdf5Tensor | null => {
    const found = entry(path);
    return found === null || found.links !== null ? null : tensorOf(format, found.messages, path);
  };
  return {
    names: (path) => [...(entry(path)?.links?.keys() ?? [])],
    texts: (path) => readTexts(format, entry(path)?.messages ?? []),
    tensor,
    floats(path) {
      const found = tensor(path);
      if (found === null) throw new StarsseError('mismatch', `${source.what} has no tensor ${path}`);
      if (!/^B?F\d/.test(found.dtype)) throw new StarsseError('file-invalid', `${source.what}: ${path} is of the type ${found.dtype}; floating point is read`);
      const values = found.read(0, found.shape.reduce((a, b) => a * b, 1));
      return { shape: found.shape, values: Float32Array.from(values) };
    },
  };
}

function entryAt(format: Format, address: number | null): Entry {
  const messages = readMessages(format, address);
  const links = readLinks(format, messages);
  return { messages, links: links && new Map(links.map((link) => [link.name, link.address])) };
}

function tensorOf(format: Format, messages: readonly Message[], path: string): Hdf5Tensor | null {
  const [typeAt, spaceAt] = [messageAt(format, messages, MESSAGE.datatype), messageAt(format, messages, MESSAGE.dataspace)];
  if (typeAt === null || spaceAt === null) return null;
  const type = readType(typeAt);
  const shape = readSpace(spaceAt) ?? [0];
  const { what, size } = format.source;
  const count = shape.reduce((a, b) => a * b, 1);
  let opened: ((from: number, count: number) => Uint8Array) | undefined;
  return {
    shape,
    dtype: type.dtype,
    width: type.bytes,
    read(from, wanted) {
      if (!type.isNumber) throw new StarsseError('file-invalid', `${what}: ${path} is of the type ${type.dtype}, which has no numbers`);
      if (!(count * type.bytes <= MOST_GROWTH * size)) throw new StarsseError('file-invalid', `${what}: ${path} claims to be [${shape.join(', ')}] in a file of ${size} bytes`);
      opened ??= openStorage(format, messages, shape, type, path);
      return numbersOf(type.dtype, littleEndian(opened(from, wanted), type), `${what}: ${path}`);
    },
  };
}

/** @returns what reads the bytes of some elements */
function openStorage(format: Format, messages: readonly Message[], shape: readonly number[], type: ElementType, path: string): (from: number, count: number) => Uint8Array {
  const bytes = shape.reduce((a, b) => a * b, type.bytes);
  const storage = readStorage(format, messages, bytes);
  if (storage.kind === 'chunks') {
    const chunked: Chunked = openChunks(format, storage, readFilters(format, messages), shape, type.bytes);
    return (from, count) => chunked.read(from, count);
  }
  const { place, bytes: stored } = storage;
  if (stored < bytes) throw new StarsseError('file-invalid', `${format.source.what}: ${path} holds ${stored} bytes, its shape [${shape.join(', ')}] needs ${bytes}`);
  return (from, count) => (place === null ? new Uint8Array(count * type.bytes) : format.source.bytes(place + from * type.bytes, count * type.bytes));
}

/** @returns bytes on a boundary of their numbers; those of the source itself where nothing had to be changed */
function littleEndian(bytes: Uint8Array, { bigEndian, bytes: width }: ElementType): Uint8Array {
  if (!bigEndian || width === 1) return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const turned = Buffer.from(bytes.slice().buffer);
  if (width === 2) turned.swap16();
  else if (width === 4) turned.swap32();
  else turned.swap64();
  return turned;
}
