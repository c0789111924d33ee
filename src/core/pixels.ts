/** Images on their way to the network. */
import * as tf from '@tensorflow/tfjs-core';
import { normalizer, type Normalization } from './normalization.ts';

/** Images on the host: bytes as the data have them (normalised on the device), or floats that are normalised already. */
export interface Pixels {
  shape: [batch: number, height: number, width: number, channels: number];
  data: Uint8Array | Float32Array;
}

/** What the network sees of them, [batch, height, width, channels], float32, normalised. The caller disposes it. */
export function normalised({ shape, data }: Pixels, normalization: Normalization): tf.Tensor4D {
  if (data instanceof Float32Array) return tf.tensor4d(data, shape);
  const numbers = new Float32Array(data.length);
  normalizer(normalization, shape[3], 'pixels')(data, numbers);
  return tf.tensor4d(numbers, shape);
}
