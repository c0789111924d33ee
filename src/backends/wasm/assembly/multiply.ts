import { multiplyAdd } from './fused';

/**
 * Products of packed matrices, 4 rows by 8 columns at a time, which is what fits into the registers. The loop over k is not
 * unrolled: V8 would load everything first and spill it.
 * @param left tiles [k][4] of rows, one behind the other
 * @param right panels [k][8] of columns, one behind the other
 * @param table of each row of the result its uint32 offset from `y`; 4 for each tile
 * @param adds 1 to add to what is there. Then a row named twice needs zeros on the left.
 */
export function multiply(left: usize, tiles: i32, k: i32, right: usize, columns: i32, y: usize, table: usize, adds: i32): void {
  const rightBytes = <usize>k << 5;
  for (let column = 0; column < columns; column += 8) {
    const count = columns - column;
    let a = left;
    for (let at = table, end = table + (<usize>tiles << 4); at < end; at += 16) {
      let a0 = f32x4.splat(0), a1 = f32x4.splat(0), b0 = f32x4.splat(0), b1 = f32x4.splat(0);
      let c0 = f32x4.splat(0), c1 = f32x4.splat(0), d0 = f32x4.splat(0), d1 = f32x4.splat(0);
      for (let w = right, last = right + rightBytes; w < last; w += 32) {
        const w0 = v128.load(w);
        const w1 = v128.load(w, 16);
        let x = v128.load32_splat(a);
        a0 = multiplyAdd(a0, x, w0);
        a1 = multiplyAdd(a1, x, w1);
        x = v128.load32_splat(a, 4);
        b0 = multiplyAdd(b0, x, w0);
        b1 = multiplyAdd(b1, x, w1);
        x = v128.load32_splat(a, 8);
        c0 = multiplyAdd(c0, x, w0);
        c1 = multiplyAdd(c1, x, w1);
        x = v128.load32_splat(a, 12);
        d0 = multiplyAdd(d0, x, w0);
        d1 = multiplyAdd(d1, x, w1);
        a += 16;
      }
      put(y + load<u32>(at), a0, a1, count, adds);
      put(y + load<u32>(at, 4), b0, b1, count, adds);
      put(y + load<u32>(at, 8), c0, c1, count, adds);
      put(y + load<u32>(at, 12), d0, d1, count, adds);
    }
    right += rightBytes;
    y += 32;
  }
}

// @ts-expect-error: decorator
@inline
function put(y: usize, low: v128, high: v128, count: i32, adds: i32): void {
  if (count >= 8) {
    if (adds) {
      low = f32x4.add(low, v128.load(y));
      high = f32x4.add(high, v128.load(y, 16));
    }
    v128.store(y, low);
    v128.store(y, high, 16);
  } else putPart(y, low, high, count, adds);
}

/** The first `count` of 8 numbers. */
function putPart(y: usize, low: v128, high: v128, count: i32, adds: i32): void {
  if (count >= 4) {
    v128.store(y, adds ? f32x4.add(low, v128.load(y)) : low);
    y += 16;
    count -= 4;
    low = high;
  }
  for (; count > 0; count--, y += 4) {
    const value = f32x4.extract_lane(low, 0);
    store<f32>(y, adds ? value + load<f32>(y) : value);
    low = v128.shuffle<f32>(low, low, 1, 2, 3, 0);
  }
}
