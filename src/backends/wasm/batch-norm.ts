/**
 * Batch normalization over all axes but the last (Ioffe and Szegedy 2015), with sums in double precision (assembly/by-channel.ts).
 * A tensor [..., c] is read as n rows of c channels.
 */
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { addressOf, allocate, doubles, floats, singles, withScratch, type KernelCall } from './heap.ts';
import { simd } from './simd.ts';

/**
 * mean = sum(x) / n; variance = sum((x - mean)^2) / n (biased); y = (x - mean) / sqrt(variance + epsilon) * scale + offset.
 * The sums are taken of x minus the first row, so that a large common value does not eat the digits of the variance.
 */
export function batchNormTraining(
  { inputs: { x, scale, offset }, attrs: { epsilon }, backend }: KernelCall<{ x: TensorInfo; scale: TensorInfo; offset: TensorInfo }, { epsilon: number }>,
): TensorInfo[] {
  const channels = scale.shape[0];
  const rows = rowsOf(x, channels);
  const [y, mean, variance] = [allocate(backend, x.shape), allocate(backend, [channels]), allocate(backend, [channels])];
  withScratch(backend, [8 * channels, 8 * channels, 4 * channels, 4 * channels], (sumsAt, squaresAt, factorsAt, meansAt) => {
    const [sums, squares] = [sumsAt, squaresAt].map((address) => doubles(backend, address, channels).fill(0));
    const at = addressOf(backend, x);
    simd().addProducts(at, at, rows, channels, at, at, sumsAt, squaresAt);
    const firstRow = singles(backend, at, channels);
    const [factors, shifts] = [factorsAt, meansAt].map((address) => singles(backend, address, channels));
    const [means, variances, scales] = [mean, variance, scale].map((tensor) => floats(backend, tensor));
    for (let c = 0; c < channels; c++) {
      const shiftedMean = sums[c] / rows;
      variances[c] = Math.max(0, squares[c] / rows - shiftedMean * shiftedMean);
      means[c] = firstRow[c] + shiftedMean;
      shifts[c] = means[c];
      factors[c] = scales[c] / Math.sqrt(variances[c] + epsilon);
    }
    simd().scaleChannels(at, rows, channels, meansAt, factorsAt, addressOf(backend, offset), addressOf(backend, y));
  });
  return [y, mean, variance];
}

interface InferenceInputs {
  x: TensorInfo;
  mean: TensorInfo;
  variance: TensorInfo;
  offset?: TensorInfo;
  scale?: TensorInfo;
}

/** Batch norm by given statistics, one number a channel; other shapes go the stock way. */
export function batchNormInference(stock: KernelFunc): (call: KernelCall<InferenceInputs, { varianceEpsilon: number }>) => TensorInfo {
  return ({ inputs, attrs, backend }) => {
    const { x, mean, variance, offset, scale } = inputs;
    const channels = x.shape[x.shape.length - 1];
    if (![mean, variance, offset, scale].every((each) => each === undefined || (each.shape.length === 1 && each.shape[0] === channels))) {
      return stock({ inputs: { ...inputs }, attrs: { ...attrs }, backend }) as TensorInfo;
    }
    const y = allocate(backend, x.shape);
    withScratch(backend, [4 * channels, 4 * channels], (factors, terms) => {
      const scales = scale && floats(backend, scale);
      singles(backend, factors, channels).set(floats(backend, variance).map((value, c) => (scales?.[c] ?? 1) / Math.sqrt(value + attrs.varianceEpsilon)));
      const term = singles(backend, terms, channels);
      if (offset) term.set(floats(backend, offset));
      else term.fill(0);
      simd().scaleChannels(addressOf(backend, x), rowsOf(x, channels), channels, addressOf(backend, mean), factors, terms, addressOf(backend, y));
    });
    return y;
  };
}

interface GradInputs {
  x: TensorInfo;
  dy: TensorInfo;
  scale: TensorInfo;
  mean: TensorInfo;
  variance: TensorInfo;
}

/**
 * With xhat = (x - mean) r and r = 1 / sqrt(variance + epsilon):
 * doffset = sum(dy), dscale = sum(dy xhat), dx = scale r (dy - doffset / n - xhat dscale / n).
 */
export function batchNormTrainingGrad({ inputs, attrs: { epsilon }, backend }: KernelCall<GradInputs, { epsilon: number }>): TensorInfo[] {
  const channels = inputs.scale.shape[0];
  const rows = rowsOf(inputs.x, channels);
  const [dx, dscale, doffset] = [allocate(backend, inputs.x.shape), allocate(backend, [channels]), allocate(backend, [channels])];
  const sizes = [8, 8, 4, 4, 4, 4].map((size) => size * channels);
  withScratch(backend, sizes, (sumsAt, productsAt, zerosAt, forXAt, forDyAt, termsAt) => {
    const [sums, products] = [sumsAt, productsAt].map((address) => doubles(backend, address, channels).fill(0));
    singles(backend, zerosAt, channels).fill(0);
    const [x, dy, mean] = [inputs.x, inputs.dy, inputs.mean].map((tensor) => addressOf(backend, tensor));
    simd().addProducts(x, dy, rows, channels, mean, zerosAt, sumsAt, productsAt);
    const [forX, forDy, terms] = [forXAt, forDyAt, termsAt].map((address) => singles(backend, address, channels));
    const [scales, variances, dscales, doffsets] = [inputs.scale, inputs.variance, dscale, doffset].map((tensor) => floats(backend, tensor));
    for (let c = 0; c < channels; c++) {
      const r = 1 / Math.sqrt(variances[c] + epsilon);
      doffsets[c] = sums[c];
      dscales[c] = products[c] * r;
      const factor = scales[c] * r;
      forDy[c] = factor;
      forX[c] = (-factor * r * r * products[c]) / rows;
      terms[c] = (-factor * sums[c]) / rows;
    }
    simd().combineChannels(x, dy, rows, channels, mean, forXAt, forDyAt, termsAt, addressOf(backend, dx));
  });
  return [dx, dscale, doffset];
}

function rowsOf(x: TensorInfo, channels: number): number {
  return x.shape.reduce((product, size) => product * size, 1) / channels;
}
