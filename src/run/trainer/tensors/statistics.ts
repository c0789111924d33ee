/**
 * Figures of a tensor that comes in pieces. Mean and deviation: each piece by two sums around its own mean, joined as Chan, Golub and
 * LeVeque (1983) do: n = n1 + n2, d = m2 - m1, M2 = M2_1 + M2_2 + d^2 n1 n2 / n. Numbers that are not finite are counted and left out.
 */
import { HISTOGRAM_BINS, type TensorStatistics } from '../../../protocol/checkpoint.ts';
import type { Numbers } from './tensor-file.ts';

export class Statistics {
  #count = 0;
  #finite = 0;
  #min = Infinity;
  #max = -Infinity;
  #mean = 0;
  /** Sum of squares around the mean. */
  #around = 0;
  #squares = 0;
  #zeros = 0;
  #nan = 0;
  readonly #histogram = new Array<number>(HISTOGRAM_BINS).fill(0);

  /** First look: everything but the histogram. */
  add(numbers: Numbers): void {
    let [finite, sum, squares] = [0, 0, 0];
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i];
      if (value - value !== 0) {
        if (value !== value) this.#nan += 1;
        continue;
      }
      finite += 1;
      sum += value;
      squares += value * value;
      if (value === 0) this.#zeros += 1;
      if (value < this.#min) this.#min = value;
      if (value > this.#max) this.#max = value;
    }
    this.#count += numbers.length;
    this.#squares += squares;
    if (finite === 0) return;
    const mean = sum / finite;
    let around = 0;
    for (let i = 0; i < numbers.length; i++) {
      const distance = numbers[i] - mean;
      if (distance - distance === 0) around += distance * distance;
    }
    const all = this.#finite + finite;
    const step = mean - this.#mean;
    this.#around += around + (step * step * this.#finite * finite) / all;
    this.#mean += (step * finite) / all;
    this.#finite = all;
  }

  /** Second look, at the same numbers: parts of equal width, the last one with its upper end. */
  bin(numbers: Numbers): void {
    const [min, width] = [this.#min, this.#max - this.#min];
    if (width === 0) {
      this.#histogram[0] = this.#finite;
      return;
    }
    const scale = HISTOGRAM_BINS / width;
    for (let i = 0; i < numbers.length; i++) {
      const place = (numbers[i] - min) * scale;
      if (place - place === 0) this.#histogram[Math.min(HISTOGRAM_BINS - 1, Math.max(0, Math.floor(place)))] += 1;
    }
  }

  result(name: string): TensorStatistics {
    const some = this.#finite > 0;
    return {
      name,
      count: this.#count,
      min: some ? this.#min : null,
      max: some ? this.#max : null,
      mean: some ? this.#mean : null,
      deviation: some ? Math.sqrt(this.#around / this.#finite) : null,
      norm: some ? Math.sqrt(this.#squares) : null,
      zeros: this.#zeros,
      nan: this.#nan,
      infinite: this.#count - this.#finite - this.#nan,
      histogram: some ? this.#histogram : [],
    };
  }
}
