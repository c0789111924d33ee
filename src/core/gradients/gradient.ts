import * as tf from '@tensorflow/tfjs-core';

/**
 * The gradient of a kernel.
 * @param saves names of inputs, then which outputs; `compute` gets them in this order. 'all' for kernels that take a list.
 * @param compute dy and what was saved -> for each input how its gradient is made, called only where it is needed
 */
export function gradient(
  kernelName: string,
  saves: { inputs?: string[] | 'all'; outputs?: boolean[] },
  compute: (dy: tf.Tensor, saved: tf.Tensor[], attrs: tf.NamedAttrMap) => Record<string, () => tf.Tensor>,
): tf.GradConfig {
  return {
    kernelName,
    ...(saves.inputs === 'all' ? { saveAllInputs: true } : { inputsToSave: saves.inputs }),
    outputsToSave: saves.outputs,
    // Of a kernel with several outputs only the first is differentiated.
    gradFunc: (dy, saved, attrs) => compute(Array.isArray(dy) ? dy[0] : dy, saved, attrs),
  };
}

/** Undoes the broadcast of an operand: the sum over the axes along which it was repeated. Never `dy` itself: both operands may end up with it. */
export function summedTo(operand: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  if (operand.shape.join() === dy.shape.join()) return dy.clone();
  const added = dy.rank - operand.rank;
  const axes = dy.shape.flatMap((length, axis) => (axis < added || operand.shape[axis - added] !== length ? [axis] : []));
  return tf.reshape(tf.sum(dy, axes), operand.shape);
}
