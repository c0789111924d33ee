/**
 * The gradient of a convolution with respect to its input, phase by phase:
 *
 *   dx[n, h, w, c] = sum over o and the taps with p s + i = h + top, q s + j = w + left of dy[n, p, q, o] W[i, j, c, o]
 *
 * The rows h with (h + top) mod s = a meet only the taps i = a, a + s, ...; so for each phase a (and b of the columns)
 * dx is an ordinary convolution of dy with that part of the flipped filter, channels exchanged, and the phases are
 * interleaved. No zeros are inserted, so a strided layer costs as much as its forward pass. Stride 1 is the one phase.
 * (The sub-pixel form of a transposed convolution; Shi et al. 2016, arXiv 1609.07009.)
 */
import type { backend_util } from '@tensorflow/tfjs-core';

/** One residue class of input positions along one axis: positions first, first + stride, ... (count of them). */
export interface Phase {
  first: number;
  count: number;
  /** Taps of the filter that meet these positions, in the order in which the convolution needs them. */
  taps: number[];
  /** What of dy the convolution reads, [from, to), and the zeros before and behind. */
  from: number;
  to: number;
  padding: [number, number];
}

/** The phases that at least one tap and one output meet; all other positions have the gradient 0. */
export function phases(inSize: number, outSize: number, filterSize: number, stride: number, pad: number): Phase[] {
  return Array.from({ length: Math.min(stride, filterSize) }, (_, residue): Phase => {
    const taps: number[] = [];
    for (let tap = residue; tap < filterSize; tap += stride) taps.unshift(tap);
    const t0 = Math.max(0, Math.ceil((pad - residue) / stride)); // position = stride t + residue - pad
    const first = stride * t0 + residue - pad;
    const count = Math.max(0, Math.ceil((inSize - first) / stride));
    // Position number u reads dy[t0 + u - taps + 1 ... t0 + u].
    const start = t0 - taps.length + 1;
    const end = t0 + count;
    const from = Math.max(0, start);
    const to = Math.min(outSize, end);
    return { first, count, taps, from, to, padding: [from - start, end - to] };
  }).filter(({ count, from, to }) => count > 0 && to > from);
}

/** The phases of the rows and of the columns. */
export function phasesOf(info: backend_util.Conv2DInfo): { rows: Phase[]; columns: Phase[] } {
  return {
    rows: phases(info.inHeight, info.outHeight, info.filterHeight, info.strideHeight, info.padInfo.top),
    columns: phases(info.inWidth, info.outWidth, info.filterWidth, info.strideWidth, info.padInfo.left),
  };
}
