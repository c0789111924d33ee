/** Which kinds of layers there are: the one table that everything about layers is looked up in. */
import { StarsseError } from '../../protocol/errors.ts';
import type { Layer } from '../../protocol/network.ts';
import { batchNorm } from './batch-norm.ts';
import { conv } from './convolution.ts';
import { dense } from './dense.ts';
import { dropPath, dropout } from './dropout.ts';
import { add, relu } from './elementwise.ts';
import { flatten } from './flatten.ts';
import type { LayerOf, LayerType } from './layer-type.ts';
import { globalAveragePool, maxPool } from './pooling.ts';

const LAYER_TYPES: { [Kind in Layer['kind']]?: LayerType<LayerOf<Kind>> } = {
  conv,
  'batch-norm': batchNorm,
  relu,
  add,
  'max-pool': maxPool,
  'global-average-pool': globalAveragePool,
  flatten,
  dropout,
  'drop-path': dropPath,
  dense,
};

/** How to compute layers of this layer's kind. */
export function layerType(layer: Layer): LayerType<Layer> {
  const type = LAYER_TYPES[layer.kind] as LayerType<Layer> | undefined;
  if (type === undefined) throw new StarsseError('file-invalid', `Layers of the kind ${layer.kind} are unknown`);
  return type;
}
