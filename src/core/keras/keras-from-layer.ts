/** Layers of ours as layers of Keras, in the form that TensorFlow.js reads. */
import type { Layer } from '../../protocol/network.ts';
import type { Config } from './config-values.ts';
import { samePadding } from './same-padding.ts';
import { stockLayer } from './stock-layer.ts';

/** One layer of Keras. Layers in a row are called one on the other; the first takes our layer's inputs. */
export interface KerasLayer {
  className: string;
  config: Config;
  /** Its weights: their names in the file after the layer's own, and our tensors or fixed numbers. */
  weights?: { name: string; tensor: string | { shape: number[]; values: Float32Array } }[];
}

/** @param inputs shapes without the batch @returns null where Keras has no such layer */
export function kerasFromLayer(layer: Layer, inputs: readonly number[][], isNeverNegative: boolean): KerasLayer[] | null {
  switch (layer.kind) {
    case 'conv':
      return convolution(layer, inputs[0]);
    case 'batch-norm':
      return [plain('BatchNormalization', { axis: -1, momentum: 1 - layer.momentum, epsilon: layer.epsilon }, named(layer, ['gamma', 'weight'], ['beta', 'bias'], ['moving_mean', 'running_mean'], ['moving_variance', 'running_var']))];
    case 'layer-norm':
      return [plain('LayerNormalization', { axis: -1, epsilon: layer.epsilon }, named(layer, ['gamma', 'weight'], ['beta', 'bias']))];
    case 'relu':
      return [plain('Activation', { activation: 'relu' })];
    case 'activation':
      if (layer.function === 'relu6') return [plain('ReLU', { max_value: 6 })];
      return [plain('Activation', { activation: layer.function === 'silu' ? 'swish' : layer.function })];
    case 'add':
      return [plain('Add')];
    case 'multiply':
      return [plain('Multiply')];
    case 'concatenate':
      return [plain('Concatenate', { axis: -1 })];
    case 'zero-pad':
      return [zeroPad([layer.top, layer.bottom], [layer.left, layer.right])];
    case 'max-pool': {
      // Keras pads with zeros, which never win over numbers that are not negative.
      if (layer.padding > 0 && !isNeverNegative) return null;
      const pool = plain('MaxPooling2D', { pool_size: [layer.size, layer.size], strides: [layer.stride, layer.stride], padding: 'valid' });
      return layer.padding > 0 ? [evenPad(layer.padding), pool] : [pool];
    }
    case 'average-pool':
      return [plain('AveragePooling2D', { pool_size: [layer.size, layer.size], strides: [layer.stride, layer.stride], padding: 'valid' })];
    case 'global-average-pool': {
      const pool = plain(inputs[0].length === 3 ? 'GlobalAveragePooling2D' : 'GlobalAveragePooling1D');
      return layer.keepDims ? [pool, plain('Reshape', { target_shape: [...inputs[0].slice(0, -1).map(() => 1), inputs[0].at(-1)] })] : [pool];
    }
    case 'flatten':
      return [plain('Flatten')];
    case 'dropout':
      return [plain('Dropout', { rate: layer.rate })];
    case 'drop-path':
      return [plain('Dropout', { rate: layer.rate, noise_shape: [null, ...inputs[0].map(() => 1)] })];
    case 'dense':
      return [plain('Dense', { units: layer.outputs, activation: 'linear', use_bias: layer.bias }, named(layer, ['kernel', 'weight'], ...(layer.bias ? [['bias', 'bias'] as Pair] : [])))];
    case 'rescale':
      return [rescale(layer.scale, layer.offset, inputs[0].at(-1)!)];
    case 'tokens':
      return [plain('Reshape', { target_shape: [inputs[0][0] * inputs[0][1], inputs[0][2]] })];
    case 'keras':
      return [stock(layer, inputs)];
    default:
      return null;
  }
}

type Pair = [theirs: string, ours: string];

function plain(className: string, config: Config = {}, weights: KerasLayer['weights'] = []): KerasLayer {
  return { className, config, weights };
}

function named({ name }: Layer, ...pairs: Pair[]): KerasLayer['weights'] {
  return pairs.map(([theirs, ours]) => ({ name: theirs, tensor: `${name}.${ours}` }));
}

function convolution(layer: Extract<Layer, { kind: 'conv' }>, [height, width, channels]: number[]): KerasLayer[] | null {
  const { kernel, stride, padding, groups, outputs, bias } = layer;
  const depthwise = groups > 1 && groups === channels;
  // Grouped convolutions are Keras', but not TensorFlow.js'.
  if (groups > 1 && !depthwise) return null;
  const isSame = padding > 0 && [height, width].every((length) => samePadding(length, kernel, stride).every((zeros) => zeros === padding));
  const common = { kernel_size: [kernel, kernel], strides: [stride, stride], padding: isSame ? 'same' : 'valid', activation: 'linear', use_bias: bias };
  const biasPair: Pair[] = bias ? [['bias', 'bias']] : [];
  const conv = depthwise
    ? plain('DepthwiseConv2D', { ...common, depth_multiplier: outputs / channels }, named(layer, ['depthwise_kernel', 'weight'], ...biasPair))
    : plain('Conv2D', { ...common, filters: outputs }, named(layer, ['kernel', 'weight'], ...biasPair));
  return padding > 0 && !isSame ? [evenPad(padding), conv] : [conv];
}

function evenPad(zeros: number): KerasLayer {
  return zeroPad([zeros, zeros], [zeros, zeros]);
}

function zeroPad(rows: [number, number], columns: [number, number]): KerasLayer {
  return plain('ZeroPadding2D', { padding: [rows, columns] });
}

/** TensorFlow.js' Rescaling takes one number; a batch norm of mean 0 and variance 1 takes one a channel. */
function rescale(scale: number[], offset: number[], channels: number): KerasLayer {
  if (scale.length === 1 && offset.length === 1) return plain('Rescaling', { scale: scale[0], offset: offset[0] });
  const vector = (value: (channel: number) => number) => ({ shape: [channels], values: Float32Array.from({ length: channels }, (_, channel) => value(channel)) });
  return plain('BatchNormalization', { axis: -1, momentum: 1, epsilon: 0, trainable: false }, [
    { name: 'gamma', tensor: vector((channel) => scale[channel % scale.length]) },
    { name: 'beta', tensor: vector((channel) => offset[channel % offset.length]) },
    { name: 'moving_mean', tensor: vector(() => 0) },
    { name: 'moving_variance', tensor: vector(() => 1) },
  ]);
}

/** Wrapped layers get names of their own, since TensorFlow.js counts otherwise, and weights are found by name. */
function stock({ name, className, config, weights }: Extract<Layer, { kind: 'keras' }>, inputs: readonly number[][]): KerasLayer {
  const wrapped = config.layer as { class_name: string; config: Config } | undefined;
  const whole = wrapped === undefined ? config : { ...config, layer: { ...wrapped, config: { ...wrapped.config, name: 'wrapped' } } };
  const made = stockLayer(className, { ...whole, name: 'layer' }, inputs);
  return plain(className, whole, weights.map((weight, index) => ({ name: made.weights[index].fileName.replace(/^layer\//, ''), tensor: `${name}.${weight.name}` })));
}
