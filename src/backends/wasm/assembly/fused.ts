/** sum + a b, four at a time. Rounded once where the module is compiled for relaxed SIMD, else after each operation. */
// @ts-expect-error: decorator
@inline
export function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}
