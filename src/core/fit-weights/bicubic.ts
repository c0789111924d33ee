/**
 * Bicubic resampling with a filter that widens when the grid shrinks (Keys 1981, a = -1/2), as PyTorch's `interpolate` does
 * with `antialias`: an output number is the weighted mean of the numbers within two steps of its place, steps of the coarser grid.
 */
const A = -0.5;
const REACH = 2;

/** @param values [height, width, channels] @returns [newHeight, newWidth, channels] */
export function resampled(values: Float32Array, [height, width, channels]: number[], [newHeight, newWidth]: number[]): Float32Array {
  // Along rows, then along columns: the filter is a product.
  const wide = along(values, height, width, channels, newWidth); // [height, newWidth, channels]
  return Float32Array.from(along(wide, 1, height, newWidth * channels, newHeight));
}

/** Resamples the middle axis of [outer, length, inner]. */
function along(values: ArrayLike<number>, outer: number, length: number, inner: number, newLength: number): Float64Array {
  const result = new Float64Array(outer * newLength * inner);
  for (let place = 0; place < newLength; place++) {
    const { first, weights } = weightsAt(place, length, newLength);
    for (let block = 0; block < outer; block++) {
      const target = (block * newLength + place) * inner;
      for (const [tap, weight] of weights.entries()) {
        const source = (block * length + first + tap) * inner;
        for (let k = 0; k < inner; k++) result[target + k] += weight * values[source + k];
      }
    }
  }
  return result;
}

function weightsAt(place: number, length: number, newLength: number): { first: number; weights: number[] } {
  const scale = length / newLength;
  const step = Math.max(scale, 1);
  const centre = scale * (place + 0.5);
  const first = Math.max(Math.trunc(centre - REACH * step + 0.5), 0);
  const end = Math.min(Math.trunc(centre + REACH * step + 0.5), length);
  const weights = Array.from({ length: end - first }, (_, tap) => cubic((first + tap + 0.5 - centre) / step));
  const sum = weights.reduce((a, b) => a + b);
  return { first, weights: weights.map((weight) => weight / sum) };
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
}
