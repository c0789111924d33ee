/** Blur: out of focus, through frosted glass, by motion, by zooming, Gaussian. */
import { blank, type Canvas, type Draws } from './canvas.ts';
import { filter, gaussianBlur, mirrored, zoomed } from './filters.ts';
import type { Parameters } from './scale.ts';

/** Radius of the disk, standard deviation of its edge. */
export const DEFOCUS_BLUR: Parameters = { small: [[0.3, 0.4], [0.4, 0.5], [0.5, 0.6], [1, 0.2], [1.5, 0.1]], large: [[3, 0.1], [4, 0.5], [6, 0.5], [8, 0.5], [10, 0.5]], lengths: [0, 1] };
/** Standard deviation, how far pixels change places, how often. */
export const GLASS_BLUR: Parameters = { small: [[0.05, 1, 1], [0.25, 1, 1], [0.4, 1, 1], [0.25, 1, 2], [0.4, 1, 2]], large: [[0.7, 1, 2], [0.9, 2, 1], [1, 2, 3], [1.1, 3, 2], [1.5, 4, 2]], lengths: [0, 1] };
/** Radius, standard deviation. */
export const MOTION_BLUR: Parameters = { small: [[6, 1], [6, 1.5], [6, 2], [8, 2], [9, 2.5]], large: [[10, 3], [15, 5], [15, 8], [15, 12], [20, 15]], lengths: [0, 1] };
/** Largest zoom, step. */
export const ZOOM_BLUR: Parameters = { small: [[1.05, 0.01], [1.1, 0.01], [1.15, 0.01], [1.2, 0.01], [1.25, 0.01]], large: [[1.1, 0.01], [1.15, 0.01], [1.2, 0.02], [1.25, 0.02], [1.3, 0.03]] };
export const GAUSSIAN_BLUR: Parameters = { small: [[0.4], [0.6], [0.7], [0.8], [1]], large: [[1], [2], [3], [4], [6]], lengths: [0] };

/** Correlation with a disk whose edge is smoothed by a Gaussian of 3 pixels, of 5 for disks above 8. */
export function defocusBlur(canvas: Canvas, [radius, edge]: number[]): Canvas {
  const reach = Math.ceil(radius) + 2;
  const size = 2 * reach + 1;
  const disk = blank(size, size);
  for (let place = 0; place < size * size; place++) disk.data[place] = (Math.floor(place / size) - reach) ** 2 + ((place % size) - reach) ** 2 <= radius * radius ? 1 : 0;
  const smooth = filter(disk, smallGaussian(radius <= 8 ? 3 : 5, edge), radius <= 8 ? 3 : 5).data;
  const sum = smooth.reduce((total, weight) => total + weight, 0);
  return filter(canvas, smooth.map((weight) => weight / sum), size);
}

function smallGaussian(size: number, sigma: number): Float64Array {
  const middle = (size - 1) / 2;
  const weights = Float64Array.from({ length: size * size }, (_, place) => Math.exp(-((Math.floor(place / size) - middle) ** 2 + ((place % size) - middle) ** 2) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Blurred, then from below each pixel changes places with one nearby, then blurred again. */
export function glassBlur(canvas: Canvas, [sigma, farthest, times]: number[], draws: Draws): Canvas {
  const [delta, iterations] = [Math.round(farthest), Math.round(times)];
  const { data, height, width, channels } = gaussianBlur(canvas, sigma);
  const moved = { data: data.slice(), height, width, channels };
  for (let iteration = 0; iteration < iterations; iteration++) {
    for (let row = height - delta - 1; row >= delta; row--) {
      for (let column = width - delta - 1; column >= delta; column--) {
        const [down, right] = [draws.integer(-delta, delta), draws.integer(-delta, delta)];
        exchange(moved, row * width + column, (row + down) * width + column + right);
      }
    }
  }
  return gaussianBlur(moved, sigma);
}

function exchange({ data, channels }: Canvas, one: number, other: number): void {
  for (let channel = 0; channel < channels; channel++) {
    const kept = data[one * channels + channel];
    data[one * channels + channel] = data[other * channels + channel];
    data[other * channels + channel] = kept;
  }
}

/** Along a line at up to 45 degrees to either side of level. */
export function motionBlur(canvas: Canvas, [radius, sigma]: number[], draws: Draws): Canvas {
  return alongLine(canvas, radius, sigma, draws.uniform(-45, 45));
}

/** The mean of pixels on a line that begins at each pixel: 2 radius + 1 of them, with the weights of half a Gaussian. @param angle degrees */
export function alongLine(canvas: Canvas, radius: number, sigma: number, angle: number): Canvas {
  const taps = 2 * Math.ceil(radius) + 1;
  const weights = Float64Array.from({ length: taps }, (_, tap) => Math.exp(-(tap * tap) / (2 * sigma * sigma)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const [down, right] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)];
  const { data, height, width, channels } = canvas;
  const result = blank(height, width, channels);
  for (let tap = 0; tap < taps; tap++) {
    const [shiftY, shiftX] = [Math.round(tap * down), Math.round(tap * right)];
    const weight = weights[tap] / sum;
    for (let row = 0; row < height; row++) {
      const from = mirrored(row + shiftY, height) * width;
      for (let column = 0; column < width; column++) {
        const source = (from + mirrored(column + shiftX, width)) * channels;
        const target = (row * width + column) * channels;
        for (let channel = 0; channel < channels; channel++) result.data[target + channel] += weight * data[source + channel];
      }
    }
  }
  return result;
}

/** The mean of the image and of its zooms by 1, 1 + step, ... */
export function zoomBlur(canvas: Canvas, [largest, step]: number[]): Canvas {
  const sum = canvas.data.slice();
  let count = 1;
  for (let factor = 1; factor <= largest + 1e-9; factor += step, count++) {
    const { data } = zoomed(canvas, factor);
    for (let index = 0; index < sum.length; index++) sum[index] += data[index];
  }
  return { ...canvas, data: sum.map((total) => total / count) };
}

export function gaussian(canvas: Canvas, [sigma]: number[]): Canvas {
  return gaussianBlur(canvas, sigma);
}
