/** The blocks of residual networks (He et al. 2016), named as torchvision names them. The last layer of a block is its output. */
import type { Layer } from '../../protocol/network.ts';
import { add, batchNorm, conv, relu } from './parts.ts';

/** Channels and stride of a block; `input` is the layer before it and has `inputs` channels. */
export interface BlockPlace {
  name: string;
  input: string;
  inputs: number;
  channels: number;
  stride: number;
}

/** Two 3x3 convolutions. */
export function basicBlock({ name, input, inputs, channels, stride }: BlockPlace): Layer[] {
  return [
    conv(`${name}.conv1`, input, channels, 3, stride),
    batchNorm(`${name}.bn1`, `${name}.conv1`),
    relu(`${name}.relu1`, `${name}.bn1`),
    conv(`${name}.conv2`, `${name}.relu1`, channels, 3, 1),
    batchNorm(`${name}.bn2`, `${name}.conv2`),
    ...withShortcut({ name, input, inputs, channels, stride }, `${name}.bn2`, 'relu2'),
  ];
}

/** 1x1, 3x3 and 1x1 to four times the channels; the stride is at the 3x3, as in torchvision ("version 1.5"). */
export function bottleneck({ name, input, inputs, channels, stride }: BlockPlace): Layer[] {
  return [
    conv(`${name}.conv1`, input, channels, 1, 1),
    batchNorm(`${name}.bn1`, `${name}.conv1`),
    relu(`${name}.relu1`, `${name}.bn1`),
    conv(`${name}.conv2`, `${name}.relu1`, channels, 3, stride),
    batchNorm(`${name}.bn2`, `${name}.conv2`),
    relu(`${name}.relu2`, `${name}.bn2`),
    conv(`${name}.conv3`, `${name}.relu2`, 4 * channels, 1, 1),
    batchNorm(`${name}.bn3`, `${name}.conv3`),
    ...withShortcut({ name, input, inputs, channels: 4 * channels, stride }, `${name}.bn3`, 'relu3'),
  ];
}

/** Adds the block's input; where its shape changes, through a 1x1 convolution with batch norm (option B of the paper). */
function withShortcut({ name, input, inputs, channels, stride }: BlockPlace, branch: string, last: string): Layer[] {
  const same = stride === 1 && inputs === channels;
  const shortcut = same ? [] : [conv(`${name}.downsample.0`, input, channels, 1, stride), batchNorm(`${name}.downsample.1`, `${name}.downsample.0`)];
  return [...shortcut, add(`${name}.add`, branch, same ? input : `${name}.downsample.1`), relu(`${name}.${last}`, `${name}.add`)];
}
