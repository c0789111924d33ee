/** The editor's theme as the canvas needs it. */
import { luminance, parseColour } from './colour.ts';

export interface Theme {
  /** Colour of each series, `#rrggbb`. */
  series: readonly string[];
  highContrast: boolean;
  background: string;
  foreground: string;
  muted: string;
  /** `#rrggbb` of what belongs to no member: plans, bands, lanes. */
  neutral: string;
  grid: string;
  popupBackground: string;
  popupForeground: string;
  popupBorder: string;
  fontFamily: string;
}

/** Is what is drawn on dark? */
export function isDark({ background, foreground }: Theme): boolean {
  return luminance(parseColour(background) ?? [0, 0, 0]) < luminance(parseColour(foreground) ?? [1, 1, 1]);
}

/** `#rrggbb` with an opacity of 0..1. */
export function withAlpha(colour: string, alpha: number): string {
  return colour + Math.round(alpha * 255).toString(16).padStart(2, '0');
}
