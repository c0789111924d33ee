/** Steps that give nothing back: what they found stays in the graph until it is read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js';
import { compileGraph } from '../../src/backends/tensorflow/graph/compile.ts';
import { keepFigures, KeptFigures, keptVariables } from '../../src/backends/tensorflow/kept-figures.ts';
import { findLibrary } from '../../src/backends/tensorflow/library.ts';
import { startTensorflow } from '../../src/backends/tensorflow/start.ts';

const skip = findLibrary('cpu') === null ? 'native TensorFlow is not installed' : false;
const COUNT = 3;

test('figures come out of the graph step by step, also those that are no numbers, until others take their place', { skip }, async () => {
  await startTensorflow({ threads: 1 });
  const variables = keptVariables(COUNT);
  const graph = compileGraph(tf.backend() as NodeJSKernelBackend, variables, {
    step: { inputs: [[COUNT], [], []], run: (held, [place, loss, correct]) => ({ outputs: [], updates: keepFigures(held, place, { loss, correct }) }) },
  });
  tf.dispose([...variables.values()]);
  const held = tf.memory().numTensors;
  let reads = 0;
  const kept = new KeptFigures({ read: (names) => (reads++, graph.read(names)) }, COUNT);
  const step = (loss: number, correct: number): ReturnType<KeptFigures['take']> => {
    const inputs = [kept.nextPlace(), tf.scalar(loss), tf.scalar(correct)];
    assert.deepEqual(graph.call('step', inputs), []);
    tf.dispose(inputs);
    return kept.take();
  };
  const valuesOf = async ({ loss, correct }: ReturnType<typeof step>) => [(await loss.data())[0], (await correct.data())[0]];
  const [first, second, third] = [step(0.5, 1), step(Number.NaN, 2), step(0.25, 3)];
  assert.deepEqual(await Promise.all([first, second, third].map(valuesOf)), [[0.5, 1], [Number.NaN, 2], [0.25, 3]]);
  assert.equal(reads, 1, 'one read for all');
  const fourth = step(4, 4);
  assert.deepEqual(await Promise.all([second, third, fourth].map(valuesOf)), [[Number.NaN, 2], [0.25, 3], [4, 4]]);
  assert.equal(reads, 2);
  await assert.rejects(valuesOf(first), /asked for 4 steps later, 3 are kept/);
  assert.equal(tf.memory().numTensors, held);
  graph.close();
});
