/** HDF5 files: groups and float tensors. The reader trusts what a file says of itself, so it runs against the clock and is checked. */
import { createContext, Script } from 'node:vm';
import { Dataset, File, Group } from 'jsfive';
import type { KerasTensor } from '../../../core/keras/keras-weights.ts';
import { StarsseError } from '../../../protocol/errors.ts';

/** Reading a group or a tensor takes milliseconds; a file that leads the reader in circles never ends. */
const LONGEST_MS = 60_000;
const FLOATS = ['<f2', '<f4', '<f8'];
const NUMBERS = /^[<>|=]?[fiu][1248]$/;

export interface Hdf5File {
  /** Names inside a group; empty where there is none. @throws StarsseError file-invalid */
  names(path: string): string[];
  /** A text or list of texts beside a group; undefined where there is none. @throws StarsseError file-invalid */
  attribute(path: string, name: string): unknown;
  /** Shape of the tensor; null where there is none. @throws StarsseError file-invalid */
  shape(path: string): number[] | null;
  /** @throws StarsseError file-invalid where it is missing, torn or of another type than floating point */
  read(path: string): KerasTensor;
  /** NumPy's name of the type, <f4; of others what the reader makes of it. @throws StarsseError file-invalid */
  dtype(path: string): string;
  /** Of floating-point and integer types, as doubles. @throws StarsseError file-invalid where it is missing, torn or of another type */
  numbers(path: string): Float64Array;
}

/** @throws StarsseError file-invalid when the bytes are no HDF5 file */
export function openHdf5(bytes: ArrayBuffer, what: string): Hdf5File {
  const root = guarded(() => new File(bytes, what), what);
  const groups = new Map<string, Group | null>([['', root]]);
  const group = (path: string): Group | null => {
    let known = groups.get(path);
    if (known === undefined) {
      const { parent, name } = split(path);
      const found = child(group(parent), name);
      known = found instanceof Group ? found : null;
      groups.set(path, known);
    }
    return known;
  };
  const dataset = (path: string): Dataset | null => {
    const { parent, name } = split(path);
    const found = child(group(parent), name);
    return found instanceof Dataset ? found : null;
  };
  return {
    names: (path) => guarded(() => group(path)?.keys ?? [], what),
    attribute: (path, name) => guarded(() => group(path)?.attrs[name], what),
    shape: (path) => guarded(() => dataset(path)?.shape ?? null, what),
    read: (path) => guarded(() => floats(dataset(path), path, bytes.byteLength, what), what),
    dtype: (path) => guarded(() => typeName(dataset(path)?.dtype), what),
    numbers: (path) => guarded(() => doubles(dataset(path), path, bytes.byteLength, what), what),
  };
}

function child(parent: Group | null, name: string): Group | Dataset | null {
  return parent?.keys.includes(name) === true ? parent.get(name) : null;
}

function split(path: string): { parent: string; name: string } {
  const slash = path.lastIndexOf('/');
  return { parent: path.slice(0, Math.max(slash, 0)), name: path.slice(slash + 1) };
}

function typeName(dtype: unknown): string {
  return typeof dtype === 'string' ? dtype : JSON.stringify(dtype ?? null);
}

function floats(dataset: Dataset | null, path: string, fileBytes: number, what: string): KerasTensor {
  const { shape, values } = checked(dataset, path, (dtype) => FLOATS.includes(dtype), '16, 32 and 64 bit floating point', fileBytes, what);
  return { shape, values: Float32Array.from(values()) };
}

function doubles(dataset: Dataset | null, path: string, fileBytes: number, what: string): Float64Array {
  const { values } = checked(dataset, path, (dtype) => NUMBERS.test(dtype), 'floating point and integers', fileBytes, what);
  return Float64Array.from(values(), Number);
}

/** @param fits the types that are read @param known their names in an error @throws StarsseError file-invalid, mismatch */
function checked(dataset: Dataset | null, path: string, fits: (dtype: string) => boolean, known: string, fileBytes: number, what: string): { shape: number[]; values: () => ArrayLike<number> } {
  if (dataset === null) throw new StarsseError('mismatch', `${what} has no tensor ${path}`);
  const { shape = [], dtype } = dataset;
  if (typeof dtype !== 'string' || !fits(dtype)) throw new StarsseError('file-invalid', `${what}: ${path} is of the type ${JSON.stringify(dtype)}; ${known} are read`);
  const count = shape.reduce((a, b) => a * b, 1);
  // A packed tensor may be larger than the file, but not by any factor.
  if (!Number.isSafeInteger(count) || count > 16 * fileBytes) throw new StarsseError('file-invalid', `${what}: ${path} claims to be [${String(shape)}] in a file of ${fileBytes} bytes`);
  const values = (): ArrayLike<number> => {
    const found = dataset.value;
    if (found.length !== count) throw new StarsseError('file-invalid', `${what}: ${path} holds ${found.length} numbers, its shape [${String(shape)}] needs ${count}`);
    return found;
  };
  return { shape: [...shape], values };
}

/** A script with a time limit also ends what it calls. */
const script = new Script('read()');
const sandbox: { read: () => unknown } = { read: () => undefined };
createContext(sandbox);

/** The reader throws texts, and errors of whatever it stumbles over. */
function guarded<T>(read: () => T, what: string): T {
  try {
    sandbox.read = read;
    return script.runInContext(sandbox, { timeout: LONGEST_MS }) as T;
  } catch (error) {
    if (error instanceof StarsseError) throw error;
    const reason = typeof error === 'string' ? error : ((error as Error | undefined)?.message ?? 'unknown');
    throw new StarsseError('file-invalid', `${what}: not a whole HDF5 file: ${reason}`, { cause: error, hint: 'The file is torn or of another kind. Copy or make it again.' });
  }
}
