/**
 * Eight colours for members that people with any common kind of colour vision can tell apart, on the theme's own
 * background. The starting points are Okabe and Ito's hues (2008), moved apart under simulated colour blindness.
 */
import { contrast, fromOklch, hexOf, luminance, parseColour, type Rgb } from './colour.ts';

/** [lightness, chroma, hue in degrees] in OKLCH. */
type Base = readonly [number, number, number];

const ON_DARK: readonly Base[] = [
  [0.804, 0.124, 228],
  [0.73, 0.167, 62],
  [0.725, 0.118, 158],
  [0.644, 0.164, 337],
  [0.9, 0.16, 105],
  [0.657, 0.147, 40],
  [0.646, 0.147, 283],
  [0.784, 0.02, 250],
];
const ON_LIGHT: readonly Base[] = [
  [0.56, 0.15, 250],
  [0.67, 0.145, 52],
  [0.43, 0.1, 159],
  [0.5, 0.156, 341],
  [0.53, 0.12, 95],
  [0.46, 0.17, 27],
  [0.45, 0.16, 285],
  [0.55, 0.03, 250],
];

/** Beyond this, the darkest or the lightest would lose their hues. */
const MOST_SHIFT = 0.2;

export const SERIES = ON_DARK.length;
/** A second sign beside colour; with eight colours it repeats after 24 members. */
export const MARKERS = ['circle', 'rectRot', 'triangle', 'rect', 'star', 'crossRot'] as const;
export type Marker = (typeof MARKERS)[number];

export function markerOf(index: number): Marker {
  return MARKERS[index % MARKERS.length];
}

export function seriesOf(index: number): number {
  return index % SERIES;
}

/**
 * Lines need a contrast of 3 against what is behind them (WCAG 1.4.11), 4.5 in high contrast. Where one of the colours has
 * less on this background, all get lighter or darker alike, so that they stay as far apart as they are.
 * @param background as CSS writes it; one that cannot be read counts as black or white by `dark`.
 */
export function seriesColours(background: string, highContrast: boolean, dark: boolean): string[] {
  const behind: Rgb = parseColour(background) ?? (dark ? [0, 0, 0] : [1, 1, 1]);
  const onDark = luminance(behind) < 0.18;
  const enough = highContrast ? 4.5 : 3;
  const shifted = (shift: number): Rgb[] =>
    (onDark ? ON_DARK : ON_LIGHT).map(([lightness, chroma, hue]) => fromOklch(lightness + (onDark ? shift : -shift), chroma, hue));
  let shift = 0;
  while (shift < MOST_SHIFT && shifted(shift).some((colour) => contrast(colour, behind) < enough)) shift += 0.005;
  return shifted(shift).map(hexOf);
}
