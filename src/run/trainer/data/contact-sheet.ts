/** A picture of some images of each class: one row a class, in the order of the labels. */
import type { Dataset } from '../../../core/data.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { replaceFile } from '../../write.ts';
import { startSharp } from './decode-image.ts';

const COLUMNS = 12;
const CELL = 64;
const GAP = 4;

/** @throws StarsseError usage for features, which have no looks; disk */
export async function writeContactSheet(file: string, dataset: Dataset): Promise<void> {
  if (dataset.values === 'features') throw new StarsseError('usage', 'Features have no contact sheet: they are no images');
  const rows = Array.from({ length: dataset.classes }, (_, label) => positionsOf(dataset.labels, label));
  const width = GAP + COLUMNS * (CELL + GAP);
  const height = GAP + rows.length * (CELL + GAP);
  const sheet = new Uint8Array(width * height * 3).fill(255);
  for (const [row, positions] of rows.entries()) {
    for (const [column, cell] of (await cellsOf(dataset, positions)).entries()) {
      for (let y = 0; y < CELL; y++) {
        const target = (GAP + row * (CELL + GAP) + y) * width + GAP + column * (CELL + GAP);
        sheet.set(cell.subarray(3 * CELL * y, 3 * CELL * (y + 1)), 3 * target);
      }
    }
  }
  const sharp = await startSharp();
  await replaceFile(file, [await sharp(sheet, { raw: { width, height, channels: 3 } }).png().toBuffer()]);
}

/** The first of the class, spread over the set. */
function positionsOf(labels: Int32Array, wanted: number): Uint32Array {
  const all = Uint32Array.from(labels.keys()).filter((position) => labels[position] === wanted);
  if (all.length <= COLUMNS) return all;
  return Uint32Array.from({ length: COLUMNS }, (_, index) => all[Math.floor((index * all.length) / COLUMNS)]);
}

/** [positions] images of CELL x CELL x 3. */
async function cellsOf(dataset: Dataset, positions: Uint32Array): Promise<Uint8Array[]> {
  const sharp = await startSharp();
  const [height, width, channels] = dataset.shape;
  const pixels = (await dataset.read(positions)) as Uint8Array;
  return await Promise.all(
    Array.from(positions, async (_, index) => {
      const image = inColour(pixels.subarray(index * height * width * channels, (index + 1) * height * width * channels), channels);
      // What is smaller keeps its hard edges.
      const kernel = Math.max(height, width) < CELL ? 'nearest' : 'cubic';
      return await sharp(image, { raw: { width, height, channels: 3 } }).resize(CELL, CELL, { fit: 'contain', background: '#ffffff', kernel }).raw().toBuffer();
    }),
  );
}

/** One or two channels are grey (and whatever), three or four red, green and blue (and whatever). */
function inColour(pixels: Uint8Array, channels: number): Uint8Array {
  const colour = new Uint8Array((pixels.length / channels) * 3);
  for (let index = 0; index < colour.length; index++) colour[index] = pixels[Math.floor(index / 3) * channels + (channels < 3 ? 0 : index % 3)];
  return colour;
}
