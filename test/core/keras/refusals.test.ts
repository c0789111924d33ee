/** What of Keras is refused, each with its message, and what two forms of a topology become. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../cpu-backend.ts';
import type { KerasWeights } from '../../../src/core/keras/keras-weights.ts';
import { networkFromKeras, type WantedNetwork } from '../../../src/core/keras/network-from-keras.ts';
import { readTopology } from '../../../src/core/keras/topology.ts';
import type { NetworkSpec } from '../../../src/protocol/network.ts';

interface Entry {
  class_name: string;
  config?: Record<string, unknown>;
  module?: string;
  registered_name?: string;
}

const ones: KerasWeights = { of: (_, __, shapes) => shapes.map((shape) => ({ shape: [...shape], values: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1) })) };
const head: Entry = { class_name: 'Dense', config: { name: 'head', units: 3, activation: 'softmax' } };
const flat: Entry = { class_name: 'Flatten', config: { name: 'flat' } };

function sequential(layers: Entry[], shape: unknown[] = [null, 8, 8, 2]): unknown {
  const named = layers.map((layer, index) => ({ module: 'keras.layers', registered_name: null, ...layer, config: { name: `layer_${index}`, ...layer.config } }));
  return { class_name: 'Sequential', config: { name: 'model', layers: [{ class_name: 'InputLayer', config: { name: 'in', batch_shape: shape } }, ...named] } };
}

function convert(topology: unknown, wanted: WantedNetwork = {}): NetworkSpec {
  return networkFromKeras(readTopology(topology, 'model.keras'), ones, wanted, 'model.keras').network;
}

function refused(topology: unknown, message: RegExp, wanted: WantedNetwork = {}): void {
  assert.throws(() => convert(topology, wanted), (error: Error & { code?: string }) => {
    assert.match(error.message, message);
    assert.ok(['file-invalid', 'mismatch'].includes(error.code ?? ''), `the code is ${error.code}`);
    return true;
  });
}

test('every layer that cannot be used is named at once', () => {
  const layers: Entry[] = [
    { class_name: 'GaussianNoise', config: { name: 'noise', stddev: 1 } },
    { class_name: 'Lambda', config: { name: 'code' } },
    { class_name: 'MyAttention', module: 'my_package', registered_name: 'my_package>MyAttention', config: { name: 'mine' } },
    { class_name: 'RandomFlip', config: { name: 'flip' } },
    { class_name: 'GroupNormalization', config: { name: 'groups' } },
    { class_name: 'TimeDistributed', config: { name: 'each', layer: { class_name: 'AlphaDropout', config: { rate: 0.1 } } } },
    { class_name: 'Masking', config: { name: 'mask' } },
    flat, head,
  ];
  refused(sequential(layers), new RegExp([
    'model\\.keras has layers that cannot be used here: GaussianNoise "noise" \\(it draws random numbers of its own\\)', 'Lambda "code" \\(its code is Python\\)', 'MyAttention "mine" \\(a custom layer\\)',
    'RandomFlip "flip" \\(it draws random numbers of its own\\)', 'GroupNormalization "groups" \\(neither StarSSE nor TensorFlow\\.js knows it\\)', 'TimeDistributed "each" \\(it draws random numbers of its own\\)',
    'Masking "mask" \\(masks and indices are not supported\\)$',
  ].join('; ')));
});

const PROBLEMS: [string, Entry, RegExp][] = [
  ['dilation', { class_name: 'Conv2D', config: { filters: 2, kernel_size: 3, dilation_rate: 2 } }, /Conv2D "layer_0": its convolution is dilated/],
  ['channels first', { class_name: 'Conv2D', config: { filters: 2, kernel_size: 3, data_format: 'channels_first' } }, /its channels are first/],
  ['statistics of another axis', { class_name: 'BatchNormalization', config: { axis: 1 } }, /it normalises axis 1, and only the last one/],
  ['dropout of rows', { class_name: 'Dropout', config: { rate: 0.1, noise_shape: [null, 8, 1, 1] } }, /noise_shape \[null,8,1,1\] is not supported/],
  ['a leaky ReLU', { class_name: 'ReLU', config: { negative_slope: 0.1 } }, /a negative slope, a threshold or a largest value other than 6/],
  ['another function of the same name', { class_name: 'Activation', config: { activation: 'hard_sigmoid' } }, /hard_sigmoid is another function in TensorFlow\.js/],
  ['an unknown function', { class_name: 'Activation', config: { activation: 'squareplus' } }, /Activation "layer_0": .*squareplus/],
  ['dropout inside', { class_name: 'TimeDistributed', config: { layer: { class_name: 'Dropout', config: { rate: 0.5 } } } }, /it draws random numbers of its own/],
  ['smooth enlarging', { class_name: 'UpSampling2D', config: { interpolation: 'bilinear' } }, /only interpolation "nearest"/],
  ['a number that is none', { class_name: 'Conv2D', config: { filters: '2', kernel_size: 3 } }, /Conv2D "layer_0": filters is no whole number from 0: "2"/],
  ['a window larger than its images', { class_name: 'Conv2D', config: { filters: 2, kernel_size: 99 } }, /layer layer_0: a window of 99 does not fit/],
  ['a rate of 1', { class_name: 'Dropout', config: { rate: 1 } }, /the rate 1 is not within 0 and 1/],
];
for (const [what, layer, message] of PROBLEMS) {
  test(`refused: ${what}`, () => refused(sequential([layer, flat, head]), message));
}

test('refused: models that are no classifiers', () => {
  refused(sequential([flat, { class_name: 'Dense', config: { name: 'one', units: 1, activation: 'sigmoid' } }]), /the model ends in one\/sigmoid \[1\]; a classifier ends in a Dense layer of 2 classes or more/);
  refused(sequential([{ class_name: 'Conv2D', config: { filters: 4, kernel_size: 3 } }]), /the model ends in layer_0 \[6, 6, 4\]/);
  refused({ class_name: 'MyModel', config: {} }, /the model is a MyModel, whose layers are not in the file/);
  refused({ class_name: 'Functional', config: { name: 'm', layers: [{ class_name: 'InputLayer', name: 'a', config: { batch_shape: [null, 4] } }], input_layers: [['a', 0, 0], ['b', 0, 0]], output_layers: [['a', 0, 0]] } }, /the model has 2 inputs and 1 outputs/);
});

test('refused: sizes that are open or do not fit', () => {
  refused(sequential([flat, head], [null, null, null, 2]), /takes \[any, any, 2\], which leaves the size of the images open/);
  refused(sequential([flat, head]), /takes \[8, 8, 2\], the data are \[8, 8, 3\]/, { inputShape: [8, 8, 3] });
  refused(sequential([head], [null, 5]), /takes \[5\], the data are \[2, 3, 1\]/, { inputShape: [2, 3, 1] });
});

test('refused: topologies that are torn or go in circles', () => {
  const node = (name: string, from: string) => ({ class_name: 'Activation', name, config: { name, activation: 'relu' }, inbound_nodes: [[[from, 0, 0, {}]]] });
  const functional = (...layers: unknown[]) => ({ class_name: 'Functional', config: { name: 'm', layers: [{ class_name: 'InputLayer', name: 'in', config: { batch_shape: [null, 4] } }, ...layers], input_layers: [['in', 0, 0]], output_layers: [['b', 0, 0]] } });
  refused(functional(node('a', 'b'), node('b', 'a')), /layers whose input no layer gives: a, b/);
  refused(functional(node('a', 'in')), /no layer gives the output b/);
  refused(functional({ ...node('b', 'in'), inbound_nodes: 3 }), /inbound_nodes of .*b is no list: 3/);
  refused(functional({ ...node('b', 'in'), inbound_nodes: [{ args: [2.5], kwargs: {} }] }), /is called with a value that is no tensor: 2\.5/);
  refused({ class_name: 'Sequential', config: { layers: 'none' } }, /layers is no list: "none"/);
  refused(null, /The topology of model\.keras is no object: null/);
  const deep = Array.from({ length: 40 }).reduce<unknown>((inner) => ({ class_name: 'Sequential', config: { name: 's', layers: [inner] } }), sequential([flat, head]));
  refused(deep, /more than 20 models inside each other/);
});

test('refused: weights that two calls would share', () => {
  const dense = { class_name: 'Dense', name: 'd', config: { name: 'd', units: 4 }, inbound_nodes: [[['in', 0, 0, {}]], [['d', 0, 0, {}]]] };
  refused({ class_name: 'Functional', config: { name: 'm', layers: [{ class_name: 'InputLayer', name: 'in', config: { batch_shape: [null, 4] } }, dense], input_layers: [['in', 0, 0]], output_layers: [['d', 1, 0]] } }, /Dense "d": it is called more than once, and its weights would be shared/);
});

test('a model without a last layer gets pooling and a head', () => {
  const network = convert(sequential([{ class_name: 'Conv2D', config: { name: 'c', filters: 4, kernel_size: 3 } }]), { classes: 5 });
  assert.deepEqual(network.layers.map(({ kind }) => kind), ['conv', 'global-average-pool', 'dense']);
  assert.deepEqual([network.classes, network.head], [5, network.layers[2].name]);
});

test('names that Keras allows and layers here do not are replaced, and stay different', () => {
  const names = convert(sequential([{ class_name: 'ReLU', config: { name: 'a b' } }, { class_name: 'ReLU', config: { name: 'a:b' } }, { class_name: 'ReLU', config: { name: 'images' } }, flat, head])).layers.map(({ name }) => name);
  assert.deepEqual(names, ['a_b', 'a_b_2', 'images_2', 'flat', 'head']);
});
