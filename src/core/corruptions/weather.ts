/** Snow, frost and fog. */
import { alongLine } from './blur.ts';
import { blank, brightnessAt, map, type Canvas, type Draws } from './canvas.ts';
import { zoomed } from './filters.ts';
import { plasma } from './plasma.ts';
import type { Parameters } from './scale.ts';

/** Mean and deviation of the flakes, their zoom, what is kept of them, radius and deviation of their motion, share of the image. */
export const SNOW: Parameters = {
  small: [[0.1, 0.2, 1, 0.6, 8, 3, 0.95], [0.1, 0.2, 1, 0.5, 10, 4, 0.9], [0.15, 0.3, 1.75, 0.55, 10, 4, 0.9], [0.25, 0.3, 2.25, 0.6, 12, 6, 0.85], [0.3, 0.3, 1.25, 0.65, 14, 12, 0.8]],
  large: [[0.1, 0.3, 3, 0.5, 10, 4, 0.8], [0.2, 0.3, 2, 0.5, 12, 4, 0.7], [0.55, 0.3, 4, 0.9, 12, 8, 0.7], [0.55, 0.3, 4.5, 0.85, 12, 8, 0.65], [0.55, 0.3, 2.5, 0.85, 12, 12, 0.55]],
  lengths: [2, 4, 5],
};
/** Shares of the image and of the frost. */
export const FROST: Parameters = { small: [[1, 0.2], [1, 0.3], [0.9, 0.4], [0.85, 0.4], [0.75, 0.45]], large: [[1, 0.4], [0.8, 0.6], [0.7, 0.7], [0.65, 0.7], [0.6, 0.75]] };
/** Thickness, decay of its landscape. */
export const FOG: Parameters = { small: [[0.2, 3], [0.5, 3], [0.75, 2.5], [1, 2], [1.5, 1.75]], large: [[1.5, 2], [2, 2], [2.5, 1.7], [2.5, 1.5], [3, 1.4]] };

/** The image pales, and flakes that fall at 45 to 135 degrees lie over it, once as they are and once turned by half. */
export function snow(canvas: Canvas, [mean, deviation, zoom, least, radius, sigma, share]: number[], draws: Draws): Canvas {
  const { height, width, channels } = canvas;
  const noise = map(blank(height, width), () => mean + deviation * draws.normal());
  const flakes = map(zoomed(noise, zoom), (value) => (value < least ? 0 : Math.min(Math.max(value, 0), 1)));
  const falling = alongLine(flakes, radius, sigma, draws.uniform(-135, -45)).data;
  return map(canvas, (x, index) => {
    const pixel = Math.floor(index / channels);
    const pale = Math.max(x, 1.5 * brightnessAt(canvas, pixel) + 0.5);
    return share * x + (1 - share) * pale + falling[pixel] + falling[falling.length - 1 - pixel];
  });
}

/**
 * Ice lies over the image. The published frost is five photographs; here it is made: ridges 1 - |2 h - 1| of two landscapes, the finer one
 * sharpened to needles, white with a little blue.
 */
export function frost(canvas: Canvas, [share, thickness]: number[], draws: Draws): Canvas {
  const { height, width, channels } = canvas;
  const [coarse, fine] = [plasma(height, width, 2, draws).data, plasma(height, width, 1.3, draws).data];
  const ridge = (value: number): number => 1 - Math.abs(2 * value - 1);
  const colour = channels === 3 ? [0.86, 0.94, 1] : [0.93];
  return map(canvas, (x, index) => {
    const pixel = Math.floor(index / channels);
    const ice = 0.25 + 0.45 * ridge(coarse[pixel]) + 0.3 * ridge(fine[pixel]) ** 3;
    return share * x + thickness * ice * colour[index % channels];
  });
}

/** (x + thickness h) m / (m + thickness), h a landscape, m the highest number of the image. */
export function fog(canvas: Canvas, [thickness, decay]: number[], draws: Draws): Canvas {
  const { height, width, channels } = canvas;
  const landscape = plasma(height, width, decay, draws).data;
  const highest = canvas.data.reduce((most, x) => Math.max(most, x), 0);
  return map(canvas, (x, index) => ((x + thickness * landscape[Math.floor(index / channels)]) * highest) / (highest + thickness));
}
