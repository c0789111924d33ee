/**
 * Random numbers that a step takes as input, so that a recorded step does not repeat them: a function of the key alone, so
 * that a step that is done again after a resume sees the same ones.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkSpec } from '../protocol/network.ts';
import type { Noise } from './forward.ts';
import { layerType } from './layers/layer-types.ts';
import { layerShapes, product } from './network.ts';
import { uniform, type Key } from './random.ts';

/**
 * For every layer that drops something a mask [batch, ...] of 0 and 1 / (1 - rate). Empty for networks without such layers.
 * @param frozen names of layers that drop nothing
 */
export function drawNoise(network: NetworkSpec, batch: number, key: Key, frozen: ReadonlySet<string> = new Set()): Noise {
  const shapes = layerShapes(network);
  let drawn = 0;
  const masks = new Map<string, tf.Tensor>();
  for (const layer of network.layers) {
    const noise = layerType(layer).noise?.(layer, shapes.get(layer.inputs[0])!);
    if (noise === undefined || noise.rate === 0) continue;
    const shape = [batch, ...noise.shape];
    const first = drawn;
    drawn += product(shape); // of frozen layers, too: the masks of the others do not depend on what is frozen
    if (frozen.has(layer.name)) continue;
    const kept = 1 / (1 - noise.rate);
    const mask = Float32Array.from({ length: product(shape) }, (_, index) => (uniform(key, first + index) < noise.rate ? 0 : kept));
    masks.set(layer.name, tf.tensor(mask, shape));
  }
  return masks;
}
