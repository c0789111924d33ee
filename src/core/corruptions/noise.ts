/** Noise. x is a number of the image, 0..1. */
import { map, type Canvas, type Draws } from './canvas.ts';
import type { Parameters } from './scale.ts';

export const GAUSSIAN_NOISE: Parameters = { small: [[0.04], [0.06], [0.08], [0.09], [0.1]], large: [[0.08], [0.12], [0.18], [0.26], [0.38]] };
export const SHOT_NOISE: Parameters = { small: [[500], [250], [100], [75], [50]], large: [[60], [25], [12], [5], [3]] };
export const IMPULSE_NOISE: Parameters = { small: [[0.01], [0.02], [0.03], [0.05], [0.07]], large: [[0.03], [0.06], [0.09], [0.17], [0.27]] };
export const SPECKLE_NOISE: Parameters = { small: [[0.06], [0.1], [0.12], [0.16], [0.2]], large: [[0.15], [0.2], [0.35], [0.45], [0.6]] };

/** x + N(0, deviation) */
export function gaussianNoise(canvas: Canvas, [deviation]: number[], draws: Draws): Canvas {
  return map(canvas, (x) => x + deviation * draws.normal());
}

/** Poisson(x photons) / photons */
export function shotNoise(canvas: Canvas, [photons]: number[], draws: Draws): Canvas {
  return map(canvas, (x) => draws.poisson(x * photons) / photons);
}

/** This share of the numbers becomes 0 or 1, evenly. */
export function impulseNoise(canvas: Canvas, [share]: number[], draws: Draws): Canvas {
  return map(canvas, (x) => {
    const draw = draws.uniform();
    return draw < share / 2 ? 0 : draw < share ? 1 : x;
  });
}

/** x + x N(0, deviation) */
export function speckleNoise(canvas: Canvas, [deviation]: number[], draws: Draws): Canvas {
  return map(canvas, (x) => x + x * deviation * draws.normal());
}
