/** A layers model of TensorFlow.js as files: model.json and shards of 4 MB, as its own converters write them. */
import { kerasFromNetwork } from '../../../core/keras/keras-from-network.ts';
import type { ModelFile } from '../../../protocol/network.ts';
import type { TensorData } from '../../../protocol/tensor.ts';
import { VERSION } from '../../../protocol/version.ts';
import type { ExportedFile } from './exported-file.ts';

const SHARD_BYTES = 4 * 1024 * 1024;

/** @param about goes into the file's userDefinedMetadata; `output` is logits when it does not say @throws StarsseError usage, listing the layers that such a model cannot have */
export function tfjsFiles({ network, classNames, normalization }: ModelFile, tensors: readonly TensorData[], about: Record<string, unknown>): ExportedFile[] {
  const { topology, weights } = kerasFromNetwork(network, tensors);
  const bytes = new Uint8Array(weights.reduce((sum, { values }) => sum + values.byteLength, 0));
  let start = 0;
  for (const { values } of weights) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
    start += values.byteLength;
  }
  const count = Math.max(1, Math.ceil(bytes.length / SHARD_BYTES));
  const shards = Array.from({ length: count }, (_, index): ExportedFile => ({
    name: `group1-shard${index + 1}of${count}.bin`,
    content: bytes.subarray(index * SHARD_BYTES, (index + 1) * SHARD_BYTES),
  }));
  const model = {
    format: 'layers-model',
    generatedBy: `starsse ${VERSION}`,
    convertedBy: null,
    modelTopology: { ...topology, keras_version: '2.13.0', backend: 'tensorflow' },
    weightsManifest: [{ paths: shards.map(({ name }) => name), weights: weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })) }],
    userDefinedMetadata: { output: 'logits', ...about, classNames, normalization },
  };
  return [{ name: 'model.json', content: JSON.stringify(model) }, ...shards];
}
