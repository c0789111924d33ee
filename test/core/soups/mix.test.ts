import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../cpu-backend.ts';
import { builtinNetwork } from '../../../src/core/builtin.ts';
import { predict } from '../../../src/core/evaluate.ts';
import { initialWeights } from '../../../src/core/initialise.ts';
import { mixTensors, type Ingredient } from '../../../src/core/soups/mix.ts';
import { uniform } from '../../../src/core/soups/uniform.ts';
import { weighted } from '../../../src/core/soups/weighted.ts';
import { floatTensor, floatsOf, type TensorData } from '../../../src/protocol/tensor.ts';
import { toyData } from '../toy-data.ts';
import { withRunner } from '../with-runner.ts';

const uniformSoup = (parents: Ingredient[]): TensorData[] => mixTensors(uniform(parents.length), parents);
const linear = builtinNetwork('linear', [4, 4, 1], 3);
const resnet = builtinNetwork('resnet-8', [4, 4, 1], 3);
const integers = (name: string, value: number): TensorData => ({ name, dtype: 'I64', shape: [1], data: new Uint8Array(BigInt64Array.of(BigInt(value)).buffer) });

test('X7: a soup of copies is the member, bit for bit; so is every point between them', () => {
  const tensors = initialWeights(resnet, 1);
  for (const count of [1, 2, 3, 7]) {
    assert.deepEqual(uniformSoup(Array.from({ length: count }, (_, index) => ({ name: `member-${index + 1}`, tensors }))), tensors);
  }
  const member = { name: 'member-1', tensors };
  for (let point = 0; point <= 10; point++) assert.deepEqual(mixTensors(weighted([10 - point, point]), [member, member]), tensors);
});

test('X7: the soup of linear models has the mean of their logits', async () => {
  const members: Ingredient[] = [1, 2, 3].map((seed) => ({ name: `member-${seed}`, tensors: initialWeights(linear, seed) }));
  const data = toyData(9, 4);
  const logits = async (tensors: TensorData[]) => (await withRunner(linear, tensors, { mean: [0], std: [1] }, async (runner) => await predict(runner, data, { batchSize: 9 }))).logits;
  const each = await Promise.all(members.map(async ({ tensors }) => await logits([...tensors])));
  const soup = await logits(uniformSoup(members));
  for (const [index, logit] of soup.entries()) assert.ok(Math.abs(logit - (each[0][index] + each[1][index] + each[2][index]) / 3) < 1e-6);
});

test('floats are averaged in double precision whatever the order of tensors, integers are copied, inputs stay', () => {
  const big = floatTensor('w', [2], Float32Array.of(1e8, 0.1));
  const small = floatTensor('w', [2], Float32Array.of(-1e8 + 8, 0.2));
  const count = integers('count', 5);
  const soup = uniformSoup([{ name: 'a', tensors: [big, count] }, { name: 'b', tensors: [integers('count', 9), small] }]);
  assert.deepEqual(soup.map(({ name }) => name), ['w', 'count']);
  assert.deepEqual([...floatsOf(soup[0])], [4, Math.fround((Math.fround(0.1) + Math.fround(0.2)) / 2)]);
  assert.deepEqual(soup[1], count);
  assert.deepEqual([...floatsOf(big)], [1e8, Math.fround(0.1)]);
});

test('names, shapes and types are checked before any work, and all that differ are named', () => {
  const a = { name: 'member-1', tensors: [floatTensor('w', [2], new Float32Array(2)), floatTensor('v', [1], new Float32Array(1)), integers('i', 1)] };
  const b = { name: 'member-2', tensors: [floatTensor('w', [1, 2], new Float32Array(2)), floatTensor('i', [1], new Float32Array(1)), floatTensor('u', [1], new Float32Array(1))] };
  assert.throws(() => uniformSoup([a, b]), {
    code: 'mismatch',
    message:
      'Cannot average member-1, member-2: w is [2] in member-1 and [1, 2] in member-2; member-2 has no v; i is I64 in member-1 and F32 in member-2; member-1 has no u',
  });
  assert.throws(() => uniformSoup([]), { code: 'usage' });
  assert.throws(() => uniformSoup([{ name: 'half', tensors: [{ name: 'w', dtype: 'F8_E4M3', shape: [1], data: new Uint8Array(1) }] }]), { code: 'mismatch', message: /w is F8_E4M3, which cannot be averaged/ });
});
