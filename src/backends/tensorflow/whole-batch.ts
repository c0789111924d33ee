import { slice, type Tensor2D } from '@tensorflow/tfjs-core';
import { padded, type Pixels } from '../../core/pixels.ts';

/**
 * Logits of images, [batch, classes], by a pass that takes exactly `size` of them: a graph of its own for a short batch would cost more
 * than the images that are too many. @param pass gives [size, classes], which are disposed
 */
export function byWholeBatch(pixels: Pixels, size: number, pass: (pixels: Pixels) => Tensor2D): Tensor2D {
  const [count] = pixels.shape;
  if (count >= size) return pass(pixels);
  const logits = pass(padded(pixels, size));
  try {
    return slice(logits, [0, 0], [count, -1]);
  } finally {
    logits.dispose();
  }
}
