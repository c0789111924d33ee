/** Filters over canvases. Beyond an edge lies the mirror image (the edge itself twice), as SciPy's "reflect". */
import { blank, type Canvas } from './canvas.ts';

/** A Gaussian wider than this is made of three running means, whose variance is the same (Wells 1986). */
const WIDEST_EXACT = 8;

/** A Gaussian of standard deviation `sigma` pixels, cut at 4 of them. */
export function gaussianBlur(canvas: Canvas, sigma: number): Canvas {
  if (sigma < 0.01) return canvas;
  if (sigma <= WIDEST_EXACT) {
    const radius = Math.trunc(4 * sigma + 0.5);
    const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, tap) => Math.exp(-((tap - radius) ** 2) / (2 * sigma * sigma)));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return separable(canvas, weights.map((weight) => weight / sum));
  }
  let blurred = canvas;
  for (const width of boxWidths(sigma)) blurred = separable(blurred, null, width);
  return blurred;
}

/** The mean of width x width pixels. */
export function boxBlur(canvas: Canvas, width: number): Canvas {
  return separable(canvas, new Float64Array(width).fill(1 / width));
}

/** Correlation with a square kernel of odd size, [size, size]. */
export function filter(canvas: Canvas, kernel: ArrayLike<number>, size: number): Canvas {
  const { data, height, width, channels } = canvas;
  const result = blank(height, width, channels);
  const radius = (size - 1) / 2;
  for (let row = 0; row < height; row++) {
    for (let tap = 0; tap < size * size; tap++) {
      const weight = kernel[tap];
      if (weight === 0) continue;
      const from = mirrored(row + Math.floor(tap / size) - radius, height) * width;
      const shift = (tap % size) - radius;
      for (let column = 0; column < width; column++) {
        const source = (from + mirrored(column + shift, width)) * channels;
        const target = (row * width + column) * channels;
        for (let channel = 0; channel < channels; channel++) result.data[target + channel] += weight * data[source + channel];
      }
    }
  }
  return result;
}

/** What lies at a place between pixels, bilinear, into `into[at ...]`. */
export function sample({ data, height, width, channels }: Canvas, y: number, x: number, into: Float32Array, at: number): void {
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [down, right] = [y - top, x - left];
  const [row0, row1] = [mirrored(top, height) * width, mirrored(top + 1, height) * width];
  const [column0, column1] = [mirrored(left, width), mirrored(left + 1, width)];
  for (let channel = 0; channel < channels; channel++) {
    const above = data[(row0 + column0) * channels + channel] * (1 - right) + data[(row0 + column1) * channels + channel] * right;
    const below = data[(row1 + column0) * channels + channel] * (1 - right) + data[(row1 + column1) * channels + channel] * right;
    into[at + channel] = above * (1 - down) + below * down;
  }
}

/** Each pixel from where `place` says, [y, x] in pixels. */
export function warp(canvas: Canvas, place: (row: number, column: number) => [number, number]): Canvas {
  const { height, width, channels } = canvas;
  const result = blank(height, width, channels);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [y, x] = place(row, column);
      sample(canvas, y, x, result.data, (row * width + column) * channels);
    }
  }
  return result;
}

/** The middle, enlarged. */
export function zoomed(canvas: Canvas, factor: number): Canvas {
  const [middleY, middleX] = [(canvas.height - 1) / 2, (canvas.width - 1) / 2];
  return warp(canvas, (row, column) => [middleY + (row - middleY) / factor, middleX + (column - middleX) / factor]);
}

/** A place on an axis of `length` pixels, mirrored at its ends as often as it takes. */
export function mirrored(place: number, length: number): number {
  if (place >= 0 && place < length) return place;
  const around = ((place % (2 * length)) + 2 * length) % (2 * length);
  return around < length ? around : 2 * length - 1 - around;
}

/** Three odd widths of running means that make a variance of sigma^2 together. */
function boxWidths(sigma: number): number[] {
  let lower = Math.floor(Math.sqrt(4 * sigma * sigma + 1));
  if (lower % 2 === 0) lower--;
  const lowers = Math.round((12 * sigma * sigma - 3 * lower * lower - 12 * lower - 9) / (-4 * lower - 4));
  return [0, 1, 2].map((pass) => (pass < lowers ? lower : lower + 2));
}

/** Along rows, then along columns. @param weights null for a running mean of `boxWidth` */
function separable({ data, height, width, channels }: Canvas, weights: Float64Array | null, boxWidth = 0): Canvas {
  const across = new Float32Array(data.length);
  const result = blank(height, width, channels);
  for (let row = 0; row < height; row++) for (let channel = 0; channel < channels; channel++) line(data, across, row * width * channels + channel, channels, width, weights, boxWidth);
  for (let column = 0; column < width * channels; column++) line(across, result.data, column, width * channels, height, weights, boxWidth);
  return result;
}

function line(from: Float32Array, to: Float32Array, start: number, step: number, length: number, weights: Float64Array | null, boxWidth: number): void {
  const at = (place: number): number => from[start + mirrored(place, length) * step];
  if (weights === null) {
    const radius = (boxWidth - 1) / 2;
    let sum = 0;
    for (let place = -radius; place <= radius; place++) sum += at(place);
    for (let place = 0; place < length; place++) {
      to[start + place * step] = sum / boxWidth;
      sum += at(place + radius + 1) - at(place - radius);
    }
    return;
  }
  const radius = Math.floor(weights.length / 2);
  for (let place = 0; place < length; place++) {
    let sum = 0;
    for (let tap = 0; tap < weights.length; tap++) sum += weights[tap] * at(place + tap - radius);
    to[start + place * step] = sum;
  }
}
