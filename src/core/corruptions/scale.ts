/**
 * The paper has two sets of parameters, for images of 32 and of 224 pixels a side. Between, each number goes from one to the other
 * with the logarithm of the side, t = log(side / 32) / log(7); below 32 it is that of 32; above 224 that of 224, and what is a length in
 * pixels grows with the side.
 */
export interface Parameters {
  /** One row a severity, for a side of 32 and of 224. */
  small: readonly (readonly number[])[];
  large: readonly (readonly number[])[];
  /** Which of the numbers of a row are lengths in pixels. */
  lengths?: readonly number[];
}

/** @param severity 1..5 @param side the shorter side of the image */
export function parametersFor({ small, large, lengths = [] }: Parameters, severity: number, side: number): number[] {
  const t = Math.min(Math.max(Math.log(side / 32) / Math.log(7), 0), 1);
  const growth = Math.max(1, side / 224);
  return small[severity - 1].map((value, place) => (value + t * (large[severity - 1][place] - value)) * (lengths.includes(place) ? growth : 1));
}
