/**
 * The operations of transformers, as kernels: few operations on the tape, and gradients that save no more than they need.
 * Back ends register their own forms or those of `backends/composed-transformer.ts`; the gradients are in
 * `gradients/transformer.ts`.
 *
 *   LayerNorm     x, scale, offset; epsilon             -> y, mean, variance (biased, of each row)
 *   LayerNormGrad x, dy, scale, mean, variance; epsilon -> dx, dscale, doffset
 *   Gelu          x                                     -> y
 *   GeluGrad      x, dy                                 -> dx
 *   Attention     qkv, bias (or none); heads, groups    -> y, weights
 *   AttentionGrad qkv, weights, y, dy; heads, groups    -> dqkv, dbias
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Layer norm over the last axis (Ba, Kiros, Hinton 2016): y = scale (x - mean) / sqrt(variance + epsilon) + offset.
 * @param x [..., channels]
 * @param scale [channels]
 * @param offset [channels]
 */
export function layerNorm(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.engine().runKernel<tf.Tensor[]>('LayerNorm', { x, scale, offset }, { epsilon })[0];
}

/** Gradient of `layerNorm` with respect to x, scale and offset. @param mean of each row, [rows, 1], as `variance` */
export function layerNormGrad(x: tf.Tensor, dy: tf.Tensor, scale: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor, epsilon: number): tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor[]>('LayerNormGrad', { x, dy, scale, mean, variance }, { epsilon });
}

/** x Phi(x), with the distribution function Phi of a standard normal number (Hendrycks and Gimpel 2016); not the tanh approximation. */
export function gelu(x: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel('Gelu', { x });
}

export function geluGrad(x: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel('GeluGrad', { x, dy });
}

/**
 * Attention of several heads (Vaswani et al. 2017): y = softmax(q k' / sqrt(d) + bias) v for each head of d channels.
 * @param qkv [n, tokens, 3 x channels]: queries, keys, values, each head by head
 * @param bias [groups, heads, tokens, tokens], added to rows i with i mod groups = its first index; null adds nothing
 * @returns [n, tokens, channels]
 */
export function attention(qkv: tf.Tensor, bias: tf.Tensor | null, heads: number): tf.Tensor {
  const groups = bias === null ? 0 : bias.shape[0];
  return tf.engine().runKernel<tf.Tensor[]>('Attention', bias === null ? { qkv } : { qkv, bias }, { heads, groups })[0];
}

/**
 * Gradient of `attention` with respect to qkv and bias.
 * @param weights [n, heads, tokens, tokens], the softmax
 * @param groups of the bias; 0 where there is none, and then the second result is missing
 */
export function attentionGrad(qkv: tf.Tensor, weights: tf.Tensor, y: tf.Tensor, dy: tf.Tensor, heads: number, groups: number): tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor[]>('AttentionGrad', { qkv, weights, y, dy }, { heads, groups });
}
