/** Pixels for tests, and what normalization makes of them by its formula. */
import type { Pixels } from '../../src/core/pixels.ts';

/** Every byte comes up in a batch that is large enough. */
export function somePixels(shape: Pixels['shape']): Pixels {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, data: Uint8Array.from({ length: size }, (_, index) => Math.imul(index + 1, 2654435761) >>> 24) };
}

/** (byte / 255 - mean) / std by channel, in double precision. */
export function normalisedByHand({ data, shape }: Pixels, { mean, std }: { mean: readonly number[]; std: readonly number[] }): number[] {
  const channels = shape[3];
  return Array.from(data, (byte, index) => (byte / 255 - mean[(index % channels) % mean.length]) / std[(index % channels) % std.length]);
}
