/** A part of a tensor that is a block in each of its dimensions. */
export interface Slab {
  offsets: number[];
  counts: number[];
}

/** Numbers from..from+count of a tensor in the order of C, as the fewest blocks in their order: at most two a dimension. */
export function* slabs(shape: readonly number[], from: number, count: number): Generator<Slab> {
  if (count === 0) return;
  if (shape.length === 0) return yield { offsets: [], counts: [] };
  const [, ...inner] = shape;
  const row = inner.reduce((a, b) => a * b, 1);
  const inRow = function* (index: number, start: number, length: number): Generator<Slab> {
    for (const { offsets, counts } of slabs(inner, start, length)) yield { offsets: [index, ...offsets], counts: [1, ...counts] };
  };
  const first = Math.ceil(from / row);
  const last = Math.floor((from + count) / row);
  if (last < first) return yield* inRow(last, from - last * row, count);
  if (first * row > from) yield* inRow(first - 1, from - (first - 1) * row, first * row - from);
  if (last > first) yield { offsets: [first, ...inner.map(() => 0)], counts: [last - first, ...inner] };
  if (from + count > last * row) yield* inRow(last, 0, from + count - last * row);
}
