/** A layer of TensorFlow.js that no other kind is, on our tensors. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { stockLayer, type StockLayer } from '../keras/stock-layer.ts';
import type { LayerOf, LayerType } from './layer-type.ts';

export const keras: LayerType<LayerOf<'keras'>> = {
  outputShape: ({ outputShape }) => outputShape,
  parameters: (layer) =>
    layer.weights.map(({ name, shape, trained }) => {
      const fanIn = shape.slice(0, -1).reduce((a, b) => a * b, 1);
      return {
        name: `${layer.name}.${name}`, layer, role: trained ? 'trained' : 'statistic', shape, diskShape: shape, order: null, fanIn,
        initialisation: shape.length > 1 ? { kind: 'he' } : { kind: 'constant', value: 0 },
      };
    }),
  apply: (layer, inputs, { weight }) => stockOf(layer, inputs).call(inputs, layer.weights.map(({ name }) => weight(name))),
};

/** Made once a layer; it holds no tensors between calls. */
const made = new WeakMap<LayerOf<'keras'>, StockLayer>();

function stockOf(layer: LayerOf<'keras'>, inputs: Tensor[]): StockLayer {
  let stock = made.get(layer);
  if (stock === undefined) {
    stock = stockLayer(layer.className, layer.config, inputs.map(({ shape }) => shape.slice(1)));
    made.set(layer, stock);
  }
  return stock;
}
