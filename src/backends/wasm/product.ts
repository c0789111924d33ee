/**
 * Convolutions and their gradients as products of packed matrices (assembly/multiply.ts): windows of images on the left, a filter or
 * the gradients of outputs on the right. Blocks are sized for the processor's caches.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { roundUp, singles, withScratch, words } from './heap.ts';
import { simd } from './simd.ts';

/** Bytes of padded images that are packed one after the other. */
const IMAGES_AT_ONCE = 2 ** 17;
/** Bytes of the left side that meet the whole right side. */
const LEFT_AT_ONCE = 3 * 2 ** 15;
/** Bytes of both sides of a filter's gradient. */
const TAPS_AT_ONCE = 2 ** 18;
const FEWEST_WINDOWS = 64;

/** Images [count, rows, columns, channels] in memory, or a part of them, read with zeros around. */
export interface Images {
  address: number;
  /** Bytes from one image, and from one row, to the next. */
  imageBytes: number;
  rowBytes: number;
  count: number;
  rows: number;
  columns: number;
  channels: number;
  /** Zeros above and below, left and right, in pixels. */
  vertical: [number, number];
  horizontal: [number, number];
}

/** The windows of a kernel that slides over padded images. */
export interface Sliding {
  kernel: [rows: number, columns: number];
  strides: [vertical: number, horizontal: number];
  /** How many windows there are downwards and sideways. */
  windows: [rows: number, columns: number];
}

/** Where the result for each window goes: channels, all together. */
export interface Target {
  address: number;
  imageBytes: number;
  rowBytes: number;
  pixelBytes: number;
}

/**
 * y[window, o] = sum over k of window[k] filter[k, o].
 * @param filter panels of [kernel rows x columns x channels, outputs] as `packRows` makes them
 */
export function slideOver(backend: BackendWasm, x: Images, sliding: Sliding, filter: number, outputs: number, y: Target): void {
  const { kernel: [kernelRows, kernelColumns], windows: [rows, columns] } = sliding;
  const k = kernelRows * kernelColumns * x.channels;
  const group = groupOf(x);
  const perImage = rows * columns;
  const tilesAtOnce = Math.max(1, Math.floor(LEFT_AT_ONCE / (16 * k)));
  const tableBytes = 4 * roundUp(group.images * perImage, 4);
  withScratch(backend, [group.bytes, tableBytes, tableBytes, tilesAtOnce * 16 * k], (padded, from, to, packed) => {
    for (let first = 0; first < x.count; first += group.images) {
      const images = Math.min(group.images, x.count - first);
      const place = group.provide(first, images, padded);
      const count = roundUp(images * perImage, 4);
      if (first === 0 || images < group.images) {
        writeOffsets(words(backend, from, count), images, sliding, { image: group.imageBytes, row: sliding.strides[0] * group.rowBytes, pixel: 4 * sliding.strides[1] * x.channels });
        writeOffsets(words(backend, to, count), images, sliding, { image: y.imageBytes, row: y.rowBytes, pixel: y.pixelBytes });
      }
      const tiles = count / 4;
      for (let tile = 0; tile < tiles; tile += tilesAtOnce) {
        const some = Math.min(tilesAtOnce, tiles - tile);
        simd().packPixels(place, from + 16 * tile, 4 * some, kernelRows, kernelColumns * x.channels, group.rowBytes, packed);
        simd().multiply(packed, some, k, filter, outputs, y.address + first * y.imageBytes, to + 16 * tile, 0);
      }
    }
  });
}

/**
 * gradient[k, o] = sum over the windows of window[k] dy[window, o].
 * @param dy address of [windows, outputs]
 * @param gradient address of [kernel rows x columns x channels, outputs]
 */
export function windowGradient(backend: BackendWasm, x: Images, sliding: Sliding, dy: number, outputs: number, gradient: number): void {
  const { kernel: [kernelRows, kernelColumns], windows: [rows, columns] } = sliding;
  const length = kernelColumns * x.channels;
  const group = groupOf(x);
  const perImage = rows * columns;
  const tilesARun = Math.ceil(length / 4);
  const tiles = kernelRows * tilesARun;
  const bytesAWindow = 16 * tiles + 4 * roundUp(outputs, 8);
  const atOnce = Math.max(FEWEST_WINDOWS, Math.floor(TAPS_AT_ONCE / bytesAWindow));
  const tableBytes = 4 * roundUp(group.images * perImage, 4);
  withScratch(backend, [group.bytes, tableBytes, 16 * tiles, atOnce * bytesAWindow], (padded, from, to, packed) => {
    const rowsOfGradient = words(backend, to, 4 * tiles);
    // Behind the last place of a run zeros are added to it.
    for (let row = 0; row < rowsOfGradient.length; row++) {
      const run = Math.floor(row / (4 * tilesARun));
      rowsOfGradient[row] = 4 * outputs * (run * length + Math.min(row - 4 * tilesARun * run, length - 1));
    }
    words(backend, gradient, kernelRows * length * outputs).fill(0);
    for (let first = 0; first < x.count; first += group.images) {
      const images = Math.min(group.images, x.count - first);
      const place = group.provide(first, images, padded);
      if (first === 0) {
        writeOffsets(words(backend, from, tableBytes / 4), images, sliding, { image: group.imageBytes, row: sliding.strides[0] * group.rowBytes, pixel: 4 * sliding.strides[1] * x.channels });
      }
      const count = images * perImage;
      for (let window = 0; window < count; window += atOnce) {
        const some = Math.min(atOnce, count - window);
        const right = packed + 16 * some * tiles;
        simd().packTaps(place, from + 4 * window, some, kernelRows, length, group.rowBytes, packed);
        simd().packRows(dy + 4 * outputs * (first * perImage + window), 4 * outputs, some, outputs, right, 32 * some);
        simd().multiply(packed, tiles, some, right, outputs, gradient, to, 1);
      }
    }
  });
}

/** How many images are padded at once, and what they look like then. */
interface Group {
  images: number;
  /** Memory for them; 0 where they are read where they are. */
  bytes: number;
  imageBytes: number;
  rowBytes: number;
  /** The address at which images first ... first + count - 1 can be read. */
  provide(first: number, count: number, memory: number): number;
}

function groupOf(x: Images): Group {
  const [[above, below], [before, after]] = [x.vertical, x.horizontal];
  const pixel = 4 * x.channels;
  const rowBytes = (before + x.columns + after) * pixel;
  const imageBytes = (above + x.rows + below) * rowBytes;
  const images = Math.max(1, Math.min(x.count, Math.floor(IMAGES_AT_ONCE / imageBytes)));
  const start = (first: number): number => x.address + first * x.imageBytes;
  if (above + below + before + after === 0) return { images, bytes: 0, imageBytes: x.imageBytes, rowBytes: x.rowBytes, provide: start };
  return {
    images, imageBytes, rowBytes,
    bytes: images * imageBytes,
    provide(first, count, memory) {
      simd().padImages(start(first), x.imageBytes, x.rowBytes, count, x.rows, x.columns * pixel, above, below, before * pixel, after * pixel, memory);
      return memory;
    },
  };
}

/** Offsets of the windows of some images, in order; the last one again behind them. */
function writeOffsets(table: Uint32Array, images: number, { windows: [rows, columns] }: Sliding, bytes: { image: number; row: number; pixel: number }): void {
  let place = 0;
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < rows; row++) {
      const start = image * bytes.image + row * bytes.row;
      for (let column = 0; column < columns; column++) table[place++] = start + column * bytes.pixel;
    }
  }
  table.fill(table[place - 1], place);
}

/** Matrices one behind the other. */
export interface Matrices {
  address: number;
  /** The other way round in memory: [columns, rows]. */
  transposed: boolean;
  /** How many; one meets all of the other side. */
  pairs: number;
}

/** y = a b for each pair. @param sizes of [m, k] and [k, n] @param y address of [pairs, m, n] */
export function multiplyMatrices(backend: BackendWasm, a: Matrices, b: Matrices, [m, k, n]: [number, number, number], y: number): void {
  const rows = roundUp(m, 4);
  const rowsAtOnce = Math.min(rows, 4 * Math.max(1, Math.floor(LEFT_AT_ONCE / (16 * k))));
  const sources = a.transposed ? k : rows;
  withScratch(backend, [4 * k * roundUp(n, 8), 4 * rowsAtOnce * k, 4 * sources, 4 * rows], (right, left, from, to) => {
    // Of a transposed side the columns are found, of a plain one the rows; the last row again behind it.
    words(backend, from, sources).set(Uint32Array.from({ length: sources }, (_, row) => 4 * (a.transposed ? row * m : Math.min(row, m - 1) * k)));
    words(backend, to, rows).set(Uint32Array.from({ length: rows }, (_, row) => 4 * Math.min(row, m - 1) * n));
    // `packTaps` puts zeros behind the last row, which can be added to it but not written over it.
    const adds = a.transposed ? 1 : 0;
    if (a.transposed) singles(backend, y, Math.max(a.pairs, b.pairs) * m * n).fill(0);
    const pack = b.transposed ? simd().packColumns : simd().packRows;
    for (let pair = 0; pair < Math.max(a.pairs, b.pairs); pair++) {
      if (pair === 0 || b.pairs > 1) pack(b.address + 4 * pair * k * n, 4 * (b.transposed ? k : n), k, n, right, 32 * k);
      const start = a.address + 4 * (a.pairs > 1 ? pair : 0) * m * k;
      for (let row = 0; row < rows; row += rowsAtOnce) {
        const some = Math.min(rowsAtOnce, rows - row);
        if (a.transposed) simd().packTaps(start + 4 * row, from, k, 1, Math.min(some, m - row), 0, left);
        else simd().packPixels(start, from + 4 * row, some, 1, k, 0, left);
        simd().multiply(left, some / 4, k, right, n, y + 4 * pair * m * n, to + 4 * row, adds);
      }
    }
  });
}
