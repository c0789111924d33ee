/**
 * What a bench says at its end: one line a result, for people, or as JSON where `npm run bench` reads it. A promise that
 * was not kept ends the bench with code 1.
 */

/** Of rounds. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

/** One result of a bench; `npm run bench` writes a row of README's table for each. */
export interface Result extends Limits {
  /** For people, without figures: "training step of ResNet-8, batch 32: PyTorch's time / ours, 2 threads". */
  what: string;
  /** A ratio of times or rates; or words, where there is no ratio; or why it could not be measured here. */
  value: Spread | string;
}

interface Limits {
  /** What the median was promised to reach, or not to pass. */
  atLeast?: number;
  atMost?: number;
}

/** Set by `npm run bench`: results as JSON. */
export const AS_JSON = 'STARSSE_BENCH_JSON';

/** Median (the upper one of two) and range. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], low: sorted[0], high: sorted[sorted.length - 1] };
}

/** "1.50 (1.19 to 1.84)" */
export function spreadText({ median, low, high }: Spread, digits = 2): string {
  return `${median.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

/**
 * Runs both sides in turn, after one round each that does not count.
 * @param sides each gives the time of its round, in any unit, or a rate
 * @returns for each round what every side gave
 */
export async function inTurn(rounds: number, sides: readonly (() => number | Promise<number>)[]): Promise<number[][]> {
  for (const side of sides) await side();
  const all: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    const values: number[] = [];
    for (const side of sides) values.push(await side());
    all.push(values);
  }
  return all;
}

/** Tells the ratio of one pair of sides: of each round its own ratio, then median and range of these. */
export function reportRatio(what: string, ratios: readonly number[], limits: Limits = {}): void {
  tell({ what, value: spread(ratios), ...limits });
}

/** Tells a result that is no ratio, in a few words. */
export function reportWords(what: string, words: string): void {
  tell({ what, value: words });
}

/** Tells why a bench cannot measure here. */
export function reportMissing(what: string, why: string): void {
  tell({ what, value: `not measured here: ${why}` });
}

/** True when the result keeps its promise, or makes none. */
export function kept({ value, atLeast = -Infinity, atMost = Infinity }: Result): boolean {
  return typeof value === 'string' || (value.median >= atLeast && value.median <= atMost);
}

/** ", promised at least 0.7" or nothing. */
export function limitsText({ atLeast, atMost }: Limits): string {
  const limits = [...(atLeast === undefined ? [] : [`at least ${atLeast}`]), ...(atMost === undefined ? [] : [`at most ${atMost}`])];
  return limits.length === 0 ? '' : `, promised ${limits.join(' and ')}`;
}

function tell(result: Result): void {
  const { what, value } = result;
  const words = `${what}: ${typeof value === 'string' ? value : spreadText(value)}${limitsText(result)}`;
  console.log(process.env[AS_JSON] === undefined ? words : JSON.stringify({ bench: result }));
  if (!kept(result)) process.exitCode = 1;
}
