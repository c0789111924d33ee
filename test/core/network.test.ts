import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinNetwork, type BuiltinName } from '../../src/core/builtin.ts';
import { hasBatchNorm, layerShapes, macs, modelFile, parameterCount, parametersOf } from '../../src/core/network.ts';
import { IMAGES, ModelFileSchema, type NetworkSpec } from '../../src/protocol/network.ts';
import { parseJson } from '../../src/protocol/parse.ts';

test('resnet-8: three stages of 16, 32 and 64 channels, about 78,000 weights, named as in PyTorch', () => {
  const network = builtinNetwork('resnet-8', [28, 28, 1], 10);
  assert.equal(parameterCount(network), 77_754);
  const shapes = layerShapes(network);
  assert.deepEqual(['layer1.0.relu2', 'layer2.0.relu2', 'layer3.0.relu2'].map((name) => shapes.get(name)), [[28, 28, 16], [14, 14, 32], [7, 7, 64]]);
  const names = parametersOf(network).map(({ name }) => name);
  for (const name of ['conv1.weight', 'bn1.running_var', 'layer2.0.downsample.0.weight', 'layer3.0.bn2.bias', 'fc.weight', 'fc.bias']) assert.ok(names.includes(name), name);
  assert.ok(!names.includes('layer1.0.downsample.0.weight') && !names.includes('conv1.bias'));
  // By hand: stem 9*16*784, stage 1 2*144*16*784, stage 2 (144+288)*32*196 and 16*32*196, stage 3 (288+576)*64*49 and 32*64*49, head 640.
  assert.equal(macs(network), 112_896 + 3_612_672 + 2_709_504 + 100_352 + 2_709_504 + 100_352 + 640);
  assert.ok(hasBatchNorm(network));
});

test('the other networks: sizes and costs', () => {
  const cnn = builtinNetwork('small-cnn', [28, 28, 1], 10);
  assert.equal(parameterCount(cnn), 160 + 4640 + 15_690);
  assert.equal(macs(cnn), 9 * 16 * 784 + 144 * 32 * 196 + 15_680);
  const mlp = builtinNetwork('mlp', [8, 8, 1], 3);
  assert.equal(parameterCount(mlp), 65 * 128 + 129 * 3);
  const linear = builtinNetwork('linear', [8, 8, 3], 3);
  assert.equal(parameterCount(linear), 193 * 3);
  assert.ok(![cnn, mlp, linear].some(hasBatchNorm));
});

test('images too small for the network are refused', () => {
  assert.throws(() => builtinNetwork('small-cnn', [3, 3, 1], 10), { code: 'data-invalid', message: /3 x 3 x 1 .* pool2 .* window of 2/ });
});

test('model.json survives its schema', () => {
  const file = modelFile(builtinNetwork('resnet-8', [8, 8, 3], 2), ['cat', 'dog'], { mean: [0.5], std: [0.25] });
  assert.deepEqual(parseJson(ModelFileSchema, JSON.stringify(file), 'model.json'), file);
  assert.deepEqual(file.parameters[0], { name: 'conv1.weight', dtype: 'F32', shape: [16, 3, 3, 3] });
});

const good: NetworkSpec = builtinNetwork('linear', [2, 2, 1], 3);
const broken: [string, NetworkSpec, RegExp][] = [
  ['logits of another number', { ...good, classes: 4 }, /gives \[3\], the logits of 4 classes/],
  ['a head that is not dense', { ...good, head: 'flatten' }, /head flatten is not a dense layer/],
  ['an unknown input', { ...good, layers: [{ ...good.layers[1], inputs: ['nothing'] } as NetworkSpec['layers'][0]] }, /no layer before it is called nothing/],
  ['a name taken twice', { ...good, layers: [good.layers[0], ...good.layers] }, /flatten.*its name is taken/],
  ['dense without flatten', { ...good, layers: [{ kind: 'dense', name: 'fc', inputs: [IMAGES], outputs: 3, bias: true }], head: 'fc' }, /gives \[2,2,3\], the logits of 3 classes/],
  [
    'a sum of different shapes',
    { ...good, layers: [...good.layers, { kind: 'add', name: 'sum', inputs: ['fc', 'flatten'] }] },
    /adds \[3\] and \[4\]/,
  ],
];
for (const [name, network, message] of broken) {
  test(`a network is refused by layer: ${name}`, () => {
    assert.throws(() => layerShapes(network), { code: 'file-invalid', message });
  });
}

const KNOWN_SIZES: [BuiltinName, [number, number, number], number, number, number][] = [
  // parameters and multiply-accumulates as the papers and torchvision give them
  ['resnet-20', [32, 32, 3], 10, 272_474, 41.5e6],
  ['resnet-32', [32, 32, 3], 10, 466_906, 70e6],
  ['resnet-18', [224, 224, 3], 1000, 11_689_512, 1.81e9],
  ['resnet-50', [224, 224, 3], 1000, 25_557_032, 4.09e9],
  ['mobilenet-v2', [224, 224, 3], 1000, 3_504_872, 0.3e9],
];
for (const [name, shape, classes, parameters, cost] of KNOWN_SIZES) {
  test(`${name} has the published size and cost`, () => {
    const network = builtinNetwork(name, shape, classes);
    assert.equal(parameterCount(network), parameters);
    assert.ok(Math.abs(macs(network) / cost - 1) < 0.02, `${macs(network)} multiply-accumulates`);
  });
}

test('dropout is put before the last layer, also of a flattened image', () => {
  const network = builtinNetwork('small-cnn', [8, 8, 1], 3, { dropout: 0.25 });
  assert.deepEqual(network.layers.slice(-2).map(({ name, inputs }) => [name, inputs]), [['dropout', ['flatten']], ['fc', ['dropout']]]);
  const plain = builtinNetwork('small-cnn', [8, 8, 1], 3);
  assert.deepEqual(parametersOf(network).map(({ name, order }) => [name, order]), parametersOf(plain).map(({ name, order }) => [name, order]));
});
