/** Operations on the tones of an image by a table of 256, in place: what a pixel becomes depends on its own value alone, given the histogram. */
import { mapBytes, type Image } from './image.ts';

/** Negative from the threshold up. */
export function solarize(image: Image, threshold: number): void {
  mapBytes(image, [Uint8Array.from({ length: 256 }, (_, value) => (value < threshold ? value : 255 - value))]);
}

/** Keeps the upper bits of every byte. @param bits 0..8 */
export function posterize(image: Image, bits: number): void {
  const mask = 256 - 2 ** (8 - bits);
  mapBytes(image, [Uint8Array.from({ length: 256 }, (_, value) => value & mask)]);
}

/** Stretches each channel to 0..255. A channel of one value stays. */
export function autocontrast(image: Image): void {
  mapBytes(image, histograms(image).map((counts) => {
    const lowest = counts.findIndex((count) => count > 0);
    const highest = counts.findLastIndex((count) => count > 0);
    if (highest <= lowest) return IDENTITY;
    const scale = 255 / (highest - lowest);
    return Uint8Array.from({ length: 256 }, (_, value) => Math.min(255, Math.max(0, Math.trunc(value * scale - lowest * scale))));
  }));
}

/** Evens out the histogram of each channel. The step is the count of all but the brightest pixels over 255, as Pillow has it. */
export function equalize(image: Image): void {
  mapBytes(image, histograms(image).map((counts) => {
    const brightest = counts.findLastIndex((count) => count > 0);
    const step = Math.floor((image.height * image.width - counts[brightest]) / 255);
    if (step === 0) return IDENTITY;
    let below = Math.floor(step / 2);
    return Uint8Array.from({ length: 256 }, (_, value) => {
      const level = Math.floor(below / step);
      below += counts[value];
      return Math.min(255, level);
    });
  }));
}

const IDENTITY = Uint8Array.from({ length: 256 }, (_, value) => value);

/** How often each value occurs, by channel. */
function histograms({ data, channels }: Image): Uint32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const counts = new Uint32Array(256);
    for (let index = channel; index < data.length; index += channels) counts[data[index]]++;
    return counts;
  });
}
