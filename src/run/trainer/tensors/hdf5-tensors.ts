/** Tensors of HDF5 files, and of the one inside a .keras file: structure first, numbers by ranges. */
import { stat } from 'node:fs/promises';
import { MOST_TENSORS, type TensorItem } from '../../../protocol/checkpoint.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { openKerasFile } from '../checkpoint/keras-file.ts';
import { fileBytes, type ByteSource } from '../hdf5/bytes.ts';
import { openHdf5, type Hdf5File, type Hdf5Tensor } from '../hdf5/hdf5-file.ts';
import type { TensorFile } from './tensor-file.ts';

/** Groups inside groups, and all of them; a file may lead in circles. */
const DEEPEST = 24;
const MOST_GROUPS = MOST_TENSORS;
/** What Keras writes beside the root: short texts. */
const METADATA = ['keras_version', 'backend', 'saved_at', 'model_config', 'training_config'];

/** @throws StarsseError file-missing, file-invalid */
export async function openHdf5Tensors(file: string): Promise<TensorFile> {
  const bytes = fileBytes(file);
  return { ...(await closedOnFailure(bytes, file)), kind: 'hdf5', sizeBytes: bytes.size };
}

/** @throws StarsseError file-missing, file-invalid */
export async function openKerasTensors(file: string): Promise<TensorFile> {
  const { weights } = await openKerasFile(file);
  return { ...(await closedOnFailure(weights, file)), kind: 'keras', sizeBytes: (await stat(file)).size };
}

async function closedOnFailure(bytes: ByteSource, file: string): Promise<Pick<TensorFile, 'tensors' | 'metadata' | 'read' | 'close'>> {
  let hdf5: Hdf5File | undefined;
  try {
    hdf5 = await openHdf5(bytes);
    return tensorsOf(hdf5, bytes, file);
  } catch (error) {
    hdf5?.close();
    bytes.close();
    throw error;
  }
}

function tensorsOf(hdf5: Hdf5File, bytes: ByteSource, file: string): Pick<TensorFile, 'tensors' | 'metadata' | 'read' | 'close'> {
  const found: Hdf5Tensor[] = [];
  const tensors: TensorItem[] = [];
  let groups = 0;
  hdf5.together(() => collect('', 0));
  return {
    tensors,
    metadata: metadataOf(hdf5),
    read: (tensor, from, count) => Promise.resolve().then(() => found[tensor].read(from, count)),
    close() {
      hdf5.close();
      bytes.close();
      return Promise.resolve();
    },
  };

  function collect(group: string, depth: number): void {
    if (depth > DEEPEST) throw new StarsseError('file-invalid', `${file}: groups are nested more than ${DEEPEST} deep at ${group}`);
    if (++groups > MOST_GROUPS) throw new StarsseError('file-invalid', `${file} has more than ${MOST_GROUPS} groups`);
    for (const name of hdf5.names(group)) {
      const path = group === '' ? name : `${group}/${name}`;
      const tensor = hdf5.tensor(path);
      if (tensor === null) {
        collect(path, depth + 1);
      } else {
        found.push(tensor);
        tensors.push({ name: path, dtype: tensor.dtype, shape: tensor.shape, sizeBytes: tensor.shape.reduce((a, b) => a * b, tensor.width), start: null });
      }
      if (tensors.length > MOST_TENSORS) return;
    }
  }
}

function metadataOf(hdf5: Hdf5File): Record<string, string> {
  const texts = hdf5.texts('');
  return Object.fromEntries(METADATA.flatMap((name) => texts.get(name)?.slice(0, 1).map((text) => [name, text]) ?? []));
}
