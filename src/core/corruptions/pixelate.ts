/** Fewer pixels: down to a share of the side and up again, each pixel the mean of what it covers. */
import { blank, type Canvas } from './canvas.ts';
import type { Parameters } from './scale.ts';

export const PIXELATE: Parameters = { small: [[0.95], [0.9], [0.85], [0.75], [0.65]], large: [[0.6], [0.5], [0.4], [0.3], [0.25]] };

export function pixelate(canvas: Canvas, [share]: number[]): Canvas {
  const { height, width } = canvas;
  const small = boxResize(canvas, Math.max(1, Math.trunc(height * share)), Math.max(1, Math.trunc(width * share)));
  return boxResize(small, height, width);
}

/** Which pixels a target pixel takes and how much of each, along one axis. */
function spansOf(from: number, to: number): { first: number; weights: number[] }[] {
  const step = from / to;
  const reach = Math.max(step, 1) / 2;
  return Array.from({ length: to }, (_, pixel) => {
    const middle = (pixel + 0.5) * step;
    const first = Math.max(0, Math.floor(middle - reach + 0.5));
    const end = Math.min(from, Math.floor(middle + reach + 0.5));
    return { first, weights: Array.from({ length: end - first }, () => 1 / (end - first)) };
  });
}

/** The mean of the pixels whose middles a target pixel covers: Pillow's BOX. */
export function boxResize({ data, height, width, channels }: Canvas, toHeight: number, toWidth: number): Canvas {
  const [rows, columns] = [spansOf(height, toHeight), spansOf(width, toWidth)];
  const result = blank(toHeight, toWidth, channels);
  for (const [row, down] of rows.entries()) {
    for (const [column, across] of columns.entries()) {
      const target = (row * toWidth + column) * channels;
      for (const [y, weightY] of down.weights.entries()) {
        for (const [x, weightX] of across.weights.entries()) {
          const source = ((down.first + y) * width + across.first + x) * channels;
          for (let channel = 0; channel < channels; channel++) result.data[target + channel] += weightY * weightX * data[source + channel];
        }
      }
    }
  }
  return result;
}
