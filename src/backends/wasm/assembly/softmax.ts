/**
 * 2^t of two numbers: 2^q p(t - q), where q is t rounded and p the polynomial of degree 9 by Estrin's scheme, whose terms do not wait for one another. q comes
 * out of the lowest bits of t + 1.5 x 2^52 and is added to the exponent. Below the lowest exponent 0; of NaN NaN.
 */
// @ts-ignore: decorator
@inline
function powerOfTwo(t: v128, rounder: v128, lowest: v128, c0: v128, c1: v128, c2: v128, c3: v128, c4: v128, c5: v128, c6: v128, c7: v128, c8: v128, c9: v128): v128 {
  const shifted = f64x2.add(t, rounder);
  const f = f64x2.sub(t, f64x2.sub(shifted, rounder));
  const f2 = f64x2.mul(f, f);
  const f4 = f64x2.mul(f2, f2);
  const low = f64x2.add(f64x2.add(c0, f64x2.mul(c1, f)), f64x2.mul(f64x2.add(c2, f64x2.mul(c3, f)), f2));
  const high = f64x2.add(f64x2.add(f64x2.add(c4, f64x2.mul(c5, f)), f64x2.mul(f64x2.add(c6, f64x2.mul(c7, f)), f2)), f64x2.mul(f64x2.add(c8, f64x2.mul(c9, f)), f4));
  return v128.andnot(i64x2.add(f64x2.add(low, f64x2.mul(high, f4)), i64x2.shl(shifted, 52)), f64x2.le(t, lowest));
}

/** Of so many numbers; NaN among them is passed over. */
function highestOf(values: usize, count: i32): f32 {
  let four = v128.load32_splat(values);
  let at = 0;
  for (; at + 4 <= count; at += 4) four = f32x4.pmax(four, v128.load(values + (<usize>at << 2)));
  for (; at < count; at++) four = f32x4.pmax(four, v128.load32_splat(values + (<usize>at << 2)));
  four = f32x4.pmax(four, v128.shuffle<f32>(four, four, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(four, v128.shuffle<f32>(four, four, 1, 0, 3, 2)), 0);
}

/**
 * sum += weight x softmax(logits) of every row.
 * @param logits float32 [rows, classes]. @param sum float64 [rows, classes]. @param scratch float64 [classes]
 * @param table float64 [13]: 1 / ln 2; 1.5 x 2^52; the lowest exponent; the polynomial from its constant on. (As constants of the code they would be
 *   made anew in every turn of the loop.)
 */
export function addSoftmax(logits: usize, rows: i32, classes: i32, weight: f64, sum: usize, scratch: usize, table: usize): void {
  const perNat = v128.load64_splat(table), rounder = v128.load64_splat(table, 8), lowest = v128.load64_splat(table, 16);
  const c0 = v128.load64_splat(table, 24), c1 = v128.load64_splat(table, 32), c2 = v128.load64_splat(table, 40);
  const c3 = v128.load64_splat(table, 48), c4 = v128.load64_splat(table, 56), c5 = v128.load64_splat(table, 64);
  const c6 = v128.load64_splat(table, 72), c7 = v128.load64_splat(table, 80), c8 = v128.load64_splat(table, 88), c9 = v128.load64_splat(table, 96);
  const even = classes & ~1;
  for (let row = 0; row < rows; row++) {
    const from = f64x2.mul(f64x2.splat(highestOf(logits, classes)), perNat);
    let pairs = f64x2.splat(0);
    for (let label = 0; label < even; label += 2) {
      const t = f64x2.sub(f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(logits + (<usize>label << 2))), perNat), from);
      const exponentials = powerOfTwo(t, rounder, lowest, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9);
      pairs = f64x2.add(pairs, exponentials);
      v128.store(scratch + (<usize>label << 3), exponentials);
    }
    let total = f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
    if (even < classes) {
      const t = f64x2.sub(f64x2.mul(f64x2.splat(load<f32>(logits + (<usize>even << 2))), perNat), from);
      const last = f64x2.extract_lane(powerOfTwo(t, rounder, lowest, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9), 0);
      store<f64>(scratch + (<usize>even << 3), last);
      total += last;
    }
    const scale = weight / total;
    for (let label = 0; label < even; label += 2) {
      const at = <usize>label << 3;
      v128.store(sum + at, f64x2.add(v128.load(sum + at), f64x2.mul(v128.load(scratch + at), f64x2.splat(scale))));
    }
    if (even < classes) {
      const at = <usize>even << 3;
      store<f64>(sum + at, load<f64>(sum + at) + load<f64>(scratch + at) * scale);
    }
    logits += <usize>classes << 2;
    sum += <usize>classes << 3;
  }
}
