/** Networks for first steps and tests. */
import { IMAGES } from '../../protocol/network.ts';
import { conv, dense, flatten, maxPool, relu, type Builder } from './parts.ts';

/** Two convolutions of 16 and 32 channels, each halved by pooling, and a dense layer. */
export const smallCnn: Builder = (classes) => [
  conv('conv1', IMAGES, 16, 3, 1, { bias: true }),
  relu('relu1', 'conv1'),
  maxPool('pool1', 'relu1', 2, 2),
  conv('conv2', 'pool1', 32, 3, 1, { bias: true }),
  relu('relu2', 'conv2'),
  maxPool('pool2', 'relu2', 2, 2),
  flatten('pool2'),
  dense('fc', 'flatten', classes),
];

/** One hidden layer of 128. */
export const mlp: Builder = (classes) => [flatten(), dense('fc1', 'flatten', 128), relu('relu', 'fc1'), dense('fc2', 'relu', classes)];

export const linear: Builder = (classes) => [flatten(), dense('fc', 'flatten', classes)];
