import { datasetInMemory, type Dataset } from '../../src/core/data.ts';
import { integer, randomKey } from '../../src/core/random.ts';

/** Grey images on which class c is bright in column c, under noise: quickly learnt, not perfectly. */
export function toyData(count: number, seed: number, { side = 4, classes = 3, noise = 120 } = {}): Dataset {
  const key = randomKey(seed, 'task');
  const labels = Int32Array.from({ length: count }, (_, image) => image % classes);
  const examples = Uint8Array.from({ length: count * side * side }, (_, pixel) => {
    const column = pixel % side;
    const label = labels[Math.floor(pixel / (side * side))];
    return (column === label ? 80 : 0) + integer(key, pixel, noise);
  });
  return datasetInMemory({ examples, labels, shape: [side, side, 1], classes });
}
