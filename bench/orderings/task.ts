/**
 * A source task and a target task for transfer: grey images of smooth random patterns, shifted, dimmed, laid over another
 * pattern and under noise. Both tasks have patterns of their own; what a network learns of edges and blobs serves both.
 */
import { datasetInMemory, type Dataset } from '../../src/core/data.ts';
import { integer, normal, randomKey, uniform } from '../../src/core/random.ts';

export const SIDE = 16;
export const CLASSES = 8;
const COARSE = 5;
const NOISE = 40;
/** Patterns move by up to so many pixels less one, down and right. */
const SHIFTS = 5;
/** Where the numbers of the two tasks begin. */
const SOURCE = 1000;
const TARGET = 2000;

export interface Task {
  train: Dataset;
  validation: Dataset;
  test: Dataset;
}

/** Many images to pre-train on. */
export function sourceTask(): Task {
  return taskOf(SOURCE, { train: 4000, validation: 200, test: 200 });
}

/** Few to fine-tune on. */
export function targetTask(): Task {
  return taskOf(TARGET, { train: 320, validation: 800, test: 3000 });
}

function taskOf(seed: number, counts: Record<keyof Task, number>): Task {
  const patterns = Array.from({ length: CLASSES }, (_, label) => smoothPattern(seed + label));
  const part = (name: keyof Task, place: number): Dataset => imagesOf(patterns, counts[name], seed + 100 * (place + 1));
  return { train: part('train', 0), validation: part('validation', 1), test: part('test', 2) };
}

function imagesOf(patterns: Float64Array[], count: number, seed: number): Dataset {
  const pixels = SIDE * SIDE;
  const labels = Int32Array.from({ length: count }, (_, image) => image % CLASSES);
  const examples = new Uint8Array(count * pixels);
  const noise = randomKey(seed, 'task', 1);
  for (let image = 0; image < count; image++) {
    const key = randomKey(seed, 'task', 0, image);
    const other = patterns[(labels[image] + 1 + integer(key, 0, CLASSES - 1)) % CLASSES];
    const [down, right, otherDown, otherRight] = [1, 2, 3, 4].map((index) => integer(key, index, SHIFTS));
    const strength = 45 + 25 * uniform(key, 5);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const row = Math.floor(pixel / SIDE);
      const column = pixel % SIDE;
      const own = patterns[labels[image]][((row + down) % SIDE) * SIDE + ((column + right) % SIDE)];
      const laid = other[((row + otherDown) % SIDE) * SIDE + ((column + otherRight) % SIDE)];
      const grey = 128 + strength * own + 0.5 * strength * laid + NOISE * normal(noise, image * pixels + pixel);
      examples[image * pixels + pixel] = Math.min(255, Math.max(0, Math.round(grey)));
    }
  }
  return datasetInMemory({ examples, labels, shape: [SIDE, SIDE, 1], classes: CLASSES });
}

/** A random coarse grid, made smooth by cosines between its points and scaled to deviation 1, [SIDE, SIDE], periodic. */
function smoothPattern(seed: number): Float64Array {
  const key = randomKey(seed, 'task', 2);
  const coarse = Float64Array.from({ length: COARSE * COARSE }, (_, index) => normal(key, index));
  const pattern = Float64Array.from({ length: SIDE * SIDE }, (_, pixel) => {
    const [row, column] = [Math.floor(pixel / SIDE), pixel % SIDE].map((place) => (place * COARSE) / SIDE);
    const [r, c] = [Math.floor(row), Math.floor(column)];
    const [a, b] = [row - r, column - c].map((part) => (1 - Math.cos(Math.PI * part)) / 2);
    const at = (i: number, j: number): number => coarse[(i % COARSE) * COARSE + (j % COARSE)];
    return (1 - a) * ((1 - b) * at(r, c) + b * at(r, c + 1)) + a * ((1 - b) * at(r + 1, c) + b * at(r + 1, c + 1));
  });
  const mean = pattern.reduce((sum, value) => sum + value, 0) / pattern.length;
  const deviation = Math.sqrt(pattern.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pattern.length);
  return pattern.map((value) => (value - mean) / deviation);
}
