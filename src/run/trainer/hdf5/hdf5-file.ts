/** HDF5 files: groups, texts beside them and tensors of numbers, by ranges and checked against what the file can hold. Links out of the file are not followed. */
import type { KerasTensor } from '../../../core/keras/keras-weights.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { numbersOf } from '../tensors/numbers.ts';
import type { Numbers } from '../tensors/tensor-file.ts';
import { torn, type ByteSource } from './bytes.ts';
import { openInLibrary, type LibraryFile, type Metadata } from './library.ts';
import { slabs } from './slabs.ts';

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
  /** What is asked for inside `use` is asked for as one call, which is much quicker. */
  together<T>(use: () => T): T;
  /** The source stays open. */
  close(): void;
}

/** A packed tensor may be larger than the file, but not by any factor. */
const MOST_GROWTH = 16;
/** Of texts beside a group. */
const MOST_TEXT_BYTES = 100_000_000;
/** Numbers of the library's classes of types. */
const [INTEGER, FLOAT, TEXT, ENUMERATION] = [0, 1, 3, 8];
const OTHERS: Record<number, string> = { 2: 'time', 3: 'text', 4: 'bits', 5: 'opaque', 6: 'compound', 7: 'reference', 8: 'enumeration', 9: 'variable length', 10: 'array' };

/** @throws StarsseError file-invalid when the bytes are no HDF5 file */
export async function openHdf5(source: ByteSource): Promise<Hdf5File> {
  const file = await openInLibrary(source);
  /** One of the library's H5G_ numbers; below zero where there is nothing. */
  const kindOf = remembered((path) => file.call((library, id) => library.get_type(id, place(path))));
  const isGroup = (path: string): boolean => kindOf(path) === file.call(({ H5G_GROUP }) => H5G_GROUP);
  const isTensor = (path: string): boolean => kindOf(path) === file.call(({ H5G_DATASET }) => H5G_DATASET);
  const tensor = remembered((path) => (isTensor(path) ? tensorOf(file, source, path, file.call((library, id) => library.get_dataset_metadata(id, place(path)))) : null));
  return {
    names: (path) =>
      file.call((library, id) => {
        const names = isGroup(path) ? library.get_names(id, place(path), false) : [];
        const inside = (name: string): string => (path === '' ? name : `${path}/${name}`);
        const lost = names.find((name) => kindOf(inside(name)) < 0);
        if (lost !== undefined) throw torn(source.what, `nothing can be read of ${inside(lost)}`);
        return names.filter((name) => isGroup(inside(name)) || isTensor(inside(name)));
      }),
    texts: (path) => (isGroup(path) ? textsOf(file, path) : new Map<string, string[]>()),
    tensor,
    floats(path) {
      const found = tensor(path);
      if (found === null) throw new StarsseError('mismatch', `${source.what} has no tensor ${path}`);
      if (!found.dtype.startsWith('F')) throw new StarsseError('file-invalid', `${source.what}: ${path} is of the type ${found.dtype}; floating point is read`);
      const values = found.read(0, found.shape.reduce((a, b) => a * b, 1));
      return { shape: found.shape, values: Float32Array.from(values) };
    },
    together: (use) => file.call(use),
    close: () => file.close(),
  };
}

function place(path: string): string {
  return `/${path}`;
}

function remembered<T>(find: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>();
  return (path) => {
    if (!known.has(path)) known.set(path, find(path));
    return known.get(path)!;
  };
}

function textsOf(file: LibraryFile, path: string): Map<string, string[]> {
  const names = file.call((library, id) =>
    library.get_attribute_names(id, place(path)).filter((name) => {
      const { type, shape, size, total_size: count } = library.get_attribute_metadata(id, place(path), name);
      if (size * count > MOST_TEXT_BYTES) throw new Error(`${name} claims to be ${count} times ${size} bytes`);
      return type === TEXT && shape !== null;
    }),
  );
  return new Map(names.map((name) => [name, [file.attribute(place(path), name)].flat().map(String)]));
}

function tensorOf(file: LibraryFile, source: ByteSource, path: string, metadata: Metadata): Hdf5Tensor {
  const { size: width } = metadata;
  const shape = metadata.shape ?? [0];
  const dtype = typeOf(metadata);
  const count = shape.reduce((a, b) => a * b, 1);
  return {
    shape,
    dtype,
    width,
    read(from, wanted) {
      if (!/^([FIU]\d+|BOOL)$/.test(dtype)) throw new StarsseError('file-invalid', `${source.what}: ${path} is of the type ${dtype}, which has no numbers`);
      if (!(count * width <= MOST_GROWTH * source.size)) throw new StarsseError('file-invalid', `${source.what}: ${path} claims to be [${shape.join(', ')}] in a file of ${source.size} bytes`);
      const bytes = new Uint8Array(wanted * width);
      let done = 0;
      for (const slab of slabs(shape, from, wanted)) {
        const size = slab.counts.reduce((a, b) => a * b, width);
        bytes.set(file.bytes(place(path), size, shape.length === 0 ? null : slab), done);
        done += size;
      }
      return numbersOf(dtype, bytes, `${source.what}: ${path}`);
    },
  };
}

function typeOf({ type, size, signed, enum_type: members, vlen }: Metadata): string {
  if (type === INTEGER) return `${signed ? 'I' : 'U'}${size * 8}`;
  if (type === FLOAT) return [2, 4, 8].includes(size) ? `F${size * 8}` : `float of ${size} bytes`;
  // What h5py writes for true and false.
  if (type === ENUMERATION && size === 1 && Object.keys(members?.members ?? {}).toSorted().join() === 'FALSE,TRUE') return 'BOOL';
  return type === TEXT && !vlen ? `text of ${size} bytes` : (OTHERS[type] ?? `type ${type}`);
}
