/** Which kinds of layers there are: the one table that everything about layers is looked up in. */
import type { Layer } from '../../protocol/network.ts';
import { attention } from './attention.ts';
import { batchNorm } from './batch-norm.ts';
import { conv } from './convolution.ts';
import { dense } from './dense.ts';
import { dropPath, dropout } from './dropout.ts';
import { activation, add, multiply, relu, rescale } from './elementwise.ts';
import { flatten } from './flatten.ts';
import { concatenate, zeroPad } from './joining.ts';
import { keras } from './keras.ts';
import { layerNorm } from './layer-norm.ts';
import type { LayerOf, LayerType } from './layer-type.ts';
import { mergePatches } from './merge-patches.ts';
import { averagePool, globalAveragePool, maxPool } from './pooling.ts';
import { classToken, firstToken, position, tokens } from './tokens.ts';
import { windowAttention } from './window-attention.ts';

const LAYER_TYPES: { [Kind in Layer['kind']]: LayerType<LayerOf<Kind>> } = {
  conv,
  'batch-norm': batchNorm,
  relu,
  activation,
  add,
  multiply,
  concatenate,
  'zero-pad': zeroPad,
  'max-pool': maxPool,
  'average-pool': averagePool,
  'global-average-pool': globalAveragePool,
  flatten,
  dropout,
  'drop-path': dropPath,
  dense,
  rescale,
  'layer-norm': layerNorm,
  tokens,
  'class-token': classToken,
  position,
  'first-token': firstToken,
  attention,
  'window-attention': windowAttention,
  'merge-patches': mergePatches,
  keras,
};

/** How to compute layers of this layer's kind. */
export function layerType(layer: Layer): LayerType<Layer> {
  return LAYER_TYPES[layer.kind] as LayerType<Layer>;
}
