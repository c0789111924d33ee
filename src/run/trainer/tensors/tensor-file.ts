/** Files with tensors, of every kind that the inspector opens: what is in them, and their numbers piece by piece. */
import path from 'node:path';
import { MOST_TENSORS, type TensorTable } from '../../../protocol/checkpoint.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { openHdf5Tensors, openKerasTensors } from './hdf5-tensors.ts';
import { openSafetensors } from './safetensors-tensors.ts';
import { openTfjsTensors } from './tfjs-tensors.ts';

/** Numbers of a tensor, as the file has them or widened without loss; 64-bit integers above 2^53 are rounded. */
export type Numbers = Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

export interface TensorFile extends TensorTable {
  /**
   * Some numbers of a tensor. They may be overwritten by the call after the next one.
   * @param tensor its place in `tensors` @param from number from its start
   * @throws StarsseError file-invalid for a torn file, or a type without numbers
   */
  read(tensor: number, from: number, count: number): Promise<Numbers>;
  close(): Promise<void>;
}

/** Opens a file and reads what it says of itself, no numbers. @throws StarsseError file-missing, file-invalid */
export async function openTensorFile(file: string): Promise<TensorFile> {
  const opened = await opener(file)(file);
  if (opened.tensors.length > MOST_TENSORS) {
    await opened.close();
    throw new StarsseError('file-invalid', `${file} has ${opened.tensors.length} tensors; ${MOST_TENSORS} at most are shown`, { hint: 'The file is no network, or made to fill memory.' });
  }
  return opened;
}

/** Closes the files once `use` is done with them, also when opening one fails. */
export async function withTensorFiles<R>(files: readonly string[], use: (opened: TensorFile[]) => Promise<R>): Promise<R> {
  const opened: TensorFile[] = [];
  try {
    for (const file of files) opened.push(await openTensorFile(file));
    return await use(opened);
  } finally {
    for (const file of opened) await file.close();
  }
}

function opener(file: string): (file: string) => Promise<TensorFile> {
  switch (path.extname(file).toLowerCase()) {
    case '.safetensors':
      return openSafetensors;
    case '.json':
      return openTfjsTensors;
    case '.keras':
      return openKerasTensors;
    case '.h5':
    case '.hdf5':
      return openHdf5Tensors;
    default:
      throw new StarsseError('file-invalid', `${file} is no kind of checkpoint that is known here`, { hint: 'Name a .safetensors, .keras or .h5 file, or the model.json of a TensorFlow.js model.' });
  }
}
