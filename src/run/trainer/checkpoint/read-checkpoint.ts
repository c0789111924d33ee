/** Pre-trained weights and networks from files of other programs, by kind of file. */
import path from 'node:path';
import type { Normalization } from '../../../core/normalization.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { NetworkSpec } from '../../../protocol/network.ts';
import type { TensorData } from '../../../protocol/tensor.ts';
import { readSafetensors } from '../../safetensors-file.ts';
import { refuseOldKeras, refusePytorch } from './converted-files.ts';
import { fingerprintOfFiles } from './fingerprint.ts';
import { readKerasFile } from './keras-file.ts';
import { readTfjsModel } from './tfjs-model.ts';

export interface Checkpoint {
  /** PyTorch's names and layouts where the file describes no network; else those of `network`. */
  tensors: TensorData[];
  /** Null where the file holds weights alone. */
  network: NetworkSpec | null;
  /** What the network expects of pixels; null where the file does not say. */
  normalization: Normalization | null;
  /** SHA-256 of all that was read, hex. */
  fingerprint: string;
}

/** What the plan's data say of the network: a network of a file is made to fit where it can be. */
export interface Wanted {
  /** [height, width, channels] */
  inputShape?: [number, number, number];
  /** Another number of classes gives the network another last layer, whose tensors are left out. */
  classes?: number;
}

/** @throws StarsseError file-missing; file-invalid for a torn, hostile or unknown file; mismatch when the network cannot be what is wanted */
export async function readCheckpoint(file: string, wanted: Wanted = {}): Promise<Checkpoint> {
  switch (path.extname(file).toLowerCase()) {
    case '.safetensors':
      return { tensors: (await readSafetensors(file)).tensors, network: null, normalization: null, fingerprint: await fingerprintOfFiles([file]) };
    case '.keras':
      return { ...(await readKerasFile(file, wanted)), fingerprint: await fingerprintOfFiles([file]) };
    case '.json': {
      const { files, ...model } = await readTfjsModel(file, wanted);
      return { ...model, fingerprint: await fingerprintOfFiles(files) };
    }
    case '.pt':
    case '.pth':
    case '.bin':
      throw refusePytorch(file);
    case '.h5':
    case '.hdf5':
      throw refuseOldKeras(file);
    default:
      throw new StarsseError('file-invalid', `${file} is no kind of checkpoint that is known here`, { hint: 'Name a .safetensors file, the model.json of a TensorFlow.js layers model, or a .keras file.' });
  }
}
