import type * as tf from '@tensorflow/tfjs-core';

type Compute = (dy: tf.Tensor, saved: tf.Tensor[], attrs: tf.NamedAttrMap) => Record<string, () => tf.Tensor>;

/**
 * A gradient for the engine. `compute` gets the saved inputs in the order of `saves.inputs`, then the outputs marked there,
 * and answers a gradient for each input, asked for only where something needs it.
 */
export function gradient(kernelName: string, saves: { inputs?: string[]; outputs?: boolean[] }, compute: Compute): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: saves.inputs,
    outputsToSave: saves.outputs,
    // Of a kernel with several outputs only the first is differentiated.
    gradFunc: (dy, saved, attrs) => compute(Array.isArray(dy) ? dy[0] : dy, saved, attrs),
  };
}
