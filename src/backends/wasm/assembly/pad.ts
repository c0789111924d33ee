/**
 * Images with a border of zeros: rows of `rowBytes` at distances `fromRow` and `fromImage` become images of
 * `above + rows + below` rows of `before + rowBytes + after` bytes, one behind the other.
 */
export function padImages(
  from: usize, fromImage: usize, fromRow: usize, images: i32, rows: i32, rowBytes: usize, above: i32, below: i32, before: usize, after: usize, to: usize,
): void {
  const wide = before + rowBytes + after;
  for (let image = 0; image < images; image++) {
    memory.fill(to, 0, wide * <usize>above);
    to += wide * <usize>above;
    for (let row = 0; row < rows; row++) {
      memory.fill(to, 0, before);
      memory.copy(to + before, from + <usize>row * fromRow, rowBytes);
      memory.fill(to + before + rowBytes, 0, after);
      to += wide;
    }
    memory.fill(to, 0, wide * <usize>below);
    to += wide * <usize>below;
    from += fromImage;
  }
}
