/**
 * Batch normalization over all axes but the last (Ioffe and Szegedy 2015), with sums in double precision.
 * A tensor [..., c] is read as n rows of c channels.
 */
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
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

  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  forEachRun(xValues.length, channels, (c, start, end) => {
    const shift = xValues[c];
    let sum = 0;
    let square = 0;
    for (let i = start; i < end; i += channels) {
      const value = xValues[i] - shift;
      sum += value;
      square += value * value;
    }
    sums[c] += sum;
    squares[c] += square;
  });
  const factors = new Float64Array(channels);
  const terms = new Float64Array(channels);
  const scales = floats(backend, scale);
  const offsets = floats(backend, offset);
  for (let c = 0; c < channels; c++) {
    const shiftedMean = sums[c] / rows;
    const mean = xValues[c] + shiftedMean;
    const variance = Math.max(0, squares[c] / rows - shiftedMean * shiftedMean);
    means[c] = mean;
    variances[c] = variance;
    factors[c] = scales[c] / Math.sqrt(variance + epsilon);
    terms[c] = offsets[c] - mean * factors[c];
  }
  affineByChannel(xValues, factors, terms, yValues);
  return outputs;
}

interface InferenceInputs {
  x: TensorInfo;
  mean: TensorInfo;
  variance: TensorInfo;
  offset?: TensorInfo;
  scale?: TensorInfo;
}

/** Batch norm by given statistics, one number a channel, as one multiplication and addition; other shapes go the stock way. */
export function batchNormInference(stock: KernelFunc): (call: KernelCall<InferenceInputs, { varianceEpsilon: number }>) => TensorInfo {
  return ({ inputs, attrs, backend }) => {
    const { x, mean, variance, offset, scale } = inputs;
    const channels = x.shape[x.shape.length - 1];
    if (![mean, variance, offset, scale].every((each) => each === undefined || (each.shape.length === 1 && each.shape[0] === channels))) {
      return stock({ inputs: { ...inputs }, attrs: { ...attrs }, backend }) as TensorInfo;
    }
    const y = allocate(backend, x.shape);
    const scales = scale && floats(backend, scale);
    const factors = Float64Array.from(floats(backend, variance), (value, c) => (scales?.[c] ?? 1) / Math.sqrt(value + attrs.varianceEpsilon));
    const offsets = offset && floats(backend, offset);
    const terms = Float64Array.from(floats(backend, mean), (value, c) => (offsets?.[c] ?? 0) - value * factors[c]);
    affineByChannel(floats(backend, x), factors, terms, floats(backend, y));
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
  forEachRun(x.length, channels, (c, start, end) => {
    const mean = means[c];
    let sum = 0;
    let product = 0;
    for (let i = start; i < end; i += channels) {
      sum += dy[i];
      product += dy[i] * (x[i] - mean);
    }
    sums[c] += sum;
    products[c] += product;
  });
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
  forEachRun(x.length, channels, (c, start, end) => {
    const [forDy, forX, term] = [a[c], b[c], t[c]];
    for (let i = start; i < end; i += channels) dxValues[i] = forDy * dy[i] + forX * x[i] + term;
  });
  return outputs;
}

/** y = x factor + term, by channel. */
function affineByChannel(x: Float32Array, factors: Float64Array, terms: Float64Array, y: Float32Array): void {
  forEachRun(x.length, factors.length, (c, start, end) => {
    const factor = factors[c];
    const term = terms[c];
    for (let i = start; i < end; i += factors.length) y[i] = x[i] * factor + term;
  });
}

/** So many rows stay in the nearest cache while each channel in turn goes through them, its numbers in registers. */
const ROWS_AT_ONCE = 128;

/** Visits each channel of each piece of [rows, channels]: the elements start, start + channels, ... before end. */
function forEachRun(length: number, channels: number, visit: (channel: number, start: number, end: number) => void): void {
  const piece = ROWS_AT_ONCE * channels;
  for (let first = 0; first < length; first += piece) {
    const end = Math.min(length, first + piece);
    for (let c = 0; c < channels; c++) visit(c, first + c, end);
  }
}
