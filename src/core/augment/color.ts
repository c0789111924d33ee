/**
 * Brightness, contrast, saturation, hue and sharpness, in place. All but hue go from a degenerate image through the image itself
 * and beyond (Haeberli and Voorhies 1994): f image + (1 - f) degenerate, where the degenerate image is black, its mean grey, grey,
 * or smoothed. Factor 1 changes nothing.
 */
import { luma, mapBytes, toByte, type Image } from './image.ts';

/** Towards black. */
export function adjustBrightness(image: Image, factor: number): void {
  mapBytes(image, [Uint8Array.from({ length: 256 }, (_, value) => toByte(factor * value))]);
}

/** Towards the mean brightness of the image. */
export function adjustContrast(image: Image, factor: number): void {
  const mean = Math.floor(meanLuma(image) + 0.5);
  mapBytes(image, [Uint8Array.from({ length: 256 }, (_, value) => toByte(factor * value + (1 - factor) * mean))]);
}

function meanLuma({ data, channels }: Image): number {
  let sum = 0;
  if (channels === 3) for (let index = 0; index < data.length; index += 3) sum += luma(data[index], data[index + 1], data[index + 2]);
  else for (const value of data) sum += value;
  return sum / (data.length / channels);
}

/** Towards grey. A grey image stays what it is. */
export function adjustSaturation({ data, channels }: Image, factor: number): void {
  if (channels !== 3) return;
  for (let index = 0; index < data.length; index += 3) {
    const grey = (1 - factor) * luma(data[index], data[index + 1], data[index + 2]);
    data[index] = toByte(factor * data[index] + grey);
    data[index + 1] = toByte(factor * data[index + 1] + grey);
    data[index + 2] = toByte(factor * data[index + 2] + grey);
  }
}

/** Turns the hue by a part of the colour circle, -0.5 .. 0.5; value and saturation (of HSV) stay. A grey image stays what it is. */
export function adjustHue({ data, channels }: Image, turn: number): void {
  if (channels !== 3 || turn === 0) return;
  for (let index = 0; index < data.length; index += 3) {
    const red = data[index];
    const green = data[index + 1];
    const blue = data[index + 2];
    const value = red > green ? (red > blue ? red : blue) : green > blue ? green : blue;
    const least = red < green ? (red < blue ? red : blue) : green < blue ? green : blue;
    const range = value - least;
    if (range === 0) continue;
    const before = value === red ? (green - blue) / range : value === green ? 2 + (blue - red) / range : 4 + (red - green) / range;
    let hue = before + 6 * turn; // in sixths of the circle
    if (hue < 0) hue += 6;
    else if (hue >= 6) hue -= 6;
    const sixth = hue | 0;
    // Between the least and the largest channel the third one rises in even sixths and falls in odd ones.
    const share = sixth % 2 === 0 ? hue - sixth : 1 - (hue - sixth);
    const third = (least + range * share + 0.5) | 0;
    data[index] = sixth === 0 || sixth === 5 ? value : sixth === 1 || sixth === 4 ? third : least;
    data[index + 1] = sixth === 1 || sixth === 2 ? value : sixth === 0 || sixth === 3 ? third : least;
    data[index + 2] = sixth === 3 || sixth === 4 ? value : sixth === 2 || sixth === 5 ? third : least;
  }
}

/** Away from a smoothed image (3 x 3, the middle counts 5 of 13). Pixels at the border stay. */
export function adjustSharpness({ data, height, width, channels }: Image, factor: number): void {
  if (height < 3 || width < 3) return;
  const source = data.slice();
  const line = width * channels;
  for (let row = 1; row < height - 1; row++) {
    for (let index = row * line + channels, end = (row + 1) * line - channels; index < end; index++) {
      const above = index - line;
      const below = index + line;
      const around = source[above - channels] + source[above] + source[above + channels] + source[index - channels] + source[index + channels] + source[below - channels] + source[below] + source[below + channels];
      const smooth = toByte((around + 5 * source[index]) / 13);
      data[index] = toByte(factor * source[index] + (1 - factor) * smooth);
    }
  }
}
