/**
 * A second, slow way to compute a network, written from PyTorch's definitions: channels first, weights as they are in files,
 * double precision. Nothing of src/core/forward.ts is in it.
 */
import { IMAGES, type Layer, type NetworkSpec } from '../../src/protocol/network.ts';
import { floatsOf, type TensorData } from '../../src/protocol/tensor.ts';

/** Numbers [batch, channels, height, width]; height and width are 1 after flattening. */
export interface Planes {
  shape: [number, number, number, number];
  values: Float64Array;
}
export interface ReferenceResult {
  /** [batch, classes] */
  logits: Float64Array;
  /** Running statistics after the batch, if training. */
  statistics: Map<string, number[]>;
}

export function referenceForward(network: NetworkSpec, tensors: readonly TensorData[], images: Planes, training: boolean): ReferenceResult {
  const weight = (name: string) => floatsOf(tensors.find((tensor) => tensor.name === name)!);
  const outputs = new Map<string, Planes>([[IMAGES, images]]);
  const statistics = new Map<string, number[]>();
  for (const layer of network.layers) {
    const [x, second] = layer.inputs.map((input) => outputs.get(input)!);
    outputs.set(layer.name, layer.kind === 'batch-norm' ? batchNorm(x, layer, weight, training ? statistics : null) : run(layer, x, second, weight));
  }
  return { logits: outputs.get(network.layers[network.layers.length - 1].name)!.values, statistics };
}

function run(layer: Layer, x: Planes, second: Planes, weight: (name: string) => Float32Array): Planes {
  const [batch, channels, height, width] = x.shape;
  switch (layer.kind) {
    case 'conv': {
      const filter = weight(`${layer.name}.weight`);
      const { kernel, stride, padding } = layer;
      const [outHeight, outWidth] = [height, width].map((length) => Math.floor((length + 2 * padding - kernel) / stride) + 1);
      return planes([batch, layer.outputs, outHeight, outWidth], (n, out, row, column) => {
        let sum = layer.bias ? weight(`${layer.name}.bias`)[out] : 0;
        for (let channel = 0; channel < channels; channel++)
          for (let i = 0; i < kernel; i++)
            for (let j = 0; j < kernel; j++)
              sum += filter[((out * channels + channel) * kernel + i) * kernel + j] * at(x, n, channel, row * stride + i - padding, column * stride + j - padding);
        return sum;
      });
    }
    case 'relu':
      return { ...x, values: x.values.map((value) => Math.max(value, 0)) };
    case 'add':
      return { ...x, values: x.values.map((value, index) => value + second.values[index]) };
    case 'max-pool':
      return planes([batch, channels, Math.floor((height - layer.size) / layer.stride) + 1, Math.floor((width - layer.size) / layer.stride) + 1], (n, channel, row, column) => {
        let best = -Infinity;
        for (let i = 0; i < layer.size; i++) for (let j = 0; j < layer.size; j++) best = Math.max(best, at(x, n, channel, row * layer.stride + i, column * layer.stride + j));
        return best;
      });
    case 'global-average-pool':
      return planes([batch, channels, 1, 1], (n, channel) => {
        const start = (n * channels + channel) * height * width;
        return x.values.subarray(start, start + height * width).reduce((a, b) => a + b) / (height * width);
      });
    case 'flatten':
      return { shape: [batch, channels * height * width, 1, 1], values: x.values };
    case 'dense': {
      const matrix = weight(`${layer.name}.weight`);
      const bias = weight(`${layer.name}.bias`);
      return planes([batch, layer.outputs, 1, 1], (n, out) => {
        let sum = bias[out];
        for (let input = 0; input < channels; input++) sum += matrix[out * channels + input] * x.values[n * channels + input];
        return sum;
      });
    }
    default:
      throw new Error(`the reference has no ${layer.kind}`);
  }
}

function batchNorm(x: Planes, { name, epsilon, momentum }: Extract<Layer, { kind: 'batch-norm' }>, weight: (name: string) => Float32Array, statistics: Map<string, number[]> | null): Planes {
  const [batch, channels, height, width] = x.shape;
  const means = Array.from(weight(`${name}.running_mean`));
  const variances = Array.from(weight(`${name}.running_var`));
  if (statistics !== null) {
    const running: [number[], number[]] = [[], []];
    for (let channel = 0; channel < channels; channel++) {
      const seen: number[] = [];
      for (let n = 0; n < batch; n++) for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) seen.push(at(x, n, channel, row, column));
      const mean = seen.reduce((a, b) => a + b) / seen.length;
      const squares = seen.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      running[0].push((1 - momentum) * means[channel] + momentum * mean);
      running[1].push((1 - momentum) * variances[channel] + (momentum * squares) / (seen.length - 1));
      means[channel] = mean;
      variances[channel] = squares / seen.length;
    }
    statistics.set(`${name}.running_mean`, running[0]);
    statistics.set(`${name}.running_var`, running[1]);
  }
  const [scale, offset] = [weight(`${name}.weight`), weight(`${name}.bias`)];
  return planes(x.shape, (n, channel, row, column) => ((at(x, n, channel, row, column) - means[channel]) / Math.sqrt(variances[channel] + epsilon)) * scale[channel] + offset[channel]);
}

export function planes(shape: Planes['shape'], value: (n: number, channel: number, row: number, column: number) => number): Planes {
  const values = new Float64Array(shape.reduce((a, b) => a * b));
  let index = 0;
  for (let n = 0; n < shape[0]; n++)
    for (let channel = 0; channel < shape[1]; channel++)
      for (let row = 0; row < shape[2]; row++) for (let column = 0; column < shape[3]; column++) values[index++] = value(n, channel, row, column);
  return { shape, values };
}

/** 0 outside: padding. */
function at({ shape: [, channels, height, width], values }: Planes, n: number, channel: number, row: number, column: number): number {
  return row < 0 || column < 0 || row >= height || column >= width ? 0 : values[((n * channels + channel) * height + row) * width + column];
}
