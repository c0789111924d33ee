/** How far two tensors of the same shape, which come in pieces, are apart. */
import type { TensorDifference } from '../../../protocol/checkpoint.ts';
import type { Numbers } from './tensor-file.ts';

export class Difference {
  #count = 0;
  #distance = 0;
  #largest = 0;
  #a = 0;
  #b = 0;
  #dot = 0;

  /** @param a and b of the same length */
  add(a: Numbers, b: Numbers): void {
    let [distance, largest, squaresA, squaresB, dot] = [0, this.#largest, 0, 0, 0];
    for (let i = 0; i < a.length; i++) {
      const [x, y] = [a[i], b[i]];
      const step = y - x;
      distance += step * step;
      if (Math.abs(step) > largest) largest = Math.abs(step);
      squaresA += x * x;
      squaresB += y * y;
      dot += x * y;
    }
    this.#count += a.length;
    this.#distance += distance;
    this.#largest = largest;
    this.#a += squaresA;
    this.#b += squaresB;
    this.#dot += dot;
  }

  result(name: string): TensorDifference {
    const distance = finite(Math.sqrt(this.#distance));
    return {
      name,
      count: this.#count,
      distance,
      largest: distance === null ? null : this.#largest,
      normA: finite(Math.sqrt(this.#a)),
      normB: finite(Math.sqrt(this.#b)),
      dot: finite(this.#dot),
    };
  }
}

/** JSON has no other numbers. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
