/** TensorFlow's padding 'same': ceil(length / stride) windows, and one zero more after than before where they are odd. @returns zeros before and after */
export function samePadding(length: number, window: number, stride: number): [number, number] {
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + window - length, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}
