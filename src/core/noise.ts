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

interface Masked {
  /** [batch, ...] */
  shape: number[];
  /** Share of zeros. */
  rate: number;
  /** Random numbers of the layers before it. */
  first: number;
}

/** For every layer that drops something what its mask is, by name. @param frozen names of layers that drop nothing */
export function noiseOf(network: NetworkSpec, batch: number, frozen: ReadonlySet<string> = new Set()): Map<string, Masked> {
  const shapes = layerShapes(network);
  const masks = new Map<string, Masked>();
  let drawn = 0;
  for (const layer of network.layers) {
    const noise = layerType(layer).noise?.(layer, shapes.get(layer.inputs[0])!);
    if (noise === undefined || noise.rate === 0) continue;
    const shape = [batch, ...noise.shape];
    if (!frozen.has(layer.name)) masks.set(layer.name, { shape, rate: noise.rate, first: drawn });
    drawn += product(shape); // of frozen layers, too: the masks of the others do not depend on what is frozen
  }
  return masks;
}

/** Masks of 0 and 1 / (1 - rate) for `noiseOf`. Empty for networks without such layers. */
export function drawNoise(network: NetworkSpec, batch: number, key: Key, frozen?: ReadonlySet<string>): Noise {
  return new Map(
    Array.from(noiseOf(network, batch, frozen), ([name, { shape, rate, first }]) => {
      const kept = 1 / (1 - rate);
      const mask = Float32Array.from({ length: product(shape) }, (_, index) => (uniform(key, first + index) < rate ? 0 : kept));
      return [name, tf.tensor(mask, shape)];
    }),
  );
}
