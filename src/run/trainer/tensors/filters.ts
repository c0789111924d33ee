/** Filters of a convolution as images. */
import { filterShape, type FilterImages, type FilterLayout, type TensorItem } from '../../../protocol/checkpoint.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { Numbers } from './tensor-file.ts';

/** More are no picture. */
const MOST_FILTERS = 1024;

/** @param numbers all of the tensor. @throws StarsseError usage for a tensor whose filters are no images */
export function filterImages({ name, shape }: TensorItem, numbers: Numbers, layout: FilterLayout): FilterImages {
  const found = filterShape(shape, layout);
  if (found === null) throw new StarsseError('usage', `The filters of ${name} [${shape.join(', ')}] are no images: those have one channel or three`);
  const { filters, channels, height, width } = found;
  const shown = Math.min(filters, MOST_FILTERS);
  const pixels = new Uint8Array(shown * height * width * channels);
  const [low, high]: [number[], number[]] = [[], []];
  const placeOf = (filter: number, pixel: number, channel: number): number =>
    layout === 'torch' ? (filter * channels + channel) * height * width + pixel : (pixel * channels + channel) * filters + filter;
  for (let filter = 0; filter < shown; filter++) {
    let [min, max] = [Infinity, -Infinity];
    each((place) => {
      const value = numbers[place];
      if (Number.isFinite(value)) [min, max] = [Math.min(min, value), Math.max(max, value)];
    });
    low.push(Number.isFinite(min) ? min : 0);
    high.push(Number.isFinite(max) ? max : 0);
    each((place, at) => (pixels[at] = max > min ? Math.round((255 * (numbers[place] - min)) / (max - min)) : 128));

    function each(visit: (place: number, at: number) => void): void {
      for (let pixel = 0; pixel < height * width; pixel++) {
        for (let channel = 0; channel < channels; channel++) visit(placeOf(filter, pixel, channel), (filter * height * width + pixel) * channels + channel);
      }
    }
  }
  return { name, ...found, shown, low, high, pixels: Buffer.from(pixels.buffer).toString('base64') };
}
