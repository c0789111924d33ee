/**
 * What batch norm needs: sums by channel and linear functions by channel of [rows, channels]. Each four channels in turn go through a
 * block of rows that stays in the nearest cache, their numbers in registers; what is left of a block is added up in double precision.
 */

/** @param channels of a row @returns rows at once */
// @ts-expect-error: decorator
@inline
function blockOf(channels: i32): i32 {
  return max(8, min(128, 4096 / channels));
}

/** sums[c] += sum of y - shiftY, products[c] += sum of (y - shiftY) (x - shiftX), both float64. */
export function addProducts(x: usize, y: usize, rows: i32, channels: i32, shiftX: usize, shiftY: usize, sums: usize, products: usize): void {
  const rowBytes = <usize>channels << 2;
  const block = blockOf(channels);
  const whole = channels & ~3;
  for (let first = 0; first < rows; first += block) {
    const count = min(block, rows - first);
    for (let c = 0; c < whole; c += 4) {
      const at = <usize>c << 2;
      const fromX = v128.load(shiftX + at);
      const fromY = v128.load(shiftY + at);
      let sum = f32x4.splat(0), product = f32x4.splat(0), otherSum = f32x4.splat(0), otherProduct = f32x4.splat(0);
      let px = x + at, py = y + at;
      let row = count;
      for (; row >= 2; row -= 2) {
        const a = f32x4.sub(v128.load(py), fromY);
        sum = f32x4.add(sum, a);
        product = f32x4.add(product, f32x4.mul(a, f32x4.sub(v128.load(px), fromX)));
        px += rowBytes;
        py += rowBytes;
        const b = f32x4.sub(v128.load(py), fromY);
        otherSum = f32x4.add(otherSum, b);
        otherProduct = f32x4.add(otherProduct, f32x4.mul(b, f32x4.sub(v128.load(px), fromX)));
        px += rowBytes;
        py += rowBytes;
      }
      if (row > 0) {
        const a = f32x4.sub(v128.load(py), fromY);
        sum = f32x4.add(sum, a);
        product = f32x4.add(product, f32x4.mul(a, f32x4.sub(v128.load(px), fromX)));
      }
      addDoubles(sums + (<usize>c << 3), f32x4.add(sum, otherSum));
      addDoubles(products + (<usize>c << 3), f32x4.add(product, otherProduct));
    }
    for (let c = whole; c < channels; c++) {
      const at = <usize>c << 2;
      const fromX = load<f32>(shiftX + at), fromY = load<f32>(shiftY + at);
      let sum: f32 = 0, product: f32 = 0;
      let px = x + at, py = y + at;
      for (let row = 0; row < count; row++) {
        const a = load<f32>(py) - fromY;
        sum += a;
        product += a * (load<f32>(px) - fromX);
        px += rowBytes;
        py += rowBytes;
      }
      const place = <usize>c << 3;
      store<f64>(sums + place, load<f64>(sums + place) + <f64>sum);
      store<f64>(products + place, load<f64>(products + place) + <f64>product);
    }
    x += <usize>count * rowBytes;
    y += <usize>count * rowBytes;
  }
}

// @ts-expect-error: decorator
@inline
function addDoubles(at: usize, four: v128): void {
  v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(four)));
  const high = v128.shuffle<f32>(four, four, 2, 3, 0, 1);
  v128.store(at, f64x2.add(v128.load(at, 16), f64x2.promote_low_f32x4(high)), 16);
}

/** y = (x - shift) factor + term, each by channel. */
export function scaleChannels(x: usize, rows: i32, channels: i32, shift: usize, factor: usize, term: usize, y: usize): void {
  const rowBytes = <usize>channels << 2;
  const block = blockOf(channels);
  const whole = channels & ~3;
  for (let first = 0; first < rows; first += block) {
    const bytes = <usize>min(block, rows - first) * rowBytes;
    for (let c = 0; c < whole; c += 4) {
      const at = <usize>c << 2;
      const s = v128.load(shift + at), f = v128.load(factor + at), t = v128.load(term + at);
      for (let place = at; place < bytes; place += rowBytes) {
        v128.store(y + place, f32x4.add(f32x4.mul(f32x4.sub(v128.load(x + place), s), f), t));
      }
    }
    for (let c = whole; c < channels; c++) {
      const at = <usize>c << 2;
      const s = load<f32>(shift + at), f = load<f32>(factor + at), t = load<f32>(term + at);
      for (let place = at; place < bytes; place += rowBytes) store<f32>(y + place, (load<f32>(x + place) - s) * f + t);
    }
    x += bytes;
    y += bytes;
  }
}

/** z = (x - shift) factorX + y factorY + term, each by channel. */
export function combineChannels(x: usize, y: usize, rows: i32, channels: i32, shift: usize, factorX: usize, factorY: usize, term: usize, z: usize): void {
  const rowBytes = <usize>channels << 2;
  const block = blockOf(channels);
  const whole = channels & ~3;
  for (let first = 0; first < rows; first += block) {
    const bytes = <usize>min(block, rows - first) * rowBytes;
    for (let c = 0; c < whole; c += 4) {
      const at = <usize>c << 2;
      const s = v128.load(shift + at), fx = v128.load(factorX + at), fy = v128.load(factorY + at), t = v128.load(term + at);
      for (let place = at; place < bytes; place += rowBytes) {
        const fromX = f32x4.mul(f32x4.sub(v128.load(x + place), s), fx);
        v128.store(z + place, f32x4.add(f32x4.add(fromX, f32x4.mul(v128.load(y + place), fy)), t));
      }
    }
    for (let c = whole; c < channels; c++) {
      const at = <usize>c << 2;
      const s = load<f32>(shift + at), fx = load<f32>(factorX + at), fy = load<f32>(factorY + at), t = load<f32>(term + at);
      for (let place = at; place < bytes; place += rowBytes) store<f32>(z + place, (load<f32>(x + place) - s) * fx + load<f32>(y + place) * fy + t);
    }
    x += bytes;
    y += bytes;
    z += bytes;
  }
}
