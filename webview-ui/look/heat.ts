/**
 * Colours for heights: lightness rises or falls evenly from one end to the other, so that the order is seen with any colour vision and in
 * grey; the hue goes from blue through green to yellow. What is low is near the background.
 */
import { contrast, fromOklch, hexOf, parseColour } from './colour.ts';

/** `#rrggbb` of a height from 0 (lowest) to 1 (highest). */
export function heatColour(height: number, dark: boolean): string {
  const at = Math.min(1, Math.max(0, height));
  const light = dark ? at : 1 - at;
  return hexOf(fromOklch(0.28 + 0.66 * light, 0.1 + 0.06 * Math.sin(Math.PI * light) + 0.03 * light, 280 - 175 * light));
}

/** Black or white, whichever is read more easily on the colour: at least 4.5 to 1. */
export function textOn(colour: string): string {
  const behind = parseColour(colour)!;
  return contrast([0, 0, 0], behind) >= contrast([1, 1, 1], behind) ? '#000000' : '#ffffff';
}
