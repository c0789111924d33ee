/** A sheet of pairs of images with captions, as a PNG file. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { OverlayOptions } from 'sharp';
import type { Image } from '../../../core/augment/image.ts';
import { diskError } from '../../write.ts';
import { startSharp } from '../data/decode-image.ts';

export interface SheetCell {
  /** On the left, and on the right; both of one size. */
  original: Image;
  augmented: Image;
  /** Below the two. */
  caption: string;
}

/** Small images are drawn larger, by whole factors, up to this many pixels. */
const SIDE = 112;
const GAP = 8;
const CAPTION_HEIGHT = 18;
const BACKGROUND = 255;

/** Where the system has no fonts the captions are missing, and nothing else. @throws StarsseError disk */
export async function writeSheet(file: string, cells: readonly SheetCell[]): Promise<void> {
  const { height, width } = cells[0].original;
  const scale = Math.max(1, Math.floor(SIDE / Math.max(height, width)));
  const cell = { height: height * scale + CAPTION_HEIGHT + GAP, width: 2 * width * scale + 2 * GAP };
  // About as wide as high.
  const columns = Math.max(1, Math.min(cells.length, Math.round(Math.sqrt((cells.length * cell.height) / cell.width))));
  const sheet = { height: Math.ceil(cells.length / columns) * cell.height + GAP, width: columns * cell.width + GAP, channels: 3 as const };
  const canvas: Image = { ...sheet, data: new Uint8Array(sheet.height * sheet.width * 3).fill(BACKGROUND) };
  const places = cells.map((_, index) => ({ top: GAP + Math.floor(index / columns) * cell.height, left: GAP + (index % columns) * cell.width }));
  for (const [index, { original, augmented }] of cells.entries()) {
    draw(canvas, original, places[index], scale);
    draw(canvas, augmented, { ...places[index], left: places[index].left + width * scale + GAP / 2 }, scale);
  }
  const captions = await Promise.all(cells.map(({ caption }, index) => captionAt(caption, { top: places[index].top + height * scale + 2, left: places[index].left }, cell.width - GAP)));
  const sharp = await startSharp();
  const png = await sharp(canvas.data, { raw: sheet }).composite(captions.flat()).png().toBuffer();
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, png);
  } catch (error) {
    throw diskError(error, file);
  }
}

function draw(canvas: Image, { data, height, width, channels }: Image, { top, left }: { top: number; left: number }, scale: number): void {
  for (let row = 0; row < height * scale; row++) {
    for (let column = 0; column < width * scale; column++) {
      const from = (Math.floor(row / scale) * width + Math.floor(column / scale)) * channels;
      const to = ((top + row) * canvas.width + left + column) * 3;
      for (let channel = 0; channel < 3; channel++) canvas.data[to + channel] = data[from + (channels === 3 ? channel : 0)];
    }
  }
}

/** Cut to what fits in a line. */
async function captionAt(caption: string, place: { top: number; left: number }, width: number): Promise<OverlayOptions[]> {
  const sharp = await startSharp();
  const text = caption.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  try {
    const { data, info } = await sharp({ text: { text, font: 'sans 9', rgba: true } }).raw().toBuffer({ resolveWithObject: true });
    const fitting = { width: Math.min(info.width, width), height: Math.min(info.height, CAPTION_HEIGHT) };
    const cut = await sharp(data, { raw: { width: info.width, height: info.height, channels: 4 } }).extract({ left: 0, top: 0, ...fitting }).raw().toBuffer();
    return [{ input: cut, raw: { ...fitting, channels: 4 }, ...place }];
  } catch {
    return []; // no fonts
  }
}
