/**
 * Batch normalization over all axes but the last (Ioffe and Szegedy 2015), with sums in double precision.
 * A tensor [..., c] is read as n rows of c channels.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { allocate, floats, type KernelCall } from './heap.ts';

/**
 * mean = sum(x) / n; variance = sum((x - mean)^2) / n (biased); y = (x - mean) / sqrt(variance + epsilon) * scale + offset.
 * The sums are taken of x minus the first row, so that a large common value does not eat the digits of the variance.
 */
export function batchNormTraining(
  { inputs: { x, scale, offset }, attrs: { epsilon }, backend }: KernelCall<{ x: TensorInfo; scale: TensorInfo; offset: TensorInfo }, { epsilon: number }>,
): TensorInfo[] {
  const channels = scale.shape[0];
  const outputs = [allocate(backend, x.shape), allocate(backend, [channels]), allocate(backend, [channels])];
  const [yValues, means, variances] = outputs.map((output) => floats(backend, output));
  const xValues = floats(backend, x);
  const rows = xValues.length / channels;

  const shifts = Float64Array.from(xValues.subarray(0, channels));
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  for (let i = 0; i < xValues.length; ) {
    for (let c = 0; c < channels; c++, i++) {
      const value = xValues[i] - shifts[c];
      sums[c] += value;
      squares[c] += value * value;
    }
  }
  const factors = new Float64Array(channels);
  const terms = new Float64Array(channels);
  const scales = floats(backend, scale);
  const offsets = floats(backend, offset);
  for (let c = 0; c < channels; c++) {
    const shiftedMean = sums[c] / rows;
    const mean = shifts[c] + shiftedMean;
    const variance = Math.max(0, squares[c] / rows - shiftedMean * shiftedMean);
    means[c] = mean;
    variances[c] = variance;
    factors[c] = scales[c] / Math.sqrt(variance + epsilon);
    terms[c] = offsets[c] - mean * factors[c];
  }
  affineByChannel(xValues, factors, terms, yValues);
  return outputs;
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
  const outputs = [allocate(backend, inputs.x.shape), allocate(backend, [channels]), allocate(backend, [channels])];
  const [dxValues, dscales, doffsets] = outputs.map((output) => floats(backend, output));
  const x = floats(backend, inputs.x);
  const dy = floats(backend, inputs.dy);
  const scales = floats(backend, inputs.scale);
  const variances = floats(backend, inputs.variance);
  const means = Float64Array.from(floats(backend, inputs.mean));
  const rows = x.length / channels;

  const sums = new Float64Array(channels); // of dy
  const products = new Float64Array(channels); // of dy (x - mean)
  for (let i = 0; i < x.length; ) {
    for (let c = 0; c < channels; c++, i++) {
      const value = dy[i];
      sums[c] += value;
      products[c] += value * (x[i] - means[c]);
    }
  }
  // dx = a dy + b x + t, by channel
  const a = new Float64Array(channels);
  const b = new Float64Array(channels);
  const t = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    const r = 1 / Math.sqrt(variances[c] + epsilon);
    doffsets[c] = sums[c];
    dscales[c] = products[c] * r;
    a[c] = scales[c] * r;
    b[c] = (-a[c] * r * r * products[c]) / rows;
    t[c] = (-a[c] * sums[c]) / rows - b[c] * means[c];
  }
  for (let i = 0; i < x.length; ) {
    for (let c = 0; c < channels; c++, i++) dxValues[i] = a[c] * dy[i] + b[c] * x[i] + t[c];
  }
  return outputs;
}

/** y = x factor + term, by channel. */
export function affineByChannel(x: Float32Array, factors: Float64Array, terms: Float64Array, y: Float32Array): void {
  for (let i = 0; i < x.length; ) {
    for (let c = 0; c < factors.length; c++, i++) y[i] = x[i] * factors[c] + terms[c];
  }
}
