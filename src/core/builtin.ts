/** The built-in networks, by name, image shape and number of classes. */
import { StarsseError } from '../protocol/errors.ts';
import { IMAGES, type Layer, type NetworkSpec } from '../protocol/network.ts';
import type { Plan } from '../protocol/plan.ts';
import { layerShapes } from './network.ts';

export type BuiltinName = Plan['model']['network'];

/**
 * @param inputShape [height, width, channels]
 * @throws StarsseError data-invalid when the images are too small for the network
 */
export function builtinNetwork(name: BuiltinName, inputShape: [number, number, number], classes: number): NetworkSpec {
  const layers = BUILDERS[name](classes);
  const network: NetworkSpec = { name, inputShape, classes, layers, head: layers[layers.length - 1].name };
  try {
    layerShapes(network);
  } catch (cause) {
    throw new StarsseError('data-invalid', `Images of ${inputShape.join(' x ')} do not fit the network ${name}: ${(cause as Error).message}`, { cause });
  }
  return network;
}

const BUILDERS: Record<BuiltinName, (classes: number) => Layer[]> = {
  'resnet-8': resnet8,
  'small-cnn': smallCnn,
  mlp,
  linear: (classes) => [flatten(), dense('fc', 'flatten', classes)],
};

/**
 * The residual network for small images of He et al. 2016 (section 4.2) with n = 1: a stem and three blocks of 16, 32 and 64
 * channels, about 78,000 weights. Where the size changes the shortcut is a 1x1 convolution with batch norm (their option B).
 */
function resnet8(classes: number): Layer[] {
  const layers: Layer[] = [conv('conv1', IMAGES, 16, 3, 1), batchNorm('bn1', 'conv1'), relu('relu', 'bn1')];
  let input = 'relu';
  for (const [stage, channels] of [16, 32, 64].entries()) {
    const block = `layer${stage + 1}.0`;
    const stride = stage === 0 ? 1 : 2;
    layers.push(
      conv(`${block}.conv1`, input, channels, 3, stride),
      batchNorm(`${block}.bn1`, `${block}.conv1`),
      relu(`${block}.relu1`, `${block}.bn1`),
      conv(`${block}.conv2`, `${block}.relu1`, channels, 3, 1),
      batchNorm(`${block}.bn2`, `${block}.conv2`),
    );
    if (stride > 1) {
      layers.push(conv(`${block}.downsample.0`, input, channels, 1, stride), batchNorm(`${block}.downsample.1`, `${block}.downsample.0`));
      input = `${block}.downsample.1`;
    }
    layers.push({ kind: 'add', name: `${block}.add`, inputs: [`${block}.bn2`, input] }, relu(`${block}.relu2`, `${block}.add`));
    input = `${block}.relu2`;
  }
  return [...layers, { kind: 'global-average-pool', name: 'avgpool', inputs: [input] }, dense('fc', 'avgpool', classes)];
}

/** Two convolutions of 16 and 32 channels, each halved by pooling, and a dense layer. */
function smallCnn(classes: number): Layer[] {
  return [
    conv('conv1', IMAGES, 16, 3, 1, true),
    relu('relu1', 'conv1'),
    { kind: 'max-pool', name: 'pool1', inputs: ['relu1'], size: 2, stride: 2 },
    conv('conv2', 'pool1', 32, 3, 1, true),
    relu('relu2', 'conv2'),
    { kind: 'max-pool', name: 'pool2', inputs: ['relu2'], size: 2, stride: 2 },
    flatten('pool2'),
    dense('fc', 'flatten', classes),
  ];
}

/** One hidden layer of 128. */
function mlp(classes: number): Layer[] {
  return [flatten(), dense('fc1', 'flatten', 128), relu('relu', 'fc1'), dense('fc2', 'relu', classes)];
}

/** A convolution that keeps the size at stride 1. */
function conv(name: string, input: string, outputs: number, kernel: number, stride: number, bias = false): Layer {
  return { kind: 'conv', name, inputs: [input], outputs, kernel, stride, padding: (kernel - 1) / 2, bias };
}
function batchNorm(name: string, input: string): Layer {
  return { kind: 'batch-norm', name, inputs: [input], epsilon: 1e-5, momentum: 0.1 };
}
function relu(name: string, input: string): Layer {
  return { kind: 'relu', name, inputs: [input] };
}
function flatten(input: string = IMAGES): Layer {
  return { kind: 'flatten', name: 'flatten', inputs: [input] };
}
function dense(name: string, input: string, outputs: number): Layer {
  return { kind: 'dense', name, inputs: [input], outputs, bias: true };
}
