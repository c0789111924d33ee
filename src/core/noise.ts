/** Random numbers that a step takes as input, so that a recorded step does not repeat them. */
import * as tf from '@tensorflow/tfjs-core';
import type { NetworkSpec } from '../protocol/network.ts';
import type { Noise } from './forward.ts';
import { layerShapes, product } from './network.ts';
import { uniform, type Key } from './random.ts';

/** For every dropout layer a mask [batch, ...] of 0 and 1 / (1 - rate). Empty for networks without dropout. */
export function drawNoise(network: NetworkSpec, batch: number, key: Key): Noise {
  const shapes = layerShapes(network);
  let drawn = 0;
  return new Map(
    network.layers.flatMap((layer) => {
      if (layer.kind !== 'dropout') return [];
      const shape = [batch, ...shapes.get(layer.name)!];
      const kept = 1 / (1 - layer.rate);
      const mask = Float32Array.from({ length: product(shape) }, () => (uniform(key, drawn++) < layer.rate ? 0 : kept));
      return [[layer.name, tf.tensor(mask, shape)]];
    }),
  );
}
