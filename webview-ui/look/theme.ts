/** The editor's theme as the canvas needs it. */
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

/** `#rrggbb` with an opacity of 0..1. */
export function withAlpha(colour: string, alpha: number): string {
  return colour + Math.round(alpha * 255).toString(16).padStart(2, '0');
}
