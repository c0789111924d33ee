/** Batch normalization over all axes but the last (Ioffe and Szegedy 2015). A tensor [..., c] is read as n rows of c channels. */
import { util, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { combineByChannel, productsByChannel } from './by-channel.ts';
import { allocate, floats, type KernelCall } from './heap.ts';

/**
 * mean = sum(x) / n; variance = sum((x - mean)^2) / n (biased); y = (x - mean) / sqrt(variance + epsilon) * scale + offset.
 * The sums are taken of x minus the first row, so that a large common value does not eat the digits of the variance.
 */
export function batchNormTraining(
  { inputs: { x, scale, offset }, attrs: { epsilon }, backend }: KernelCall<{ x: TensorInfo; scale: TensorInfo; offset: TensorInfo }, { epsilon: number }>,
): TensorInfo[] {
  const channels = scale.shape[0];
  const rows = util.sizeFromShape(x.shape) / channels;
  const outputs = [allocate(backend, x.shape), allocate(backend, [channels]), allocate(backend, [channels])];
  const firstRow = Float64Array.from(floats(backend, x).subarray(0, channels));
  const { sums, products: squares } = productsByChannel(backend, x, x, firstRow, firstRow);
  const [shift, factor, variances] = [new Float64Array(channels), new Float64Array(channels), new Float64Array(channels)];
  const scales = floats(backend, scale);
  for (let c = 0; c < channels; c++) {
    const shiftedMean = sums[c] / rows;
    shift[c] = firstRow[c] + shiftedMean;
    // As it is kept, so that the gradient sees the same number.
    variances[c] = Math.fround(Math.max(0, squares[c] / rows - shiftedMean * shiftedMean));
    factor[c] = scales[c] / Math.sqrt(variances[c] + epsilon);
  }
  combineByChannel(backend, x, { shift, factor, term: doubled(floats(backend, offset)) }, outputs[0]);
  floats(backend, outputs[1]).set(shift);
  floats(backend, outputs[2]).set(variances);
  return outputs;
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
    const scales = scale && floats(backend, scale);
    const factor = doubled(floats(backend, variance)).map((value, c) => (scales?.[c] ?? 1) / Math.sqrt(value + attrs.varianceEpsilon));
    combineByChannel(backend, x, { shift: doubled(floats(backend, mean)), factor, term: offset ? doubled(floats(backend, offset)) : new Float64Array(channels) }, y);
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
  const { x, dy, scale, mean, variance } = inputs;
  const channels = scale.shape[0];
  const rows = util.sizeFromShape(x.shape) / channels;
  const outputs = [allocate(backend, x.shape), allocate(backend, [channels]), allocate(backend, [channels])];
  const shift = doubled(floats(backend, mean));
  const { sums, products } = productsByChannel(backend, x, dy, shift, new Float64Array(channels));
  const [scales, variances] = [floats(backend, scale), floats(backend, variance)];
  const r = Float64Array.from(variances, (value) => 1 / Math.sqrt(value + epsilon));
  const forDy = r.map((value, c) => scales[c] * value);
  const forX = forDy.map((value, c) => (-value * r[c] * r[c] * products[c]) / rows);
  const term = forDy.map((value, c) => (-value * sums[c]) / rows);
  combineByChannel(backend, x, { shift, factor: forX, term, other: { values: dy, factor: forDy } }, outputs[0]);
  floats(backend, outputs[1]).set(products.map((value, c) => value * r[c]));
  floats(backend, outputs[2]).set(sums);
  return outputs;
}

function doubled(values: Float32Array): Float64Array {
  return Float64Array.from(values);
}
