/** What Keras gave for its own models, in the files of keras_models.py. */
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { forward } from '../../src/core/forward.ts';
import { disposeTensors, weightsFrom } from '../../src/core/weights.ts';
import type { NetworkSpec } from '../../src/protocol/network.ts';
import { floatsOf, type TensorData } from '../../src/protocol/tensor.ts';
import { readCheckpoint, type Checkpoint } from '../../src/run/trainer/checkpoint/read-checkpoint.ts';
import { readSafetensors } from '../../src/run/safetensors-file.ts';
import { worstDifference } from './logits.ts';

export const KERAS_FIXTURES = path.join(import.meta.dirname, '../fixtures/keras');

export interface KerasReference {
  checkpoint: Checkpoint & { network: NetworkSpec };
  /** [n, height, width, channels] */
  images: TensorData;
  /** [n, classes], flat */
  logits: Float32Array;
}

export async function kerasReference(folder: string, name: string): Promise<KerasReference> {
  const checkpoint = await readCheckpoint(path.join(folder, `${name}.keras`));
  if (checkpoint.network === null) throw new Error(`${name}.keras gave no network`);
  const { tensors } = await readSafetensors(path.join(folder, `${name}.safetensors`));
  const [images, logits] = ['x', 'y'].map((wanted) => tensors.find((tensor) => tensor.name === wanted)!);
  return { checkpoint: { ...checkpoint, network: checkpoint.network }, images, logits: floatsOf(logits) };
}

/** Logits of images [n, height, width, channels] on the current back end. */
export async function logitsOfImages(network: NetworkSpec, tensors: readonly TensorData[], images: TensorData): Promise<Float32Array> {
  const weights = weightsFrom(network, tensors, 'test');
  const batch = tf.tensor4d(floatsOf(images), images.shape as [number, number, number, number]);
  const { logits } = forward(network, weights, batch, { training: false });
  const values = (await logits.data()) as Float32Array;
  tf.dispose([batch, logits]);
  disposeTensors(weights);
  return values;
}

export async function differenceToKeras({ checkpoint, images, logits }: KerasReference): Promise<number> {
  return worstDifference(await logitsOfImages(checkpoint.network, checkpoint.tensors, images), logits);
}
