/** dx = dy where low < y < high, else 0: the gradient of a relu (high infinite) and of a relu6, from the output. */
export function passWhere(dy: usize, y: usize, count: i32, low: f32, high: f32, dx: usize): void {
  const whole = <usize>(count & ~3) << 2;
  const above = f32x4.splat(low), below = f32x4.splat(high);
  let at: usize = 0;
  for (; at < whole; at += 16) {
    const value = v128.load(y + at);
    v128.store(dx + at, v128.and(v128.load(dy + at), v128.and(f32x4.gt(value, above), f32x4.lt(value, below))));
  }
  for (const end = <usize>count << 2; at < end; at += 4) {
    const value = load<f32>(y + at);
    store<f32>(dx + at, value > low && value < high ? load<f32>(dy + at) : 0);
  }
}
