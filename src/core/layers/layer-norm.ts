/** Layer norm over the last axis (Ba, Kiros, Hinton 2016). */
import { layerNorm as normalised } from '../transformer-kernels.ts';
import { vector, type LayerOf, type LayerType } from './layer-type.ts';

export const layerNorm: LayerType<LayerOf<'layer-norm'>> = {
  outputShape: (_, [input]) => input,
  parameters(layer, input) {
    const channels = input[input.length - 1];
    return [vector(layer, 'weight', channels, 1), vector(layer, 'bias', channels)];
  },
  apply: ({ epsilon }, [x], { weight }) => normalised(x, weight('weight'), weight('bias'), epsilon),
};
