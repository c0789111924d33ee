import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { drawNoise } from '../../src/core/noise.ts';
import { randomKey } from '../../src/core/random.ts';
import { IMAGES, type NetworkSpec } from '../../src/protocol/network.ts';
import { checkGradients } from './finite-differences.ts';
import { mixedNetwork } from './mixed-network.ts';

const shapes: [BuiltinName, [number, number, number]][] = [
  ['linear', [4, 4, 2]],
  ['mlp', [3, 3, 1]],
  ['small-cnn', [5, 4, 2]],
  ['resnet-8', [6, 5, 1]],
];
for (const [name, shape] of shapes) {
  test(`the gradient of ${name} agrees with finite differences`, () => {
    checkGradients(builtinNetwork(name, shape, 3), 3);
  });
}

test('the gradient through dropout agrees with finite differences', () => {
  const network: NetworkSpec = {
    name: 'dropout', inputShape: [2, 2, 1], classes: 3, head: 'fc2',
    layers: [
      { kind: 'flatten', name: 'flatten', inputs: [IMAGES] },
      { kind: 'dense', name: 'fc1', inputs: ['flatten'], outputs: 8, bias: true },
      { kind: 'dropout', name: 'drop', inputs: ['fc1'], rate: 0.5 },
      { kind: 'dense', name: 'fc2', inputs: ['drop'], outputs: 3, bias: false },
    ],
  };
  checkGradients(network, 4, drawNoise(network, 4, randomKey(1, 'noise', 0)));
});

test('the gradient through every other kind of layer agrees with finite differences', () => {
  const network = mixedNetwork(3);
  checkGradients(network, 3);
  checkGradients(network, 3, drawNoise(network, 3, randomKey(1, 'noise', 0)));
});

test('gradients that a back end registered meanwhile do not come into force', () => {
  tf.registerGradient({ kernelName: 'Relu', inputsToSave: ['x'], gradFunc: (_, [x]) => ({ x: () => tf.zerosLike(x) }) });
  checkGradients(builtinNetwork('mlp', [2, 2, 1], 3), 3);
});
