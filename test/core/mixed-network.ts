import { add, batchNorm, conv, dense, globalAveragePool, maxPool, relu6 } from '../../src/core/builtin/parts.ts';
import { IMAGES, type Layer, type NetworkSpec } from '../../src/protocol/network.ts';

const activation = (name: string, input: string, of: Extract<Layer, { kind: 'activation' }>['function']): Layer => ({ kind: 'activation', name, inputs: [input], function: of });

/** One of each kind of layer of convolutional networks that resnet-8 and small-cnn do not have. */
export function mixedNetwork(classes: number): NetworkSpec {
  return {
    name: 'mixed', inputShape: [7, 6, 4], classes, head: 'fc',
    layers: [
      { kind: 'rescale', name: 'rescale', inputs: [IMAGES], scale: [0.7], offset: [0.1, 0, -0.2, 0] },
      { kind: 'zero-pad', name: 'pad', inputs: ['rescale'], top: 0, bottom: 1, left: 1, right: 0 }, // [8, 7, 4]
      conv('grouped', 'pad', 6, 3, 2, { groups: 2 }), // [4, 4, 6]
      batchNorm('bn', 'grouped'),
      activation('silu', 'bn', 'silu'),
      conv('depthwise', 'silu', 12, 3, 1, { groups: 6, bias: true }), // [4, 4, 12]
      relu6('relu6', 'depthwise'),
      maxPool('maxpool', 'depthwise', 3, 2, 1), // [2, 2, 12], of negative numbers too
      globalAveragePool('squeeze', 'maxpool'),
      // Squeeze and excitation (Hu et al. 2018)
      { kind: 'global-average-pool', name: 'squeezed', inputs: ['maxpool'], keepDims: true }, // [1, 1, 12]
      conv('reduce', 'squeezed', 3, 1, 1, { bias: true }),
      activation('tanh', 'reduce', 'tanh'),
      conv('expand', 'tanh', 12, 1, 1, { bias: true }),
      activation('gate', 'expand', 'sigmoid'),
      { kind: 'multiply', name: 'excite', inputs: ['maxpool', 'gate'] },
      { kind: 'average-pool', name: 'avgpool', inputs: ['relu6'], size: 2, stride: 2 }, // [2, 2, 12]
      { kind: 'multiply', name: 'product', inputs: ['excite', 'avgpool'] },
      { kind: 'drop-path', name: 'droppath', inputs: ['product'], rate: 0.4 },
      add('sum', 'droppath', 'maxpool'),
      { kind: 'concatenate', name: 'concat', inputs: ['sum', 'avgpool', 'excite'] }, // [2, 2, 36]
      conv('strided', 'concat', 5, 3, 2), // [1, 1, 5]
      { kind: 'flatten', name: 'flatten', inputs: ['strided'] },
      activation('softmax', 'flatten', 'softmax'),
      { kind: 'concatenate', name: 'features', inputs: ['softmax', 'squeeze'] },
      { kind: 'dropout', name: 'dropout', inputs: ['features'], rate: 0.3 },
      dense('fc', 'dropout', classes),
    ],
  };
}
