/** A random landscape by the diamond-square algorithm (Fournier, Fussell and Carpenter 1982), on a torus. */
import { blank, type Canvas, type Draws } from './canvas.ts';

/**
 * Heights 0..1 of height x width pixels.
 * @param decay by which the amplitude shrinks from one size of squares to the next
 */
export function plasma(height: number, width: number, decay: number, draws: Draws): Canvas {
  const side = 2 ** Math.ceil(Math.log2(Math.max(height, width, 2)));
  const map = new Float64Array(side * side);
  const at = (row: number, column: number): number => map[((row + side) % side) * side + ((column + side) % side)];
  let roughness = 100;
  for (let step = side; step >= 2; step /= 2, roughness /= decay) {
    const half = step / 2;
    const about = (sum: number): number => sum / 4 + roughness * draws.uniform(-roughness, roughness);
    for (let row = half; row < side; row += step) {
      for (let column = half; column < side; column += step) map[row * side + column] = about(at(row - half, column - half) + at(row - half, column + half) + at(row + half, column - half) + at(row + half, column + half));
    }
    for (let row = 0; row < side; row += half) {
      for (let column = row % step === 0 ? half : 0; column < side; column += step) map[row * side + column] = about(at(row - half, column) + at(row + half, column) + at(row, column - half) + at(row, column + half));
    }
  }
  let [low, high] = [Infinity, -Infinity];
  for (const value of map) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const result = blank(height, width);
  for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) result.data[row * width + column] = (map[row * side + column] - low) / (high - low);
  return result;
}
