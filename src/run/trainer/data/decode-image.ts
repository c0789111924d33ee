/**
 * One image file as pixels of one size, by libvips through sharp. Colours are taken to sRGB by the file's own profile, 16
 * bits to 8 by their upper half, CMYK by its profile; what is transparent is laid over white; the first frame or page
 * counts; EXIF orientation is applied; scaling is bicubic with antialiasing. Grey = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
 */
import { readFile } from 'node:fs/promises';
import type { Sharp, SharpOptions } from 'sharp';
import type { PlanImage } from '../../../protocol/plan-data.ts';
import { decodeBmp } from './bmp-file.ts';

/** Larger images are refused unread: a small file can claim to be so large that memory ends. */
export const MOST_PIXELS = 100e6;
/** The numbers of libvips's loaders that may see a user's file; all others are shut. */
const LOADERS = ['VipsForeignLoadPng', 'VipsForeignLoadJpeg', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif', 'VipsForeignLoadTiff'];
const FIT = { cover: 'cover', stretch: 'fill', contain: 'contain' } as const;

export interface DecodedImage {
  /** [stored, stored, channels] */
  pixels: Uint8Array;
  /** Of the file, upright. */
  width: number;
  height: number;
}
export type Decoder = (file: string) => Promise<DecodedImage>;

/** @throws Error (by the decoder) saying in one line why a file is no image that can be read */
export async function imageDecoder({ size, stored, channels, fit }: PlanImage): Promise<Decoder> {
  const sharp = await startSharp();
  const side = stored ?? size;
  return async (file) => {
    const bytes = await readFile(file);
    const { image, width, height } = await opened(sharp, bytes);
    const { data, info } = await image
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .resize(side, side, { fit: FIT[fit], kernel: 'cubic', background: '#000000' })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { pixels: channels === 3 ? threeChannels(data, info.channels) : grey(data, info.channels), width, height };
  };
}

interface SharpModule {
  (input: Uint8Array, options?: SharpOptions): Sharp;
  (made: Pick<SharpOptions, 'text'>): Sharp;
}
let started: Promise<SharpModule> | null = null;

/** Loaded by those who decode images only: it takes a moment. */
export function startSharp(): Promise<SharpModule> {
  started ??= import(/* webpackMode: "eager" */ 'sharp').then(({ default: sharp }) => {
    // Images are decoded side by side, each by one thread; nothing is asked for twice.
    sharp.concurrency(1);
    sharp.cache(false);
    sharp.block({ operation: ['VipsForeignLoad'] });
    sharp.unblock({ operation: LOADERS });
    return sharp;
  });
  return started;
}

async function opened(sharp: SharpModule, bytes: Uint8Array): Promise<{ image: Sharp; width: number; height: number }> {
  if (bytes[0] === 0x42 && bytes[1] === 0x4d) {
    const { data, width, height } = decodeBmp(bytes, MOST_PIXELS);
    return { image: sharp(data, { raw: { width, height, channels: 3 } }), width, height };
  }
  // "error": a torn file is no image; a warning, for example of a wrong date, is none of ours.
  const image = sharp(bytes, { autoOrient: true, failOn: 'error', limitInputPixels: MOST_PIXELS });
  const { autoOrient } = await image.metadata();
  return { image, width: autoOrient.width, height: autoOrient.height };
}

function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const colour = new Uint8Array((data.length / channels) * 3);
  for (let index = 0; index < colour.length; index++) colour[index] = data[Math.floor(index / 3) * channels];
  return colour;
}

function grey(data: Uint8Array, channels: number): Uint8Array {
  const [green, blue] = channels < 3 ? [0, 0] : [1, 2];
  const pixels = new Uint8Array(data.length / channels);
  for (let pixel = 0, at = 0; pixel < pixels.length; pixel++, at += channels) {
    // The three weights in 65536ths; their sum is 1, so grey stays as it is.
    pixels[pixel] = (19595 * data[at] + 38470 * data[at + green] + 7471 * data[at + blue] + 32768) >> 16;
  }
  return pixels;
}
