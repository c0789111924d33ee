/**
 * The left side of a product as `multiply` reads it: tiles of 4 rows, each tile [k][4]. Rows are found by a table of uint32
 * offsets from `x`, so that they may be any windows of an image. What a row consists of: `runs` pieces of `length`
 * neighbouring numbers, `runBytes` apart; a window of an image [h, w, c] is one piece [width, c] for each of its rows.
 */

/** Rows of the left side are windows: tile t holds the windows 4 t ... 4 t + 3, k = runs * length. @param windows a multiple of 4 */
export function packPixels(x: usize, table: usize, windows: i32, runs: i32, length: i32, runBytes: usize, to: usize): void {
  for (let last = table + (<usize>windows << 2); table < last; table += 16) {
    let x0 = x + load<u32>(table);
    let x1 = x + load<u32>(table, 4);
    let x2 = x + load<u32>(table, 8);
    let x3 = x + load<u32>(table, 12);
    const skip = runBytes - (<usize>length << 2);
    for (let run = 0; run < runs; run++) {
      let left = length;
      for (; left >= 4; left -= 4) {
        const a = v128.load(x0), b = v128.load(x1), c = v128.load(x2), d = v128.load(x3);
        const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
        const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7), cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
        v128.store(to, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5));
        v128.store(to, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7), 16);
        v128.store(to, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5), 32);
        v128.store(to, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7), 48);
        x0 += 16; x1 += 16; x2 += 16; x3 += 16; to += 64;
      }
      for (; left > 0; left--) {
        store<f32>(to, load<f32>(x0));
        store<f32>(to, load<f32>(x1), 4);
        store<f32>(to, load<f32>(x2), 8);
        store<f32>(to, load<f32>(x3), 12);
        x0 += 4; x1 += 4; x2 += 4; x3 += 4; to += 16;
      }
      x0 += skip; x1 += skip; x2 += skip; x3 += skip;
    }
  }
}

/**
 * Rows of the left side are places in the window: tile (run, m) holds the places 4 m ... 4 m + 3 of one piece, zeros behind the
 * last; k = windows, any number.
 */
export function packTaps(x: usize, table: usize, windows: i32, runs: i32, length: i32, runBytes: usize, to: usize): void {
  const tileBytes = <usize>windows << 4;
  const whole = length & ~3;
  for (let window = 0; window < windows; window++) {
    let from = x + load<u32>(table + (<usize>window << 2));
    let tile = to + (<usize>window << 4);
    for (let run = 0; run < runs; run++) {
      let at = from;
      for (let m = 0; m < whole; m += 4) {
        v128.store(tile, v128.load(at));
        at += 16;
        tile += tileBytes;
      }
      if (whole < length) {
        v128.store(tile, loadPart(at, length - whole));
        tile += tileBytes;
      }
      from += runBytes;
    }
  }
}

/** 1 to 3 numbers, then zeros. */
function loadPart(at: usize, count: i32): v128 {
  let part = v128.load32_zero(at);
  if (count > 1) part = v128.load32_lane(at, part, 1, 4);
  if (count > 2) part = v128.load32_lane(at, part, 2, 8);
  return part;
}
