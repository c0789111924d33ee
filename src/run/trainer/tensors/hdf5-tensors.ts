/** HDF5 files, and the one inside a .keras file. Their reader wants them whole in memory, so they are read here and nowhere else. */
import { readFile, stat } from 'node:fs/promises';
import { MOST_TENSORS, type TensorItem } from '../../../protocol/checkpoint.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { openHdf5, type Hdf5File } from '../checkpoint/hdf5-file.ts';
import { MOST_WEIGHT_BYTES, readKerasEntries } from '../checkpoint/keras-file.ts';
import type { TensorFile } from './tensor-file.ts';

/** NumPy's names of types, without the order of bytes. */
const TYPES: Record<string, { dtype: string; bytes: number }> = {
  f2: { dtype: 'F16', bytes: 2 }, f4: { dtype: 'F32', bytes: 4 }, f8: { dtype: 'F64', bytes: 8 },
  i1: { dtype: 'I8', bytes: 1 }, i2: { dtype: 'I16', bytes: 2 }, i4: { dtype: 'I32', bytes: 4 }, i8: { dtype: 'I64', bytes: 8 },
  u1: { dtype: 'U8', bytes: 1 }, u2: { dtype: 'U16', bytes: 2 }, u4: { dtype: 'U32', bytes: 4 }, u8: { dtype: 'U64', bytes: 8 },
};
/** Groups inside groups; a file may lead in circles. */
const DEEPEST = 24;

/** @throws StarsseError file-missing, file-invalid */
export async function openHdf5Tensors(file: string): Promise<TensorFile> {
  let sizeBytes: number;
  try {
    ({ size: sizeBytes } = await stat(file));
  } catch (cause) {
    throw new StarsseError('file-missing', `${file} is missing`, { cause, hint: 'Check the path.' });
  }
  if (sizeBytes > MOST_WEIGHT_BYTES) throw new StarsseError('file-invalid', `${file} has ${sizeBytes} bytes; HDF5 files are read whole, up to ${MOST_WEIGHT_BYTES} bytes`, { hint: 'Save the weights as safetensors.' });
  const { buffer, byteOffset, byteLength } = await readFile(file);
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  return { ...tensorsOf(openHdf5(bytes, file), file), kind: 'hdf5', sizeBytes };
}

/** @throws StarsseError file-missing, file-invalid */
export async function openKerasTensors(file: string): Promise<TensorFile> {
  const { weights } = await readKerasEntries(file);
  return { ...tensorsOf(openHdf5(weights, file), file), kind: 'keras', sizeBytes: (await stat(file)).size };
}

function tensorsOf(hdf5: Hdf5File, file: string): Pick<TensorFile, 'tensors' | 'metadata' | 'read' | 'close'> {
  const tensors: TensorItem[] = [];
  collect('', 0);
  let last: { tensor: number; values: Float64Array } | null = null;
  return {
    tensors,
    metadata: metadataOf(hdf5),
    read(tensor, from, count) {
      if (last?.tensor !== tensor) last = { tensor, values: hdf5.numbers(tensors[tensor].name) };
      return Promise.resolve(last.values.subarray(from, from + count));
    },
    close: () => Promise.resolve(),
  };

  function collect(group: string, depth: number): void {
    if (depth > DEEPEST) throw new StarsseError('file-invalid', `${file}: groups are nested more than ${DEEPEST} deep at ${group}`);
    for (const name of hdf5.names(group)) {
      const path = group === '' ? name : `${group}/${name}`;
      const shape = hdf5.shape(path);
      if (shape === null) collect(path, depth + 1);
      else tensors.push(item(path, shape, hdf5.dtype(path)));
      if (tensors.length > MOST_TENSORS) return;
    }
  }
}

function item(name: string, shape: number[], type: string): TensorItem {
  const known = TYPES[type.replace(/^[<>|=]/, '')];
  return { name, dtype: known?.dtype ?? type, shape, sizeBytes: shape.reduce((a, b) => a * b, known?.bytes ?? 0), start: null };
}

/** What Keras writes beside the root: short texts. */
function metadataOf(hdf5: Hdf5File): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of ['keras_version', 'backend', 'saved_at', 'model_config', 'training_config']) {
    const value = hdf5.attribute('', name);
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}
