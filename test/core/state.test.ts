import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import './cpu-backend.ts';
import { averageToData } from '../../src/core/averages.ts';
import { builtinNetwork } from '../../src/core/builtin.ts';
import { initialWeights } from '../../src/core/initialise.ts';
import { freshSlots } from '../../src/core/optimizer.ts';
import { programOf, type OptimizerSettings } from '../../src/core/program.ts';
import { checkSlots, disposeState, startState, stateFrom, stateToData, type TrainState } from '../../src/core/state.ts';
import { weightsFrom } from '../../src/core/weights.ts';
import { floatsOf, floatTensor, type TensorData } from '../../src/protocol/tensor.ts';

const SGD: OptimizerSettings = { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0 };
const ADAMW: OptimizerSettings = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 };
const named = (tensors: readonly TensorData[], name: string) => tensors.find((tensor) => tensor.name === name)!;
const counted = (tensors: Iterable<[string, tf.Tensor]>, prefix = '') =>
  new Map(Array.from(tensors, ([name, tensor], place) => [prefix + name, tf.add(tf.reshape(tf.range(0, tensor.size), tensor.shape), place) as tf.Tensor]));

test('a training state survives its file: slots and averages lie beside their weights in the same layout', async () => {
  const network = builtinNetwork('small-cnn', [4, 4, 1], 3);
  for (const optimizer of [SGD, ADAMW]) {
    const weights = weightsFrom(network, initialWeights(network, 3), 'test');
    const averages = new Map([...counted(weights, 'swa/'), ...counted(weights, 'ema/')]);
    const state: TrainState = { weights, slots: counted(freshSlots(programOf(network, { optimizer }))), updates: 12345, averages };
    const data = await stateToData(network, state);
    assert.deepEqual(named(data, 'ema/conv1.weight').shape, [16, 1, 3, 3]);
    assert.deepEqual(named(data, optimizer.kind === 'sgd' ? 'velocity/conv2.weight' : 'moment2/conv2.weight').shape, [32, 16, 3, 3]);
    const again = stateFrom(network, data, 'resume');
    assert.equal(again.updates, 12345);
    assert.deepEqual(await stateToData(network, again), data);
    const swa = await averageToData(network, again.averages, 'swa');
    assert.deepEqual(swa, initialWeights(network, 3).map(({ name }) => ({ ...named(data, `swa/${name}`), name })));
    assert.deepEqual(weightsFrom(network, data, 'test').size, weights.size); // a snapshot's reader passes over the rest
  }
});

test('a state that does not fit is refused by name', async () => {
  const network = builtinNetwork('mlp', [2, 2, 1], 3);
  const program = programOf(network, { optimizer: SGD });
  const state = { ...stateFrom(network, initialWeights(network, 3), 'test'), slots: freshSlots(program) };
  const data = await stateToData(network, state);
  const with_ = (name: string, shape: number[]) => [...data, floatTensor(name, shape, new Float32Array(shape.reduce((a, b) => a * b)))];
  assert.throws(() => stateFrom(network, with_('velocity/fc9.weight', [1]), 'resume'), { code: 'mismatch', message: /^resume is no training state .*velocity\/fc9\.weight is not part of it$/ });
  assert.throws(() => stateFrom(network, with_('ema/fc2.bias', [4]), 'resume'), { code: 'mismatch', message: /ema\/fc2\.bias is \[4\], not \[3\]$/ });
  const short = stateFrom(network, data.filter(({ name }) => name !== 'velocity/fc2.bias'), 'resume');
  checkSlots(program, state, 'member-1');
  assert.throws(() => checkSlots(program, short, 'member-1'), { code: 'mismatch', message: /slots of member-1 .*: velocity\/fc2\.bias is missing$/ });
  assert.throws(() => checkSlots(programOf(network, { optimizer: SGD, freeze: ['fc1'] }), state, 'member-1'), { code: 'mismatch', message: /velocity\/fc1\.weight is not part of it/ });
});

test('a member starts from its checkpoint, from an earlier member or from new weights', async () => {
  const network = builtinNetwork('mlp', [2, 2, 1], 3);
  const start = initialWeights(network, 8);
  const startsAs = async (member: { headSeed: number | null; resetOptimizer: boolean }, tensors: readonly TensorData[] | null) => {
    const state = startState(network, { name: 'member-2', ...member }, tensors, 'start');
    const data = await stateToData(network, state);
    disposeState(state);
    return data;
  };
  const fresh = await startsAs({ headSeed: 4, resetOptimizer: true }, start);
  assert.deepEqual(named(fresh, 'fc1.weight'), named(start, 'fc1.weight'));
  assert.deepEqual(named(fresh, 'fc2.weight'), named(initialWeights(network, 4), 'fc2.weight'));
  assert.equal(fresh.length, 4);
  assert.deepEqual(named(await startsAs({ headSeed: null, resetOptimizer: true }, start), 'fc2.weight'), named(start, 'fc2.weight'));
  assert.deepEqual(await startsAs({ headSeed: 4, resetOptimizer: true }, null), initialWeights(network, 4));
  const slots = start.map(({ name, shape, data }) => floatTensor(`velocity/${name}`, shape, floatsOf({ name, dtype: 'F32', shape, data })));
  const moving = [...start, ...slots, floatTensor('optimizer.updates', [1], Float32Array.of(7))];
  const averages = start.map(({ shape, data, name }) => ({ name: `ema/${name}`, dtype: 'F32' as const, shape, data }));
  assert.deepEqual(await startsAs({ headSeed: null, resetOptimizer: false }, [...moving, ...averages]), moving);
  assert.throws(() => startState(network, { name: 'member-2', headSeed: null, resetOptimizer: false }, start, 'member-1'), { code: 'mismatch', message: /member-1 has no optimizer slots/ });
});
