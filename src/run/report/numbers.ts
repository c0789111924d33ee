/** Numbers as a report shows them. */

/** A share 0..1. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '-' : `${(100 * share).toFixed(2)} %`;
}
/** In percentage points, with a sign. */
export function points(share: number): string {
  const value = (100 * share).toFixed(2);
  return share > 0 ? `+${value}` : value;
}
export function decimal(value: number | null | undefined, digits = 4): string {
  return value === undefined ? '-' : value === null ? 'infinite' : value.toFixed(digits);
}
/** About four digits. */
export function short(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : String(Number(value.toPrecision(4)));
}
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
