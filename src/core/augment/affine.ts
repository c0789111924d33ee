/** Rotation, shear and shift of an image by the nearest pixel, in place; what comes from outside is black. */
import type { Image } from './image.ts';

/** [a, b, c, d, e, f]: the pixel at (x, y) is taken from (a x + b y + c, d x + e y + f), both at the middles of pixels. */
export type Affine = readonly [number, number, number, number, number, number];

export function transform(image: Image, [a, b, c, d, e, f]: Affine): void {
  const { data, height, width, channels } = image;
  const source = data.slice();
  data.fill(0);
  let target = 0;
  for (let row = 0; row < height; row++) {
    let fromX = a * 0.5 + b * (row + 0.5) + c;
    let fromY = d * 0.5 + e * (row + 0.5) + f;
    for (let column = 0; column < width; column++, target += channels, fromX += a, fromY += d) {
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue;
      const from = ((fromY | 0) * width + (fromX | 0)) * channels;
      for (let channel = 0; channel < channels; channel++) data[target + channel] = source[from + channel];
    }
  }
}

/** Counter-clockwise about the middle. */
export function rotate(image: Image, degrees: number): void {
  const radians = (-degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const [x, y] = [image.width / 2, image.height / 2];
  transform(image, [cos, sin, x - cos * x - sin * y, -sin, cos, y + sin * x - cos * y]);
}

/** Rows move sideways by `slope` times their distance from the top. */
export function shearX(image: Image, slope: number): void {
  transform(image, [1, slope, 0, 0, 1, 0]);
}

/** Columns move up or down by `slope` times their distance from the left. */
export function shearY(image: Image, slope: number): void {
  transform(image, [1, 0, 0, slope, 1, 0]);
}

/** By so many pixels to the right and down, whole or not. */
export function translate(image: Image, right: number, down: number): void {
  transform(image, [1, 0, -right, 0, 1, -down]);
}
