/** The right side of a product as `multiply` reads it: panels of 8 columns, each [k][8], zeros behind the last column. */

/** Of a matrix [k, columns] whose rows are `rowBytes` apart. @param panelBytes from one panel to the next */
export function packRows(from: usize, rowBytes: usize, k: i32, columns: i32, to: usize, panelBytes: usize): void {
  for (let column = 0; column < columns; column += 8) {
    let at = from + (<usize>column << 2);
    const end = to + (<usize>k << 5);
    if (columns - column >= 8) {
      for (let row = to; row < end; row += 32) {
        v128.store(row, v128.load(at));
        v128.store(row, v128.load(at, 16), 16);
        at += rowBytes;
      }
    } else {
      for (let row = to; row < end; row += 32) {
        copyPart(at, 4, row, columns - column);
        at += rowBytes;
      }
    }
    to += panelBytes;
  }
}

/** Of the transpose of a matrix [columns, k] whose rows are `rowBytes` apart. */
export function packColumns(from: usize, rowBytes: usize, k: i32, columns: i32, to: usize, panelBytes: usize): void {
  for (let column = 0; column < columns; column += 8) {
    const count = min(8, columns - column);
    let at = from + <usize>column * rowBytes;
    for (let row = to, end = to + (<usize>k << 5); row < end; row += 32) {
      copyPart(at, rowBytes, row, count);
      at += 4;
    }
    to += panelBytes;
  }
}

/** At most 8 numbers, `step` bytes apart, then zeros. */
// @ts-expect-error: decorator
@inline
function copyPart(from: usize, step: usize, to: usize, count: i32): void {
  let i = 0;
  for (; i < count; i++) {
    store<f32>(to + (<usize>i << 2), load<f32>(from));
    from += step;
  }
  for (; i < 8; i++) store<f32>(to + (<usize>i << 2), 0);
}
