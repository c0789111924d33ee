/** Drops on the lens: water up to severity 3, mud above. */
import { blank, map, type Canvas, type Draws } from './canvas.ts';
import { boxBlur, filter, gaussianBlur } from './filters.ts';
import type { Parameters } from './scale.ts';

/** Mean and deviation of the liquid, its smoothness, what is kept of it, strength of water or smoothness of mud, mud or water. */
export const SPATTER: Parameters = {
  small: [[0.62, 0.1, 0.7, 0.7, 0.5, 0], [0.65, 0.1, 0.8, 0.7, 0.5, 0], [0.65, 0.3, 1, 0.69, 0.5, 0], [0.65, 0.1, 0.7, 0.69, 0.6, 1], [0.65, 0.1, 0.5, 0.68, 0.6, 1]],
  large: [[0.65, 0.3, 4, 0.69, 0.6, 0], [0.65, 0.3, 3, 0.68, 0.6, 0], [0.65, 0.3, 2, 0.68, 0.5, 0], [0.65, 0.3, 1, 0.65, 1.5, 1], [0.67, 0.4, 1, 0.65, 1.5, 1]],
  lengths: [2],
};
/** Pale turquoise and mud brown. */
const WATER = [175, 238, 238];
const MUD = [63, 42, 20];
/** Light from above left. */
const EMBOSS = [-2, -1, 0, -1, 1, 1, 0, 1, 2];

export function spatter(canvas: Canvas, [mean, deviation, smoothness, least, last, kind]: number[], draws: Draws): Canvas {
  const { height, width } = canvas;
  const smooth = gaussianBlur(map(blank(height, width), () => mean + deviation * draws.normal()), smoothness);
  const liquid = map(smooth, (value) => (value < least ? 0 : value));
  return kind < 0.5 ? water(canvas, liquid, last) : mud(canvas, liquid, last);
}

/**
 * x + m water, m = the liquid times its relief: the distance to the rim of a drop up to 20 pixels, evened out and embossed. The rim is
 * where liquid and none meet.
 */
function water(canvas: Canvas, liquid: Canvas, strength: number): Canvas {
  const distance = boxBlur(map(distanceToRim(liquid), (pixels) => Math.min(pixels, 20)), 3);
  const embossed = map(filter(equalised(distance), EMBOSS, 3), (value) => Math.min(Math.max(value, 0), 255));
  const relief = boxBlur(embossed, 3).data;
  const wet = map(liquid, (amount, pixel) => amount * relief[pixel]);
  const most = wet.data.reduce((high, value) => Math.max(high, value), 0);
  if (most === 0) return canvas;
  const colour = colourOf(WATER, canvas.channels);
  return map(canvas, (x, index) => x + (strength * wet.data[Math.floor(index / canvas.channels)] * colour[index % canvas.channels]) / most);
}

/** x (1 - m) + m mud, m = where the liquid is, smoothed, and 0 where that is below 0.8. */
function mud(canvas: Canvas, liquid: Canvas, smoothness: number): Canvas {
  const cover = map(gaussianBlur(map(liquid, (amount) => (amount > 0 ? 1 : 0)), smoothness), (share) => (share < 0.8 ? 0 : share)).data;
  const colour = colourOf(MUD, canvas.channels);
  return map(canvas, (x, index) => {
    const share = cover[Math.floor(index / canvas.channels)];
    return x * (1 - share) + colour[index % canvas.channels] * share;
  });
}

function colourOf([red, green, blue]: readonly number[], channels: number): number[] {
  return channels === 3 ? [red / 255, green / 255, blue / 255] : [(0.299 * red + 0.587 * green + 0.114 * blue) / 255];
}

/** In steps of 1 to the side and sqrt 2 across, by one pass from above and one from below (Rosenfeld and Pfaltz 1966). */
function distanceToRim({ data, height, width }: Canvas): Canvas {
  const result = blank(height, width);
  const wet = (row: number, column: number): boolean => data[row * width + column] > 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const isRim = (row + 1 < height && wet(row, column) !== wet(row + 1, column)) || (column + 1 < width && wet(row, column) !== wet(row, column + 1));
      result.data[row * width + column] = isRim ? 0 : Infinity;
    }
  }
  const at = (row: number, column: number): number => (row < 0 || column < 0 || row >= height || column >= width ? Infinity : result.data[row * width + column]);
  for (const way of [1, -1]) {
    for (let line = 0; line < height; line++) {
      const row = way === 1 ? line : height - 1 - line;
      for (let place = 0; place < width; place++) {
        const column = way === 1 ? place : width - 1 - place;
        const here = row * width + column;
        result.data[here] = Math.min(result.data[here], at(row - way, column) + 1, at(row, column - way) + 1, at(row - way, column - way) + Math.SQRT2, at(row - way, column + way) + Math.SQRT2);
      }
    }
  }
  return result;
}

/** Whole numbers spread so that all of 0..255 occur as evenly as may be. */
function equalised(canvas: Canvas): Canvas {
  const counts = new Float64Array(256);
  const whole = canvas.data.map(Math.trunc);
  for (const value of whole) counts[value]++;
  const first = counts.findIndex((count) => count > 0);
  const others = whole.length - counts[first];
  if (others === 0) return { ...canvas, data: whole };
  let below = 0;
  const table = counts.map((count, value) => (value <= first ? 0 : Math.round((255 * (below += count)) / others)));
  return { ...canvas, data: whole.map((value) => table[value]) };
}
