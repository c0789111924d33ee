/** Convolutions of images [batch, height, width, channels], padded and grouped as in PyTorch. */
import * as tf from '@tensorflow/tfjs-core';
import { unfit, vector, wantRank, type LayerOf, type LayerType, type Parameter } from './layer-type.ts';
import { withBias } from './sums.ts';
import { slide } from './window.ts';

export const conv: LayerType<LayerOf<'conv'>> = {
  outputShape({ kernel, stride, padding, outputs, groups }, [input]) {
    wantRank(input, 3);
    const [height, width, channels] = input;
    if (channels % groups !== 0 || outputs % groups !== 0) throw unfit(`${channels} channels in and ${outputs} out are not ${groups} equal groups`);
    return [slide(height, kernel, stride, padding), slide(width, kernel, stride, padding), outputs];
  },
  parameters(layer, [, , channels]) {
    const { kernel, outputs, groups, bias } = layer;
    const inner = channels / groups;
    const fanIn = kernel * kernel * inner;
    // TensorFlow's depthwise filter is [height, width, channels, multiplier]; PyTorch's [channels x multiplier, 1, height, width].
    const depthwise = isDepthwise(layer, channels);
    const weight: Parameter = {
      name: `${layer.name}.weight`, layer, role: 'trained', fanIn, initialisation: { kind: 'he' },
      shape: depthwise ? [kernel, kernel, channels, outputs / channels] : [kernel, kernel, inner, outputs],
      diskShape: [outputs, inner, kernel, kernel],
      order: depthwise
        ? { shape: [channels, outputs / channels, kernel, kernel], axes: [2, 3, 0, 1] }
        : { shape: [outputs, inner, kernel, kernel], axes: [2, 3, 1, 0] },
    };
    return bias ? [weight, { ...vector(layer, 'bias', outputs), fanIn }] : [weight];
  },
  apply(layer, [input], { weight }) {
    const x = input as tf.Tensor4D;
    const filter = weight('weight') as tf.Tensor4D;
    const y = convolve(x, filter, layer);
    return layer.bias ? withBias(y, weight('bias')) : y;
  },
  macs({ kernel, groups }, [[, , channels]], [height, width, outputs]) {
    return kernel * kernel * (channels / groups) * height * width * outputs;
  },
};

/** One group a channel: TensorFlow has operations of its own for it. One channel in one group is the plain case. */
function isDepthwise({ groups }: LayerOf<'conv'>, channels: number): boolean {
  return groups > 1 && groups === channels;
}

/**
 * TensorFlow's 'same' pads more at the end than at the beginning when the stride does not divide the size, so it stands in
 * only where it agrees with `padding` zeros on each side; elsewhere the numbers are given, to depthwise convolutions as zeros
 * added first. Not the fused convolution: that one always computes the gradient of the images, which the first layer does not need.
 */
function convolve(x: tf.Tensor4D, filter: tf.Tensor4D, layer: LayerOf<'conv'>): tf.Tensor {
  const { stride, padding, groups, kernel } = layer;
  const [, height, width, channels] = x.shape;
  const same = padding > 0 && [height, width].every((length) => isSamePadding(length, kernel, stride, padding));
  const margins: tf.backend_util.ExplicitPadding = [[0, 0], [padding, padding], [padding, padding], [0, 0]];
  if (isDepthwise(layer, channels)) return tf.depthwiseConv2d(padding === 0 || same ? x : tf.pad(x, margins), filter, stride, same ? 'same' : 'valid');
  const pad = padding === 0 ? 'valid' : same ? 'same' : margins;
  if (groups === 1) return tf.conv2d(x, filter, stride, pad);
  const [inner, outer] = [channels / groups, layer.outputs / groups];
  const parts = Array.from({ length: groups }, (_, group) =>
    tf.conv2d(tf.slice(x, [0, 0, 0, group * inner], [-1, -1, -1, inner]), tf.slice(filter, [0, 0, 0, group * outer], [-1, -1, -1, outer]), stride, pad),
  );
  return tf.concat(parts, 3);
}

function isSamePadding(length: number, kernel: number, stride: number, padding: number): boolean {
  const steps = Math.ceil(length / stride);
  const total = Math.max((steps - 1) * stride + kernel - length, 0);
  return total === 2 * padding && steps === Math.floor((length + 2 * padding - kernel) / stride) + 1;
}
