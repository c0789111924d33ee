/**
 * The corruptions of Hendrycks and Dietterich 2019 ("Benchmarking neural network robustness to common corruptions and perturbations"): 15
 * and 4 more for validation, each at 5 severities. Own implementations of the published definitions, for images of any size (`scale.ts`);
 * frost, which is photographs there, is made here (`weather.ts`). What is random is a function of (seed, corruption, severity, index).
 */
import { randomKey } from '../random.ts';
import { DEFOCUS_BLUR, defocusBlur, gaussian, GAUSSIAN_BLUR, GLASS_BLUR, glassBlur, MOTION_BLUR, motionBlur, ZOOM_BLUR, zoomBlur } from './blur.ts';
import { canvasOf, Draws, toBytes, type Canvas } from './canvas.ts';
import { ELASTIC, elastic } from './elastic.ts';
import { GAUSSIAN_NOISE, gaussianNoise, IMPULSE_NOISE, impulseNoise, SHOT_NOISE, shotNoise, SPECKLE_NOISE, speckleNoise } from './noise.ts';
import { PIXELATE, pixelate } from './pixelate.ts';
import { parametersFor, type Parameters } from './scale.ts';
import { SPATTER, spatter } from './spatter.ts';
import { BRIGHTNESS, brightness, CONTRAST, contrast, SATURATE, saturate } from './tones.ts';
import { FOG, fog, FROST, frost, SNOW, snow } from './weather.ts';
import { CORRUPTIONS, type Corruption } from '../../protocol/robustness.ts';

interface Definition {
  parameters: Parameters;
  apply: (canvas: Canvas, parameters: number[], draws: Draws) => Canvas;
}

/** All but JPEG, which is a program's work, not arithmetic. */
export type ComputedCorruption = Exclude<Corruption, 'jpeg-compression'>;

const DEFINITIONS: Record<ComputedCorruption, Definition> = {
  'gaussian-noise': { parameters: GAUSSIAN_NOISE, apply: gaussianNoise },
  'shot-noise': { parameters: SHOT_NOISE, apply: shotNoise },
  'impulse-noise': { parameters: IMPULSE_NOISE, apply: impulseNoise },
  'defocus-blur': { parameters: DEFOCUS_BLUR, apply: defocusBlur },
  'glass-blur': { parameters: GLASS_BLUR, apply: glassBlur },
  'motion-blur': { parameters: MOTION_BLUR, apply: motionBlur },
  'zoom-blur': { parameters: ZOOM_BLUR, apply: zoomBlur },
  snow: { parameters: SNOW, apply: snow },
  frost: { parameters: FROST, apply: frost },
  fog: { parameters: FOG, apply: fog },
  brightness: { parameters: BRIGHTNESS, apply: brightness },
  contrast: { parameters: CONTRAST, apply: contrast },
  'elastic-transform': { parameters: ELASTIC, apply: elastic },
  pixelate: { parameters: PIXELATE, apply: pixelate },
  'speckle-noise': { parameters: SPECKLE_NOISE, apply: speckleNoise },
  'gaussian-blur': { parameters: GAUSSIAN_BLUR, apply: gaussian },
  spatter: { parameters: SPATTER, apply: spatter },
  saturate: { parameters: SATURATE, apply: saturate },
};
export interface CorruptionOrder {
  corruption: ComputedCorruption;
  /** 1..5 */
  severity: number;
  seed: number;
  /** Of the image in its set. */
  index: number;
}

/** Grey has no saturation to change. */
export function isApplicable(corruption: Corruption, channels: number): boolean {
  return channels === 3 || (channels === 1 && corruption !== 'saturate');
}

/**
 * @param bytes [height, width, channels], 1 or 3 channels
 * @param into the same, written
 */
export function corrupt(bytes: Uint8Array, shape: readonly [number, number, number], { corruption, severity, seed, index }: CorruptionOrder, into: Uint8Array): void {
  const { parameters, apply } = DEFINITIONS[corruption];
  const draws = new Draws(randomKey(seed, 'corruption', CORRUPTIONS.indexOf(corruption), severity, index));
  toBytes(apply(canvasOf(bytes, shape), parametersFor(parameters, severity, Math.min(shape[0], shape[1])), draws), into);
}
