/** Where the windows of a map lie, and which of its places are neighbours. Numbers only: they are the same in every step. */

export interface Windows {
  /** Windows below and beside each other. */
  rows: number;
  columns: number;
  /** Side of a window. */
  size: number;
  /** By how much rows and columns are moved first. */
  shift: [number, number];
}

/** @param map [height, width] and whatever follows */
export function windowsOf({ window, shift }: { window: number; shift: number }, [height, width]: number[]): Windows {
  const moved = (length: number): number => (length <= window ? 0 : shift);
  return { rows: Math.ceil(height / window), columns: Math.ceil(width / window), size: window, shift: [moved(height), moved(width)] };
}

/** For each pair of places in a window, place by place: the row of the table of relative positions, [size^4]. */
export function relativePositions(size: number): Int32Array {
  const side = 2 * size - 1;
  const count = size * size;
  return Int32Array.from({ length: count * count }, (_, pair) => {
    const [from, to] = [Math.floor(pair / count), pair % count];
    const down = Math.floor(from / size) - Math.floor(to / size);
    const right = (from % size) - (to % size);
    return (down + size - 1) * side + right + size - 1;
  });
}

/** What keeps two places apart: enough to make any attention vanish. The authors' number. */
const APART = -100;

/** For each window and pair of places 0, or `APART` where the shift brought them together: [windows, size^2, size^2]; null without a shift. */
export function separation({ rows, columns, size, shift }: Windows): Float32Array | null {
  if (shift[0] === 0 && shift[1] === 0) return null;
  const count = size * size;
  const apart = new Float32Array(rows * columns * count * count);
  const part = (place: number, length: number, moved: number): number => (moved === 0 || place < length - size ? 0 : place < length - moved ? 1 : 2);
  for (let window = 0; window < rows * columns; window++) {
    const parts = Array.from({ length: count }, (_, place) => {
      const row = Math.floor(window / columns) * size + Math.floor(place / size);
      const column = (window % columns) * size + (place % size);
      return 3 * part(row, rows * size, shift[0]) + part(column, columns * size, shift[1]);
    });
    for (let from = 0; from < count; from++) {
      for (let to = 0; to < count; to++) if (parts[from] !== parts[to]) apart[(window * count + from) * count + to] = APART;
    }
  }
  return apart;
}
