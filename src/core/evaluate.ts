/** Predictions of a network: forward passes in evaluation mode, batch after batch. */
import * as tf from '@tensorflow/tfjs-core';
import { batchesInOrder, plainBatches } from './batches.ts';
import type { Dataset } from './data.ts';
import type { Predictions } from './metrics.ts';
import type { Evaluator } from './runner.ts';

export interface EvaluationSettings {
  batchSize: number;
}

/**
 * Logits of every image, [images, classes], in the order of the dataset. Lets the event loop run after each batch.
 * @param evaluator has its weights
 * @param onProgress called with the share that is done, 0..1
 * @throws StarsseError what reading the images throws
 */
export async function predict(evaluator: Evaluator, dataset: Dataset, { batchSize }: EvaluationSettings, onProgress?: (fraction: number) => void): Promise<Predictions> {
  const { labels } = dataset;
  const { network, normalization } = evaluator;
  const { classes } = network;
  const all = new Float32Array(labels.length * classes);
  for await (const { positions, images } of plainBatches(dataset, batchesInOrder(labels.length, batchSize), normalization, network.inputShape)) {
    const logits = evaluator.logits(images);
    try {
      all.set(await logits.data(), positions[0] * classes);
    } finally {
      logits.dispose();
    }
    onProgress?.((positions[0] + positions.length) / labels.length);
    await tf.nextFrame();
  }
  return { logits: all, labels, classes };
}
