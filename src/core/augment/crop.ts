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
  let index = 0;
  for (let row = top; row < top + height; row++) {
    for (let column = 0; column < width; column++) {
      const from = left + (mirrored ? width - 1 - column : column);
      const inside = row >= 0 && row < storedHeight && from >= 0 && from < storedWidth;
      for (let channel = 0; channel < channels; channel++) {
        target[index++] = inside ? source[(row * storedWidth + from) * channels + channel] : 0;
      }
    }
  }
}
