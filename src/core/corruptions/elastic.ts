/** Elastic transform: a small random affine map, then every pixel moves by a smooth random field (Simard et al. 2003). */
import { blank, map, type Canvas, type Draws } from './canvas.ts';
import { gaussianBlur, warp } from './filters.ts';
import type { Parameters } from './scale.ts';

/** As shares of the side: strength and smoothness of the field, reach of the affine map. */
export const ELASTIC: Parameters = {
  small: [[0, 0, 0.08], [0.05, 0.2, 0.07], [0.08, 0.06, 0.06], [0.1, 0.04, 0.05], [0.1, 0.03, 0.03]],
  // For 224 pixels the paper has shares of 244.
  large: [[2, 0.7, 0.1], [2, 0.08, 0.2], [0.05, 0.01, 0.02], [0.07, 0.01, 0.02], [0.12, 0.01, 0.02]].map((row) => row.map((share) => (share * 244) / 224)),
};

export function elastic(canvas: Canvas, shares: number[], draws: Draws): Canvas {
  const { height, width } = canvas;
  const [strength, smoothness, reach] = shares.map((share) => share * Math.min(height, width));
  const tilted = warp(canvas, affine(height, width, reach, draws));
  const field = (): Float32Array => gaussianBlur(map(blank(height, width), () => draws.uniform(-1, 1)), smoothness).data;
  const [right, down] = [field(), field()];
  return warp(tilted, (row, column) => [row + strength * down[row * width + column], column + strength * right[row * width + column]]);
}

/** From where each pixel comes when three points about the middle are moved by up to `reach`. */
function affine(height: number, width: number, reach: number, draws: Draws): (row: number, column: number) => [number, number] {
  const [middleX, middleY, size] = [Math.floor(width / 2), Math.floor(height / 2), Math.floor(Math.min(height, width) / 3)];
  const from = [[middleX + size, middleY + size], [middleX + size, middleY - size], [middleX - size, middleY - size]];
  const to = from.map((point) => point.map((place) => place + draws.uniform(-reach, reach)));
  // Of a moved place, its coordinates along the two moved sides; the same along the unmoved ones is where it comes from.
  const side = (points: number[][], one: number): number[] => [points[one][0] - points[1][0], points[one][1] - points[1][1]];
  const [a, b, a0, b0] = [side(to, 0), side(to, 2), side(from, 0), side(from, 2)];
  const area = a[0] * b[1] - a[1] * b[0];
  return (row, column) => {
    const [x, y] = [column - to[1][0], row - to[1][1]];
    const [u, v] = [(x * b[1] - y * b[0]) / area, (a[0] * y - a[1] * x) / area];
    return [from[1][1] + u * a0[1] + v * b0[1], from[1][0] + u * a0[0] + v * b0[0]];
  };
}
