/** Round numbers within a range, ends included where they are round: steps are 1, 2 or 5 times a power of ten. @param most how many at most, 2 or more */
export function ticks(low: number, high: number, most: number): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough * (1 - 1e-9))!;
  const found: number[] = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + 1e-9 * step; index++) found.push(Number((index * step).toPrecision(12)));
  return found;
}

/** The range of values with a little air around it; one value alone gets some. */
export function rangeOf(values: readonly number[], air = 0.06): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const more = high > low ? air * (high - low) : Math.abs(high) * 0.1 || 1;
  return [low - more, high + more];
}

/** The same for shares, which are between 0 and 1: a few tenths of a percent of air at least. */
export function fractionRange(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = Math.max(0.002, (high - low) * 0.08);
  return [Math.max(0, low - margin), Math.min(1, high + margin)];
}
