/** Numbers as a report shows them, where the terminal has no such thing. */
import { percent as percentOf } from '../cli/numbers.ts';

/** A share 0..1. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '-' : percentOf(share);
}
export function decimal(value: number | null | undefined, digits = 4): string {
  return value === undefined ? '-' : value === null ? 'infinite' : value.toFixed(digits);
}
/** About four digits. */
export function short(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : String(Number(value.toPrecision(4)));
}
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
