/** Parts of an image: the middle for evaluation, and a random place for training. */

/** What the network sees of an image, and whether mirrored. */
export interface Placement {
  /** The pixel shown at the top left, before mirroring; outside the image all is black. */
  top: number;
  left: number;
  mirrored: boolean;
}

/** The middle `size` of every example. @param examples [count, ...shape] @returns [count, ...size, channels] */
export function centreCrop<A extends Uint8Array | Float32Array>(examples: A, shape: readonly [number, number, number], [height, width]: readonly [number, number]): A {
  const [storedHeight, storedWidth, channels] = shape;
  const count = examples.length / (storedHeight * storedWidth * channels);
  const length = count * height * width * channels;
  const cropped = (examples instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length)) as A;
  const top = Math.floor((storedHeight - height) / 2);
  const left = Math.floor((storedWidth - width) / 2);
  let target = 0;
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < height; row++) {
      const start = ((image * storedHeight + top + row) * storedWidth + left) * channels;
      cropped.set(examples.subarray(start, start + width * channels), target);
      target += width * channels;
    }
  }
  return cropped;
}

/**
 * Copies a part of an image, mirrored or not.
 * @param source [...shape] @param target [...size, channels]
 */
export function cropInto(source: Uint8Array, [storedHeight, storedWidth, channels]: readonly [number, number, number], target: Uint8Array, [height, width]: readonly [number, number], { top, left, mirrored }: Placement): void {
  const [first, last] = [Math.max(0, left), Math.min(storedWidth, left + width)]; // columns of the image that are seen
  const isPadded = last - first < width || top < 0 || top + height > storedHeight;
  if (isPadded) target.fill(0);
  if (first >= last) return;
  for (let row = Math.max(0, -top); row < height && top + row < storedHeight; row++) {
    const from = ((top + row) * storedWidth + first) * channels;
    const line = row * width;
    if (mirrored) copyMirrored(source, from, target, (line + width - 1 - (first - left)) * channels, last - first, channels);
    else target.set(source.subarray(from, from + (last - first) * channels), (line + first - left) * channels);
  }
}

/** Pixels from left to right become pixels from right to left. */
function copyMirrored(source: Uint8Array, from: number, target: Uint8Array, to: number, count: number, channels: number): void {
  for (let pixel = 0; pixel < count; pixel++, from += channels, to -= channels) {
    for (let channel = 0; channel < channels; channel++) target[to + channel] = source[from + channel];
  }
}
