import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { fitWeights } from '../../src/core/fit-weights.ts';
import { initialWeights, newHead } from '../../src/core/initialise.ts';
import { StarsseError } from '../../src/protocol/errors.ts';
import { floatsOf, floatTensor, type TensorData } from '../../src/protocol/tensor.ts';

const network = builtinNetwork('resnet-8', [8, 8, 3], 10);
const weights = initialWeights(network, 1);
const exact = { headSeed: null, what: 'a.safetensors' };

function problemOf(tensors: TensorData[], options = exact): StarsseError {
  try {
    fitWeights(network, tensors, options);
  } catch (error) {
    assert(error instanceof StarsseError);
    assert.equal(error.code, 'mismatch');
    return error;
  }
  return assert.fail('it fitted');
}

test('weights that fit come back in the order of the network, whatever lies beside them', () => {
  const beside: TensorData[] = [
    { name: 'bn1.num_batches_tracked', dtype: 'I64', shape: [], data: new Uint8Array(8) },
    floatTensor('velocity/fc.bias', [10], new Float32Array(10)),
  ];
  assert.deepEqual(fitWeights(network, [...beside, ...weights.toReversed()], exact), weights);
  const parallel = weights.map((tensor) => ({ ...tensor, name: `module.${tensor.name}` }));
  assert.deepEqual(fitWeights(network, parallel, exact), weights);
});

test('a new head takes the place of one of any size, or of none, and depends on its seed only', () => {
  const thousand = [...weights.slice(0, -2), floatTensor('fc.weight', [1000, 64], new Float32Array(64_000)), floatTensor('fc.bias', [1000], new Float32Array(1000))];
  for (const tensors of [weights, thousand, weights.slice(0, -2)]) {
    assert.deepEqual(fitWeights(network, tensors, { headSeed: 3, what: 'test' }), [...weights.slice(0, -2), ...newHead(network, 3)]);
  }
});

test('a kept head of another number of classes is told as that', () => {
  const error = problemOf([...weights.slice(0, -2), floatTensor('fc.weight', [1000, 64], new Float32Array(64_000)), floatTensor('fc.bias', [1000], new Float32Array(1000))]);
  assert.equal(error.message, 'a.safetensors does not fit the network resnet-8: it is of 1000 classes, not 10');
  assert.match(error.hint ?? '', /new head/);
});

test('everything that is missing, of another shape or type, or left over is listed', () => {
  const changed = weights
    .filter(({ name }) => name !== 'bn1.weight' && name !== 'layer1.0.bn1.bias')
    .map((tensor) => (tensor.name === 'conv1.weight' ? floatTensor('conv1.weight', [16, 1, 3, 3], new Float32Array(144)) : tensor))
    .map((tensor) => (tensor.name === 'bn1.bias' ? { ...tensor, dtype: 'I32' } : tensor));
  const { message } = problemOf([...changed, floatTensor('layer4.weight', [1], new Float32Array(1))]);
  assert.equal(
    message,
    'a.safetensors does not fit the network resnet-8: missing (2): bn1.weight, layer1.0.bn1.bias; of another shape (1): conv1.weight is [16, 1, 3, 3], not [16, 3, 3, 3]; '
      + 'not of a floating-point type (1): bn1.bias is I32; left over (1): layer4.weight',
  );
});

test('16-bit and 64-bit numbers become float32', () => {
  const values = [1, -2.5, 0, 65504, 2 ** -24, -(2 ** -14), Infinity, 0.333251953125, 1.5, 3];
  const half = [0x3c00, 0xc100, 0, 0x7bff, 1, 0x8400, 0x7c00, 0x3555, 0x3e00, 0x4200];
  const brain = [0x3f80, 0xc020, 0, 0x4780, 0x3380, 0xb880, 0x7f80, 0x3eab, 0x3fc0, 0x4040];
  const bytes = (numbers: ArrayBufferView): Uint8Array => new Uint8Array(numbers.buffer);
  const biasOf = (dtype: string, data: Uint8Array): number[] => {
    const tensors = weights.map((tensor) => (tensor.name === 'fc.bias' ? { ...tensor, dtype, data } : tensor));
    const fitted = fitWeights(network, tensors, exact).at(-1)!;
    assert.equal(fitted.dtype, 'F32');
    return [...floatsOf(fitted)];
  };
  assert.deepEqual(biasOf('F16', bytes(Uint16Array.from(half))), values);
  assert.deepEqual(biasOf('F64', bytes(Float64Array.from(values))), values);
  assert.deepEqual(biasOf('BF16', bytes(Uint16Array.from(brain))), [1, -2.5, 0, 65536, 2 ** -24, -(2 ** -14), Infinity, 0.333984375, 1.5, 3]);
});
