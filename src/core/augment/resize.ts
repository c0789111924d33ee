/**
 * A part of an image in another size, as if it had been cut out first: bilinear, and where it shrinks over all pixels that it covers (antialias), that is a triangle
 * filter as wide as the step of the source. First along rows, then along columns.
 */
import { toByte, type Image } from './image.ts';

/** Whole pixels of an image. */
export interface Box {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** For every target pixel the first source pixel and the weights of it and those after it, which add up to 1. */
interface Taps {
  first: Int32Array;
  /** How many weights a pixel has room for; those it does not need are 0. */
  count: number;
  weights: Float64Array;
}

/** @param mirrored the target is written from right to left */
export function resize(source: Image, box: Box, target: Image, mirrored = false): void {
  const { channels } = source;
  const across = tapsOf(box.left, box.width, target.width);
  const down = tapsOf(box.top, box.height, target.height);
  const narrow = alongRows(source, box.top, box.height, across, target.width, mirrored);
  alongColumns(narrow, box.top, down, target.width * channels, target);
}

/** [rows, width, channels], in full precision. */
function alongRows(source: Image, firstRow: number, rows: number, taps: Taps, targetWidth: number, mirrored: boolean): Float32Array {
  const { data, width, channels } = source;
  const narrow = new Float32Array(rows * targetWidth * channels);
  const step = (mirrored ? -1 : 1) * channels;
  for (let row = 0; row < rows; row++) {
    const start = (row * targetWidth + (mirrored ? targetWidth - 1 : 0)) * channels;
    const line = (firstRow + row) * width * channels;
    if (channels === 3) colourLine(data, line, narrow, start, step, taps);
    else greyLine(data, line, narrow, start, step, taps);
  }
  return narrow;
}

function colourLine(data: Uint8Array, line: number, narrow: Float32Array, start: number, step: number, { first, count, weights }: Taps): void {
  for (let column = 0, place = start, weight = 0; column < first.length; column++, place += step) {
    let [red, green, blue] = [0, 0, 0];
    for (let tap = 0, from = line + first[column] * 3; tap < count; tap++, from += 3, weight++) {
      const share = weights[weight];
      red += data[from] * share;
      green += data[from + 1] * share;
      blue += data[from + 2] * share;
    }
    narrow[place] = red;
    narrow[place + 1] = green;
    narrow[place + 2] = blue;
  }
}

function greyLine(data: Uint8Array, line: number, narrow: Float32Array, start: number, step: number, { first, count, weights }: Taps): void {
  for (let column = 0, place = start, weight = 0; column < first.length; column++, place += step) {
    let sum = 0;
    for (let tap = 0, from = line + first[column]; tap < count; tap++, from++, weight++) sum += data[from] * weights[weight];
    narrow[place] = sum;
  }
}

function alongColumns(narrow: Float32Array, firstRow: number, { first, count, weights }: Taps, line: number, { data, height }: Image): void {
  const sums = new Float32Array(line);
  for (let row = 0; row < height; row++) {
    sums.fill(0);
    for (let tap = 0; tap < count; tap++) {
      const weight = weights[row * count + tap];
      if (weight === 0) continue;
      const start = (first[row] - firstRow + tap) * line;
      for (let index = 0; index < line; index++) sums[index] += narrow[start + index] * weight;
    }
    for (let index = 0; index < line; index++) data[row * line + index] = toByte(sums[index]);
  }
}

/** @param start of the part, and its length, on an axis of the image; it becomes `target` pixels, of which none sees beyond it */
function tapsOf(start: number, length: number, target: number): Taps {
  const step = length / target;
  const reach = Math.max(step, 1);
  const spans = Array.from({ length: target }, (_, pixel) => {
    const middle = (pixel + 0.5) * step;
    return { middle, from: Math.max(0, Math.floor(middle - reach + 0.5)), to: Math.min(length, Math.floor(middle + reach + 0.5)) };
  });
  const count = Math.max(...spans.map(({ from, to }) => to - from));
  const first = new Int32Array(target);
  const weights = new Float64Array(target * count);
  for (const [pixel, { middle, from, to }] of spans.entries()) {
    const begin = Math.min(from, length - count); // all taps lie in the part, also those of weight 0
    first[pixel] = start + begin;
    let total = 0;
    for (let source = from; source < to; source++) total += triangle((source + 0.5 - middle) / reach);
    for (let source = from; source < to; source++) weights[pixel * count + source - begin] = triangle((source + 0.5 - middle) / reach) / total;
  }
  return { first, count, weights };
}

function triangle(distance: number): number {
  return Math.max(0, 1 - Math.abs(distance));
}
