/**
 * What batch norm needs: sums by channel and linear functions by channel of [rows, channels], worked out in float64, as are the numbers
 * that belong to a channel. Each four channels in turn go through a block of rows that stays in the nearest cache, their numbers in
 * registers.
 */

// @ts-expect-error: decorator
@inline
function rowsAtOnce(channels: i32): i32 {
  return max(8, min(128, 4096 / channels));
}

// @ts-expect-error: decorator
@inline
function low(four: v128): v128 {
  return f64x2.promote_low_f32x4(four);
}

// @ts-expect-error: decorator
@inline
function high(four: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(four, four, 2, 3, 0, 1));
}

/** Four float32 from two pairs of float64. */
// @ts-expect-error: decorator
@inline
function rounded(lower: v128, upper: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(lower), f32x4.demote_f64x2_zero(upper), 0, 1, 4, 5);
}

/** sums[c] += sum of y - shiftY, products[c] += sum of (y - shiftY) (x - shiftX). */
export function addProducts(x: usize, y: usize, rows: i32, channels: i32, shiftX: usize, shiftY: usize, sums: usize, products: usize): void {
  const rowBytes = <usize>channels << 2;
  const whole = channels & ~3;
  const block = rowsAtOnce(channels);
  for (let first = 0; first < rows; first += block) {
    const bytes = <usize>min(block, rows - first) * rowBytes;
    for (let c = 0; c < whole; c += 4) {
      const eight = <usize>c << 3;
      const x0 = v128.load(shiftX + eight), x1 = v128.load(shiftX + eight, 16), y0 = v128.load(shiftY + eight), y1 = v128.load(shiftY + eight, 16);
      const sum = sums + eight, product = products + eight;
      let sum0 = v128.load(sum), sum1 = v128.load(sum, 16), product0 = v128.load(product), product1 = v128.load(product, 16);
      for (let place = <usize>c << 2; place < bytes; place += rowBytes) {
        const a = v128.load(y + place), b = v128.load(x + place);
        const a0 = f64x2.sub(low(a), y0), a1 = f64x2.sub(high(a), y1);
        sum0 = f64x2.add(sum0, a0);
        sum1 = f64x2.add(sum1, a1);
        product0 = f64x2.add(product0, f64x2.mul(a0, f64x2.sub(low(b), x0)));
        product1 = f64x2.add(product1, f64x2.mul(a1, f64x2.sub(high(b), x1)));
      }
      v128.store(sum, sum0);
      v128.store(sum, sum1, 16);
      v128.store(product, product0);
      v128.store(product, product1, 16);
    }
    for (let c = whole; c < channels; c++) {
      const eight = <usize>c << 3;
      const fromX = load<f64>(shiftX + eight), fromY = load<f64>(shiftY + eight);
      let sum = load<f64>(sums + eight), product = load<f64>(products + eight);
      for (let place = <usize>c << 2; place < bytes; place += rowBytes) {
        const a = <f64>load<f32>(y + place) - fromY;
        sum += a;
        product += a * (<f64>load<f32>(x + place) - fromX);
      }
      store<f64>(sums + eight, sum);
      store<f64>(products + eight, product);
    }
    x += bytes;
    y += bytes;
  }
}

/** y = (x - shift) factor + term. */
export function scaleChannels(x: usize, rows: i32, channels: i32, shift: usize, factor: usize, term: usize, y: usize): void {
  const rowBytes = <usize>channels << 2;
  const whole = channels & ~3;
  const block = rowsAtOnce(channels);
  for (let first = 0; first < rows; first += block) {
    const bytes = <usize>min(block, rows - first) * rowBytes;
    for (let c = 0; c < whole; c += 4) {
      const eight = <usize>c << 3;
      const s0 = v128.load(shift + eight), s1 = v128.load(shift + eight, 16), f0 = v128.load(factor + eight), f1 = v128.load(factor + eight, 16);
      const t0 = v128.load(term + eight), t1 = v128.load(term + eight, 16);
      for (let place = <usize>c << 2; place < bytes; place += rowBytes) {
        const a = v128.load(x + place);
        const lower = f64x2.add(f64x2.mul(f64x2.sub(low(a), s0), f0), t0);
        const upper = f64x2.add(f64x2.mul(f64x2.sub(high(a), s1), f1), t1);
        v128.store(y + place, rounded(lower, upper));
      }
    }
    for (let c = whole; c < channels; c++) {
      const eight = <usize>c << 3;
      const s = load<f64>(shift + eight), f = load<f64>(factor + eight), t = load<f64>(term + eight);
      for (let place = <usize>c << 2; place < bytes; place += rowBytes) store<f32>(y + place, <f32>((<f64>load<f32>(x + place) - s) * f + t));
    }
    x += bytes;
    y += bytes;
  }
}

/** z = (x - shift) factorX + y factorY + term. */
export function combineChannels(x: usize, y: usize, rows: i32, channels: i32, shift: usize, factorX: usize, factorY: usize, term: usize, z: usize): void {
  const rowBytes = <usize>channels << 2;
  const whole = channels & ~3;
  const block = rowsAtOnce(channels);
  for (let first = 0; first < rows; first += block) {
    const bytes = <usize>min(block, rows - first) * rowBytes;
    for (let c = 0; c < whole; c += 4) {
      const eight = <usize>c << 3;
      const s0 = v128.load(shift + eight), s1 = v128.load(shift + eight, 16), f0 = v128.load(factorX + eight), f1 = v128.load(factorX + eight, 16);
      const g0 = v128.load(factorY + eight), g1 = v128.load(factorY + eight, 16), t0 = v128.load(term + eight), t1 = v128.load(term + eight, 16);
      for (let place = <usize>c << 2; place < bytes; place += rowBytes) {
        const a = v128.load(x + place), b = v128.load(y + place);
        const lower = f64x2.add(f64x2.add(f64x2.mul(f64x2.sub(low(a), s0), f0), f64x2.mul(low(b), g0)), t0);
        const upper = f64x2.add(f64x2.add(f64x2.mul(f64x2.sub(high(a), s1), f1), f64x2.mul(high(b), g1)), t1);
        v128.store(z + place, rounded(lower, upper));
      }
    }
    for (let c = whole; c < channels; c++) {
      const eight = <usize>c << 3;
      const s = load<f64>(shift + eight), f = load<f64>(factorX + eight), g = load<f64>(factorY + eight), t = load<f64>(term + eight);
      for (let place = <usize>c << 2; place < bytes; place += rowBytes) {
        store<f32>(z + place, <f32>((<f64>load<f32>(x + place) - s) * f + <f64>load<f32>(y + place) * g + t));
      }
    }
    x += bytes;
    y += bytes;
    z += bytes;
  }
}
