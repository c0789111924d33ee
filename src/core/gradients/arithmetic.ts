/** Gradients of sums, products and of what only moves numbers. */
import * as tf from '@tensorflow/tfjs-core';
import { gradient, summedTo } from './gradient.ts';

export const ARITHMETIC_GRADIENTS: tf.GradConfig[] = [
  gradient('Add', { inputs: ['a', 'b'] }, (dy, [a, b]) => ({ a: () => summedTo(a, dy), b: () => summedTo(b, dy) })),
  gradient('Sub', { inputs: ['a', 'b'] }, (dy, [a, b]) => ({ a: () => summedTo(a, dy), b: () => summedTo(b, tf.neg(dy)) })),
  gradient('Multiply', { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
    a: () => summedTo(a, tf.mul(dy, b)),
    b: () => summedTo(b, tf.mul(dy, a)),
  })),
  gradient('BatchMatMul', { inputs: ['a', 'b'] }, (dy, [a, b], { transposeA, transposeB }) => ({
    a: () => summedTo(a, transposeA ? tf.matMul(b, dy, transposeB as boolean, true) : tf.matMul(dy, b, false, !transposeB)),
    b: () => summedTo(b, transposeB ? tf.matMul(dy, a, true, transposeA as boolean) : tf.matMul(a, dy, !transposeA, false)),
  })),
  gradient('Mean', { inputs: ['x'] }, (dy, [x], { axis }) => ({ x: () => tf.mul(spread(dy, x, axis), tf.fill(x.shape, dy.size / x.size)) })),
  gradient('Sum', { inputs: ['x'] }, (dy, [x], { axis }) => ({ x: () => tf.mul(spread(dy, x, axis), tf.onesLike(x)) })),
  gradient('Identity', {}, (dy) => ({ x: () => dy.clone() })),
  gradient('Reshape', { inputs: ['x'] }, (dy, [x]) => ({ x: () => tf.reshape(dy, x.shape) })),
  gradient('Transpose', {}, (dy, _, { perm }) => ({ x: () => tf.transpose(dy, tf.backend_util.getUndoAxesPermutation(perm as number[])) })),
  gradient('PadV2', { inputs: ['x'] }, (dy, [x], attrs) => ({
    x: () => tf.slice(dy, (attrs.paddings as [number, number][]).map(([before]) => before), x.shape),
  })),
  gradient('Slice', { inputs: ['x'] }, (dy, [x], attrs) => ({
    x: () => {
      const [begin, size] = tf.slice_util.parseSliceParams(x, attrs.begin as number | number[], attrs.size as number | number[]);
      return tf.pad(dy, begin.map((first, axis): [number, number] => [first, x.shape[axis] - first - size[axis]]));
    },
  })),
  gradient('Concat', { inputs: 'all' }, (dy, parts, attrs) => {
    const axis = tf.util.parseAxisParam(attrs.axis as number, dy.shape)[0];
    let start = 0;
    return Object.fromEntries(
      parts.map(({ shape }, place) => {
        const begin = shape.map((__, each) => (each === axis ? start : 0));
        start += shape[axis];
        return [place, () => tf.slice(dy, begin, shape)];
      }),
    );
  }),
];

/** dy with the axes over which x was summed back as length 1. */
function spread(dy: tf.Tensor, x: tf.Tensor, axis: tf.NamedAttrMap[string]): tf.Tensor {
  const axes = tf.util.parseAxisParam(axis as number | number[], x.shape);
  return tf.reshape(dy, x.shape.map((length, each) => (axes.includes(each) ? 1 : length)));
}
