/** `.keras` files of Keras 3: a zip with config.json (topology) and model.weights.h5. Nothing in them is run. */
import { networkFromKeras, type KerasNetwork, type WantedNetwork } from '../../../core/keras/network-from-keras.ts';
import { readTopology } from '../../../core/keras/topology.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { ByteSource } from '../hdf5/bytes.ts';
import { openHdf5 } from '../hdf5/hdf5-file.ts';
import { weightsOfStore } from './hdf5-weights.ts';
import { parseModelJson } from './model-json.ts';
import { openZipEntries } from './zip-entries.ts';

/** Unpacked into memory; what is stored as it is, as Keras does, is read by ranges and may be larger. */
const MOST_WEIGHT_BYTES = 4_000_000_000;
const MOST_CONFIG_BYTES = 100_000_000;

/** @throws StarsseError file-missing, file-invalid, mismatch */
export async function readKerasFile(file: string, wanted: WantedNetwork): Promise<KerasNetwork> {
  const { config, weights } = await openKerasFile(file);
  try {
    const graph = readTopology(parseModelJson(new TextDecoder().decode(config.bytes(0, config.size)), file), file);
    const store = await openHdf5(weights);
    try {
      return networkFromKeras(graph, weightsOfStore(store, file), wanted, file);
    } finally {
      store.close();
    }
  } finally {
    weights.close();
    config.close();
  }
}

/** config.json, and model.weights.h5; the caller closes them. @throws StarsseError file-missing, file-invalid */
export async function openKerasFile(file: string): Promise<{ config: ByteSource; weights: ByteSource }> {
  const entries = await openZipEntries(file, { 'config.json': MOST_CONFIG_BYTES, 'model.weights.h5': MOST_WEIGHT_BYTES });
  const [config, weights] = [entries.get('config.json'), entries.get('model.weights.h5')];
  if (config === undefined || weights === undefined) {
    config?.close();
    weights?.close();
    throw new StarsseError('file-invalid', `${file} has no ${config === undefined ? 'config.json' : 'model.weights.h5'}: it is no model that Keras 3 saved`, { hint: 'Save it with model.save("name.keras"), in one file.' });
  }
  return { config, weights };
}
