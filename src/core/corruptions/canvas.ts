/** An image as numbers 0..1 while it is being corrupted, and random numbers for it. */
import { threefry, type Key } from '../random.ts';

export interface Canvas {
  /** [height, width, channels], 0..1, channels last; 1 = grey, 3 = RGB */
  data: Float32Array;
  height: number;
  width: number;
  channels: number;
}

export function canvasOf(bytes: Uint8Array, [height, width, channels]: readonly number[]): Canvas {
  return { data: Float32Array.from(bytes, (byte) => byte / 255), height, width, channels };
}

/** Clipped to 0..1 and rounded down to bytes, as the published images were. */
export function toBytes({ data }: Canvas, into: Uint8Array): void {
  for (let index = 0; index < data.length; index++) into[index] = Math.min(Math.max(data[index], 0), 1) * 255 + 1e-4;
}

export function blank(height: number, width: number, channels = 1): Canvas {
  return { data: new Float32Array(height * width * channels), height, width, channels };
}

export function map(canvas: Canvas, value: (old: number, index: number) => number): Canvas {
  return { ...canvas, data: canvas.data.map(value) };
}

/** 0.299 R + 0.587 G + 0.114 B of a pixel; of grey the number itself. @param pixel from 0 */
export function brightnessAt({ data, channels }: Canvas, pixel: number): number {
  if (channels < 3) return data[pixel * channels];
  return 0.299 * data[pixel * 3] + 0.587 * data[pixel * 3 + 1] + 0.114 * data[pixel * 3 + 2];
}

/** Random numbers one after the other: the same sequence for the same key. */
export class Draws {
  readonly #key: Key;
  readonly #words = new Uint32Array(2);
  #counter = 0;
  #spare: number | null = null;

  constructor(key: Key) {
    this.#key = key;
  }

  /** Even in [low, high). */
  uniform(low = 0, high = 1): number {
    threefry(this.#key, this.#counter++, 2, this.#words);
    return low + ((high - low) * this.#words[0]) / 2 ** 32;
  }

  /** A whole number in [low, high). */
  integer(low: number, high: number): number {
    return Math.floor(this.uniform(low, high));
  }

  /** Box-Muller, both of its numbers in turn. */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    threefry(this.#key, this.#counter++, 3, this.#words);
    const radius = Math.sqrt(-2 * Math.log((this.#words[0] + 1) / 2 ** 32));
    const angle = (2 * Math.PI * this.#words[1]) / 2 ** 32;
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Poisson: by products of uniform numbers (Knuth), from a mean of 40 on by the rounded normal number of the same mean and variance. */
  poisson(mean: number): number {
    if (mean >= 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let count = -1;
    for (let product = 1; product > limit; product *= this.uniform()) count++;
    return Math.max(count, 0);
  }
}
