/**
 * Images on their way to the network: bytes cross to the device as they are and are normalised there. Two kernels, which every
 * back end registers in its own form:
 *
 *   UploadBytes    -; data, shape              -> the bytes, as the device holds them best (a tensor for the other kernel only)
 *   NormalizeBytes bytes; shape, scale, offset -> y [..., channels] = scale byte + offset, float32; scale and offset a channel
 */
import * as tf from '@tensorflow/tfjs-core';
import { StarsseError } from '../protocol/errors.ts';
import { checkNormalization, type Normalization } from './normalization.ts';

/** Images on the host: bytes as the data have them (normalised on the device), or floats that are normalised already. */
export interface Pixels {
  shape: [batch: number, height: number, width: number, channels: number];
  data: Uint8Array | Float32Array;
}

/** What NormalizeBytes is told. */
export interface ByteScaling {
  /** [batch, height, width, channels] */
  shape: number[];
  /** [channels] */
  scale: number[];
  offset: number[];
}

/** More images, black ones behind the others: for who computes batches of one size only. */
export function padded({ shape: [, height, width, channels], data }: Pixels, batch: number): Pixels {
  const length = batch * height * width * channels;
  const filled = data instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  filled.set(data);
  return { shape: [batch, height, width, channels], data: filled };
}

/** Images on the device, as they crossed. The caller disposes the result; the numbers must not change any more. */
export function upload({ shape, data }: Pixels): tf.Tensor {
  if (data instanceof Float32Array) return tf.tensor4d(data, shape);
  return tf.engine().runKernel('UploadBytes', {}, { data: data as unknown as number[], shape });
}

/**
 * What the network sees of uploaded images, [batch, height, width, channels], float32.
 * @param normalization null for floats, which are normalised already and are the result
 */
export function normalisedOnDevice(uploaded: tf.Tensor, shape: readonly number[], normalization: Normalization | null): tf.Tensor4D {
  if (normalization === null) return uploaded as tf.Tensor4D;
  const channels = shape[shape.length - 1];
  checkNormalization(normalization, channels);
  const { mean, std } = normalization;
  const places = Array.from({ length: channels }, (_, channel) => channel);
  return tf.engine().runKernel('NormalizeBytes', { bytes: uploaded }, {
    shape: [...shape],
    scale: places.map((channel) => 1 / (255 * std[channel % std.length])),
    offset: places.map((channel) => -mean[channel % mean.length] / std[channel % std.length]),
  });
}

/** Mixup of a batch with itself, from behind: share x + (1 - share) other (see augment/mix.ts). */
export function mixedOnDevice(images: tf.Tensor4D, share: tf.Scalar): tf.Tensor4D {
  return tf.tidy(() => tf.add(tf.mul(images, share), tf.mul(tf.reverse(images, 0), tf.sub(1, share))));
}

/** What the network sees of images on the host; the caller disposes it. */
export function normalised(pixels: Pixels, normalization: Normalization): tf.Tensor4D {
  return tf.tidy(() => normalisedOnDevice(upload(pixels), pixels.shape, formOf(pixels, normalization)));
}

/** @returns null for floats. @throws StarsseError internal for bytes without a normalization */
export function formOf({ data }: Pixels, normalization: Normalization | null): Normalization | null {
  if (data instanceof Float32Array) return null;
  if (normalization === null) throw new StarsseError('internal', 'bytes came where normalised floats were expected');
  return normalization;
}
