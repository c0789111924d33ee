/**
 * The curvature of a loss from its gradients alone, which every back end has:
 *   H v = [g(w + e v) - g(w - e v)] / 2e, central differences (Nocedal and Wright, "Numerical optimization", section 8.1)
 */
import { integer, normal, randomKey } from '../random.ts';

/** The product of a symmetric matrix with a vector. */
export type Product = (vector: Float32Array) => Promise<Float32Array>;
export type Gradient = (weights: Float32Array) => Promise<Float32Array>;

/** The step, relative to the length of the weights: small beside what the loss bends over, large beside the rounding of float32 gradients. */
const STEP = 1e-3;

/** @param weights where the curvature is measured */
export function hessianProduct(gradient: Gradient, weights: Float32Array): Product {
  const size = norm(weights) || 1;
  return async (vector) => {
    const length = norm(vector);
    if (length === 0) return new Float32Array(vector.length);
    const step = (STEP * size) / length;
    const ahead = await gradient(along(weights, vector, step));
    const behind = await gradient(along(weights, vector, -step));
    return ahead.map((value, index) => (value - behind[index]) / (2 * step));
  };
}

export interface TopEigenvalue {
  value: number;
  /** Products that it took. */
  iterations: number;
  /** Do the last two estimates agree to the tolerance? */
  converged: boolean;
}

/**
 * The largest eigenvalue by power iteration, which finds the one of the largest magnitude. Where that is negative, the matrix is
 * shifted by it and the search is repeated: then the largest has the largest magnitude.
 * @param iterations products at most, of each of the two searches
 */
export async function topEigenvalue(product: Product, size: number, { seed, iterations = 30, tolerance = 1e-3 }: { seed: number; iterations?: number; tolerance?: number }): Promise<TopEigenvalue> {
  const first = await search(product, size, { seed, iterations, tolerance }, 0);
  if (first.value >= 0) return first;
  const second = await search(product, size, { seed, iterations, tolerance }, -first.value);
  return { ...second, iterations: first.iterations + second.iterations };
}

/** By Rayleigh's quotient of the matrix; the shift only decides which eigenvalue is found. */
async function search(product: Product, size: number, { seed, iterations, tolerance }: { seed: number; iterations: number; tolerance: number }, shift: number): Promise<TopEigenvalue> {
  const key = randomKey(seed, 'basin', 2000);
  let vector = scaled(Float32Array.from({ length: size }, (_, index) => normal(key, index)));
  let value = NaN;
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const image = await product(vector);
    const next = dot(vector, image);
    const converged = Math.abs(next - value) <= tolerance * Math.max(Math.abs(next), Number.MIN_VALUE);
    value = next;
    if (converged || !Number.isFinite(value)) return { value, iterations: iteration, converged };
    vector = scaled(image.map((entry, index) => entry + shift * vector[index]));
  }
  return { value, iterations, converged: false };
}

/** One term of Hutchinson's estimate of the trace: z' H z for a vector z of random signs (Hutchinson 1990). Their mean is the trace. */
export async function traceSample(product: Product, size: number, seed: number, sample: number): Promise<number> {
  const key = randomKey(seed, 'basin', 3000, sample);
  const signs = Float32Array.from({ length: size }, (_, index) => 2 * integer(key, index, 2) - 1);
  return dot(signs, await product(signs));
}

/** Mean and its standard error. */
export function meanAndError(samples: readonly number[]): { mean: number; error: number } {
  const { mean, deviation } = meanAndDeviation(samples);
  return { mean, error: deviation / Math.sqrt(samples.length) };
}

/** Mean and standard deviation over n - 1; of a single sample there is none. */
export function meanAndDeviation(samples: readonly number[]): { mean: number; deviation: number } {
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  if (samples.length < 2) return { mean, deviation: NaN };
  return { mean, deviation: Math.sqrt(samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (samples.length - 1)) };
}

export function norm(vector: Float32Array): number {
  return Math.sqrt(dot(vector, vector));
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}

function along(weights: Float32Array, vector: Float32Array, step: number): Float32Array {
  return weights.map((value, index) => value + step * vector[index]);
}

function scaled(vector: Float32Array): Float32Array {
  const length = norm(vector) || 1;
  return vector.map((value) => value / length);
}
