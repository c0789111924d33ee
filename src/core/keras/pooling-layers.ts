import type { Builder } from './builder.ts';
import { pairOf, textOf } from './config-values.ts';
import { nameOf, type Conversion } from './conversion.ts';
import { samePadding } from './same-padding.ts';
import type { KerasNode } from './topology.ts';

export const maxPooling2d: Conversion = (node, build) => {
  const pool = windowOf(node, build);
  return pool === null ? null : build.add({ kind: 'max-pool', name: node.id, inputs: [node.inputs[0]], ...pool });
};

/** Padded means leave the padding out, in Keras: only the stock layer does so. */
export const averagePooling2d: Conversion = (node, build) => {
  const pool = windowOf(node, build);
  if (pool === null || pool.padding !== 0) return null;
  return build.add({ kind: 'average-pool', name: node.id, inputs: [node.inputs[0]], size: pool.size, stride: pool.stride });
};

export const globalAveragePooling2d: Conversion = (node, build) =>
  build.add({ kind: 'global-average-pool', name: node.id, inputs: [node.inputs[0]], keepDims: node.config.keepdims === true });

/** Null where the window is not square or is padded more on one side. */
function windowOf(node: KerasNode, build: Builder): { size: number; stride: number; padding: number } | null {
  const { pool_size: poolSize = 2, strides = poolSize, padding = 'valid' } = node.config;
  const [size, width] = pairOf(poolSize, `${nameOf(node)}: pool_size`);
  const [stride, across] = pairOf(strides ?? poolSize, `${nameOf(node)}: strides`);
  if (size !== width || stride !== across) return null;
  if (textOf(padding, `${nameOf(node)}: padding`) !== 'same') return { size, stride, padding: 0 };
  const [[top, ...others], columns] = build.shape(node.inputs[0]).slice(0, 2).map((length) => samePadding(length, size, stride));
  return [...others, ...columns].every((zeros) => zeros === top) ? { size, stride, padding: top } : null;
}
