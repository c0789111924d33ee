/** The weights and images of formula_fixture.py: both sides compute the same numbers from a tensor's name. */
import { floatTensor, type TensorData } from '../../src/protocol/tensor.ts';

/** fmix32(fnv1a(name) + i * 0x9e3779b9) / 2^32, in [0, 1). */
export function uniform(name: string, count: number): Float64Array {
  let seed = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) seed = Math.imul(seed ^ byte, 0x01000193);
  const numbers = new Float64Array(count); // filled by a loop: there are millions
  for (let index = 0; index < count; index++) {
    let x = (seed + Math.imul(index, 0x9e3779b9)) | 0;
    x ^= x >>> 16;
    x = Math.imul(x, 0x85ebca6b);
    x ^= x >>> 13;
    x = Math.imul(x, 0xc2b2ae35);
    x ^= x >>> 16;
    numbers[index] = (x >>> 0) / 2 ** 32;
  }
  return numbers;
}

/** A tensor of weights or statistics, in PyTorch's layout. */
export function formulaTensor(name: string, shape: number[]): TensorData {
  const u = uniform(name, shape.reduce((a, b) => a * b, 1));
  const value = scaling(name, shape);
  return floatTensor(name, shape, new Float32Array(u.map(value)));
}

function scaling(name: string, shape: number[]): (u: number) => number {
  if (/^layer.*bn[23].weight/.test(name)) return (u) => 0.1 + 0.3 * u;
  if (shape.length === 1) return /(weight|running_var)$/.test(name) ? (u) => 0.5 + u : (u) => 0.4 * u - 0.2;
  const gain = shape.length === 4 && shape[2] === 1 ? 1 : 2;
  const bound = Math.sqrt((3 * gain) / shape.slice(1).reduce((a, b) => a * b, 1));
  return (u) => (2 * u - 1) * bound;
}

/** [2, 3, side, side] of standard deviation 1. */
export function formulaImages(side: number, draw = 'images'): Float32Array {
  return Float32Array.from(uniform(draw, 2 * 3 * side * side), (u) => (2 * u - 1) * Math.sqrt(3));
}
