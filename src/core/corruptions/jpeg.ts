/**
 * JPEG: what its quantisation loses (ITU-T T.81); the coding after it loses nothing and is left out. Colours as YCbCr (JFIF), chroma at half
 * the resolution, blocks of 8 x 8 through the cosine transform, divided by the tables of Annex K at a quality as the IJG scales them.
 */
import { blank, type Canvas } from './canvas.ts';
import type { Parameters } from './scale.ts';

export const JPEG: Parameters = { small: [[80], [65], [58], [50], [40]], large: [[25], [18], [15], [10], [7]] };

/** Annex K.1 and K.2, row by row. */
const LUMINANCE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const CHROMINANCE = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
  ...Array.from({ length: 32 }, () => 99),
];

/** cos((2x + 1) u pi / 16) with the factors of an orthonormal transform, [u, x]. */
const COSINES = Float64Array.from({ length: 64 }, (_, place) => {
  const [u, x] = [place >> 3, place & 7];
  return Math.cos(((2 * x + 1) * u * Math.PI) / 16) * Math.sqrt((u === 0 ? 1 : 2) / 8);
});

export function jpeg(canvas: Canvas, [asked]: number[]): Canvas {
  const quality = Math.round(asked);
  const { height, width, channels } = canvas;
  if (channels < 3) return joined([quantised(plane(canvas, [1], 0), LUMINANCE, quality)], canvas);
  const y = quantised(plane(canvas, [0.299, 0.587, 0.114], 0), LUMINANCE, quality);
  const chroma = [[-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]].map((weights) => {
    const half = halved(plane(canvas, weights, 128));
    return doubled(quantised(half, CHROMINANCE, quality), height, width);
  });
  return joined([y, ...chroma], canvas);
}

/** One plane, 0..255, rounded. */
function plane({ data, height, width, channels }: Canvas, weights: readonly number[], offset: number): Canvas {
  const result = blank(height, width);
  for (let pixel = 0; pixel < height * width; pixel++) {
    let sum = offset;
    for (const [channel, weight] of weights.entries()) sum += 255 * weight * data[pixel * channels + channel];
    result.data[pixel] = Math.round(sum);
  }
  return result;
}

/** Each block of 8 x 8, the last ones filled up with the edge. */
function quantised({ data, height, width }: Canvas, base: readonly number[], quality: number): Canvas {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  const table = base.map((step) => Math.min(Math.max(Math.floor((step * scale + 50) / 100), 1), 255));
  const result = blank(height, width);
  const block = new Float64Array(64);
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      for (let place = 0; place < 64; place++) block[place] = data[Math.min(top + (place >> 3), height - 1) * width + Math.min(left + (place & 7), width - 1)] - 128;
      transform(block, true);
      for (let place = 0; place < 64; place++) block[place] = Math.round(block[place] / table[place]) * table[place];
      transform(block, false);
      for (let place = 0; place < 64; place++) {
        const [row, column] = [top + (place >> 3), left + (place & 7)];
        if (row < height && column < width) result.data[row * width + column] = Math.min(Math.max(Math.round(block[place] + 128), 0), 255);
      }
    }
  }
  return result;
}

/** C B C^T, or back, in place. */
function transform(block: Float64Array, forward: boolean): void {
  const half = new Float64Array(64);
  for (const [from, to] of [[block, half], [half, block]]) {
    // Each pass transforms rows and writes them as columns.
    for (let row = 0; row < 8; row++) {
      for (let out = 0; out < 8; out++) {
        let sum = 0;
        for (let x = 0; x < 8; x++) sum += from[row * 8 + x] * (forward ? COSINES[out * 8 + x] : COSINES[x * 8 + out]);
        to[out * 8 + row] = sum;
      }
    }
  }
}

/** The mean of 2 x 2. */
function halved({ data, height, width }: Canvas): Canvas {
  const result = blank(Math.ceil(height / 2), Math.ceil(width / 2));
  const at = (row: number, column: number): number => data[Math.min(row, height - 1) * width + Math.min(column, width - 1)];
  for (let row = 0; row < result.height; row++) {
    for (let column = 0; column < result.width; column++) {
      result.data[row * result.width + column] = Math.round((at(2 * row, 2 * column) + at(2 * row, 2 * column + 1) + at(2 * row + 1, 2 * column) + at(2 * row + 1, 2 * column + 1)) / 4);
    }
  }
  return result;
}

/** Twice as many, 3/4 of the nearer and 1/4 of the farther along each axis. */
function doubled({ data, height, width }: Canvas, toHeight: number, toWidth: number): Canvas {
  const result = blank(toHeight, toWidth);
  const near = (place: number, length: number): [number, number] => [place >> 1, Math.min(Math.max((place >> 1) + (place % 2 === 0 ? -1 : 1), 0), length - 1)];
  for (let row = 0; row < toHeight; row++) {
    const [y, otherY] = near(row, height);
    for (let column = 0; column < toWidth; column++) {
      const [x, otherX] = near(column, width);
      result.data[row * toWidth + column] = (9 * data[y * width + x] + 3 * data[y * width + otherX] + 3 * data[otherY * width + x] + data[otherY * width + otherX]) / 16;
    }
  }
  return result;
}

function joined(planes: readonly Canvas[], { height, width, channels }: Canvas): Canvas {
  const result = blank(height, width, channels);
  const [y, blueness, redness] = planes.map(({ data }) => data);
  for (let pixel = 0; pixel < height * width; pixel++) {
    if (channels < 3) {
      result.data[pixel] = y[pixel] / 255;
      continue;
    }
    const [cb, cr] = [blueness[pixel] - 128, redness[pixel] - 128];
    result.data[3 * pixel] = (y[pixel] + 1.402 * cr) / 255;
    result.data[3 * pixel + 1] = (y[pixel] - 0.344136 * cb - 0.714136 * cr) / 255;
    result.data[3 * pixel + 2] = (y[pixel] + 1.772 * cb) / 255;
  }
  return result;
}
