/**
 * Model stock (Jang, Yun and Han 2024, "Model stock: all we need is just a few fine-tuned models"): each layer's mean is drawn towards the pre-trained
 * weights, the more the wider the angle between what the members learned:
 *   W = t (W1 + ... + WK) / K + (1 - t) W0,   t = K cos / (1 + (K - 1) cos)
 * cos is the mean over pairs of the cosine between Wi - W0 and Wj - W0 in the layer; below 0 it counts as 0. Running statistics are the mean.
 */
import { addUp } from './linear.ts';
import { isStatistic, layerOf, type SoupRule } from './rule.ts';

/** @param parents at least 2, without the pre-trained network, which comes last */
export function modelStock(parents: number): SoupRule {
  const products = new Map<string, Float64Array>();
  const drawn = new Map<string, number>();
  return {
    looks: 1,
    look(_pass, tensor, stretch) {
      const layer = layerOf(tensor);
      let sums = products.get(layer);
      if (sums === undefined) products.set(layer, (sums = new Float64Array(parents * parents)));
      if (!isStatistic(tensor)) addProducts(sums, stretch, parents);
    },
    mix(tensor, stretch, _from, result) {
      const layer = layerOf(tensor);
      const known = drawn.get(layer) ?? ratioOf(products.get(layer)!, parents);
      drawn.set(layer, known);
      const t = isStatistic(tensor) ? 1 : known;
      addUp(stretch, { weights: [...new Array<number>(parents).fill(t), (1 - t) * parents], divisor: parents }, result);
    },
  };
}

/** Of the displacements from the last of the stretch: row by row, the upper triangle. */
function addProducts(sums: Float64Array, stretch: readonly ArrayLike<number>[], parents: number): void {
  const start = stretch[parents];
  for (let i = 0; i < parents; i++) {
    for (let j = i; j < parents; j++) {
      const [a, b] = [stretch[i], stretch[j]];
      let sum = sums[i * parents + j];
      for (let index = 0; index < start.length; index++) sum += (a[index] - start[index]) * (b[index] - start[index]);
      sums[i * parents + j] = sum;
    }
  }
}

/** t of a layer; 1 for one that no member moved. */
function ratioOf(sums: Float64Array, parents: number): number {
  let [cosines, pairs] = [0, 0];
  for (let i = 0; i < parents; i++) {
    for (let j = i + 1; j < parents; j++) {
      const lengths = Math.sqrt(sums[i * parents + i] * sums[j * parents + j]);
      if (lengths > 0) [cosines, pairs] = [cosines + sums[i * parents + j] / lengths, pairs + 1];
    }
  }
  if (pairs === 0) return 1;
  const cosine = Math.max(0, cosines / pairs);
  return (parents * cosine) / (1 + (parents - 1) * cosine);
}
