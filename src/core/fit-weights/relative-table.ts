/**
 * Tables of relative positions for windows of another size, as timm resamples them (after BEiT, Bao et al. 2022): the known
 * distances 0, 1, 2, ... are spread so that the gaps between them grow by one factor and the largest reaches the new largest; between them the table is linear.
 */

/** @param values [side^2, heads] @returns [newSide^2, heads], both sides odd */
export function resampledTable(values: Float32Array, heads: number, side: number, newSide: number): Float32Array {
  const places = neighbours(side, newSide);
  const result = new Float32Array(newSide * newSide * heads);
  let target = 0;
  for (const row of places) {
    for (const column of places) {
      for (let head = 0; head < heads; head++, target++) {
        const at = (down: number, right: number): number => values[(down * side + right) * heads + head];
        const above = mix(at(row.before, column.before), at(row.before, column.after), column.share);
        const below = mix(at(row.after, column.before), at(row.after, column.after), column.share);
        result[target] = mix(above, below, row.share);
      }
    }
  }
  return result;
}

interface Neighbours {
  before: number;
  after: number;
  /** Of the one after. */
  share: number;
}

/** Between which known distances each new one lies. */
function neighbours(side: number, newSide: number): Neighbours[] {
  const known = knownDistances(side, newSide);
  const largest = (newSide - 1) / 2;
  return Array.from({ length: newSide }, (_, place) => {
    const distance = place - largest;
    const after = known.findIndex((each) => each >= distance);
    if (after === 0) return { before: 0, after: 0, share: 0 };
    if (after < 0) return { before: side - 1, after: side - 1, share: 0 };
    return { before: after - 1, after, share: (distance - known[after - 1]) / (known[after] - known[after - 1]) };
  });
}

/** ..., -1, 0, 1, 1 + q, 1 + q + q^2, ... in steps of the new window; q is sought by halving between 1.01 and 1.5. */
function knownDistances(side: number, newSide: number): number[] {
  const count = (side - 1) / 2;
  let [low, high, factor] = [1.01, 1.5, 1.01];
  while (high - low > 1e-6) {
    factor = (low + high) / 2;
    if ((1 - factor ** count) / (1 - factor) > (newSide - 1) / 2) high = factor;
    else low = factor;
  }
  const distances: number[] = [];
  for (let power = 0, reached = 0; power < count; power++) distances.push((reached += factor ** power));
  return [...distances.map((distance) => -distance).reverse(), 0, ...distances];
}

function mix(first: number, second: number, share: number): number {
  return first + (second - first) * share;
}
