/** Brightness, contrast and saturation. */
import { blank, map, type Canvas } from './canvas.ts';
import type { Parameters } from './scale.ts';

export const BRIGHTNESS: Parameters = { small: [[0.05], [0.1], [0.15], [0.2], [0.3]], large: [[0.1], [0.2], [0.3], [0.4], [0.5]] };
export const CONTRAST: Parameters = { small: [[0.75], [0.5], [0.4], [0.3], [0.15]], large: [[0.4], [0.3], [0.2], [0.1], [0.05]] };
/** Factor and what is added. */
export const SATURATE: Parameters = { small: [[0.3, 0], [0.1, 0], [1.5, 0], [2, 0.1], [2.5, 0.2]], large: [[0.3, 0], [0.1, 0], [2, 0], [5, 0.1], [20, 0.2]] };

/** The V of HSV grows; of grey the number itself. */
export function brightness(canvas: Canvas, [more]: number[]): Canvas {
  if (canvas.channels < 3) return map(canvas, (x) => x + more);
  return inHsv(canvas, (saturation, value) => [saturation, Math.min(value + more, 1)]);
}

/** (x - mean) factor + mean, by the mean of each channel. */
export function contrast(canvas: Canvas, [factor]: number[]): Canvas {
  const { data, channels } = canvas;
  const means = new Float64Array(channels);
  for (let index = 0; index < data.length; index++) means[index % channels] += (data[index] * channels) / data.length;
  return map(canvas, (x, index) => (x - means[index % channels]) * factor + means[index % channels]);
}

/** The S of HSV becomes factor S + more. */
export function saturate(canvas: Canvas, [factor, more]: number[]): Canvas {
  return inHsv(canvas, (saturation, value) => [Math.min(Math.max(saturation * factor + more, 0), 1), value]);
}

/** Changes saturation and value of every pixel, the hue stays; grey has the hue 0, red. */
function inHsv({ data, height, width, channels }: Canvas, change: (saturation: number, value: number) => [number, number]): Canvas {
  const result = blank(height, width, channels);
  for (let start = 0; start < data.length; start += 3) {
    const [red, green, blue] = [data[start], data[start + 1], data[start + 2]];
    const high = Math.max(red, green, blue);
    const range = high - Math.min(red, green, blue);
    let sector = 0; // hue x 6
    if (range > 0) sector = high === red ? (green - blue) / range + (green < blue ? 6 : 0) : high === green ? (blue - red) / range + 2 : (red - green) / range + 4;
    const [saturation, value] = change(high === 0 ? 0 : range / high, high);
    // A channel is value (1 - saturation max(0, min(k, 4 - k, 1))) with k = (n + sector) mod 6, n = 5, 3, 1 for red, green, blue.
    for (let channel = 0; channel < 3; channel++) {
      const k = (5 - 2 * channel + sector) % 6;
      result.data[start + channel] = value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
    }
  }
  return result;
}
