import { unfit } from './layer-type.ts';

/** Places of a window that slides over `length` numbers with `padding` more on each side. @throws StarsseError file-invalid where there is none */
export function slide(length: number, size: number, stride: number, padding: number): number {
  const places = Math.floor((length + 2 * padding - size) / stride) + 1;
  if (places < 1) throw unfit(`a window of ${size} does not fit the ${length + 2 * padding} numbers of its input`);
  return places;
}
