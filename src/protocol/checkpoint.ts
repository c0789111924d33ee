/** What the checkpoint inspector shows of a file: its tensors, and figures of them that are worked out on demand. */
import * as v from 'valibot';

export type CheckpointKind = 'safetensors' | 'tfjs' | 'keras' | 'hdf5';

export interface TensorItem {
  /** Its whole name; dots and slashes part the layers. */
  name: string;
  /** safetensors' name of the type: F32, BF16, I64, ... */
  dtype: string;
  shape: number[];
  sizeBytes: number;
  /** Where its bytes begin in the file; null where the file is packed or several. */
  start: number | null;
}

/** What a file says of itself. */
export interface TensorTable {
  kind: CheckpointKind;
  /** Of all its files together. */
  sizeBytes: number;
  metadata: Record<string, string>;
  /** In the file's order. */
  tensors: TensorItem[];
}

/** More than these are no network, and no table that anyone reads. */
export const MOST_TENSORS = 200_000;

export const HISTOGRAM_BINS = 48;

/** Of one tensor. Extremes, mean, deviation, norm and histogram are of its finite numbers; null where it has none. */
export interface TensorStatistics {
  name: string;
  count: number;
  min: number | null;
  max: number | null;
  mean: number | null;
  /** Of the population: divided by the count. */
  deviation: number | null;
  /** sqrt(sum of squares) */
  norm: number | null;
  zeros: number;
  nan: number;
  infinite: number;
  /** Numbers in each of HISTOGRAM_BINS equal parts from min to max. */
  histogram: number[];
}

/** Of a tensor a of one file and b of the same name and shape of another; null where a number is not finite. */
export interface TensorDifference {
  name: string;
  count: number;
  /** |b - a| */
  distance: number | null;
  /** Greatest |b_i - a_i|. */
  largest: number | null;
  normA: number | null;
  normB: number | null;
  /** a . b */
  dot: number | null;
}

export const StatisticsRequestSchema = v.strictObject({ file: v.string(), names: v.optional(v.array(v.string())) });
export const DifferenceRequestSchema = v.strictObject({ a: v.string(), b: v.string() });
export const FiltersRequestSchema = v.strictObject({ file: v.string(), name: v.string() });

/** PyTorch's [filters, channels, height, width], or TensorFlow's [height, width, channels, filters]. */
export type FilterLayout = 'torch' | 'tensorflow';

export function layoutOf(kind: CheckpointKind): FilterLayout {
  return kind === 'safetensors' ? 'torch' : 'tensorflow';
}

export interface FilterShape {
  filters: number;
  channels: number;
  height: number;
  width: number;
}

/** What a tensor is as images; null where its filters are none: they have one channel or three, and are of more than one pixel. */
export function filterShape(shape: readonly number[], layout: FilterLayout): FilterShape | null {
  if (shape.length !== 4) return null;
  const [filters, channels, height, width] = layout === 'torch' ? shape : [shape[3], shape[2], shape[0], shape[1]];
  const isImage = (channels === 1 || channels === 3) && [height, width].every((side) => side >= 2 && side <= 64) && filters >= 1;
  return isImage ? { filters, channels, height, width } : null;
}

/** The first filters of a tensor, each stretched over 0..255 by its own least and greatest number. */
export interface FilterImages extends FilterShape {
  name: string;
  /** How many are here, from the first on. */
  shown: number;
  /** Of each. */
  low: number[];
  high: number[];
  /** Base64 of bytes [shown, height, width, channels]. */
  pixels: string;
}

/** The tensor whose filters look at the image: of three channels before one, then in the order of names. */
export function firstFilters(tensors: readonly TensorItem[], layout: FilterLayout): TensorItem | null {
  const byName = new Intl.Collator('en', { numeric: true });
  const found = tensors.flatMap((tensor) => {
    const channels = filterShape(tensor.shape, layout)?.channels;
    return channels === undefined ? [] : [{ tensor, channels }];
  });
  found.sort((a, b) => b.channels - a.channels || byName.compare(a.tensor.name, b.tensor.name));
  return found[0]?.tensor ?? null;
}
