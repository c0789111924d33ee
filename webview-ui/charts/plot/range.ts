/** Which epochs charts show. Charts that stand below one another share the range; null shows everything. */

/** Epochs, from < to. */
export interface Range {
  from: number;
  to: number;
}

/**
 * A range within the experiment, as wide as asked for or as `least` epochs.
 * @returns null when that is the whole of it, or nothing sensible was asked for.
 */
export function within(range: Range, last: number, least: number): Range | null {
  const width = Math.max(range.to - range.from, Math.min(least, last));
  if (!Number.isFinite(width) || width >= last) return null;
  const middle = (range.from + range.to) / 2;
  const from = Math.min(Math.max(0, middle - width / 2), last - width);
  return Number.isFinite(from) ? { from, to: from + width } : null;
}

/** @param factor below 1 shows less @param centre the epoch that stays where it is on the screen */
export function zoomBy(range: Range, factor: number, centre: number, last: number, least: number): Range | null {
  const width = Math.max(least, (range.to - range.from) * factor);
  const share = (centre - range.from) / (range.to - range.from);
  return within({ from: centre - share * width, to: centre + (1 - share) * width }, last, least);
}

/** @param share of the range's own width, negative to the left */
export function panBy({ from, to }: Range, share: number, last: number): Range | null {
  const shift = Math.min(Math.max(share * (to - from), -from), last - to);
  return within({ from: from + shift, to: to + shift }, last, 0);
}

/** Reads a range that an earlier view left; null for what is none. */
export function rangeFrom(value: unknown): Range | null {
  if (typeof value !== 'object' || value === null) return null;
  const { from, to } = value as Partial<Record<keyof Range, unknown>>;
  return typeof from === 'number' && typeof to === 'number' && from >= 0 && from < to && Number.isFinite(to) ? { from, to } : null;
}
