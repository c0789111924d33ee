/** Predictions of a network: forward passes in evaluation mode, batch after batch. */
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkSpec } from '../protocol/network.ts';
import { batchesInOrder, plainBatches } from './batches.ts';
import type { Dataset } from './data.ts';
import { forward } from './forward.ts';
import type { Predictions } from './metrics.ts';
import type { Normalization } from './normalization.ts';
import type { Weights } from './weights.ts';

export interface EvaluationSettings {
  normalization: Normalization;
  batchSize: number;
}

/**
 * Logits of every image, [images, classes], in the order of the dataset. Lets the event loop run after each batch.
 * @param onProgress called with the share that is done, 0..1
 * @throws StarsseError what reading the images throws
 */
export async function predict(
  network: NetworkSpec,
  weights: Weights,
  dataset: Dataset,
  { normalization, batchSize }: EvaluationSettings,
  onProgress?: (fraction: number) => void,
): Promise<Predictions> {
  const { labels } = dataset;
  const { classes } = network;
  const all = new Float32Array(labels.length * classes);
  for await (const { positions, images } of plainBatches(dataset, batchesInOrder(labels.length, batchSize), normalization, network.inputShape)) {
    const logits = tf.tidy(() => {
      try {
        return forward(network, weights, images, { training: false }).logits;
      } finally {
        images.dispose();
      }
    });
    all.set(await logits.data(), positions[0] * classes);
    logits.dispose();
    onProgress?.((positions[0] + positions.length) / labels.length);
    await tf.nextFrame();
  }
  return { logits: all, labels, classes };
}
