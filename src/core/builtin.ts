/** The built-in networks, by name, image shape and number of classes. */
import { StarsseError } from '../protocol/errors.ts';
import type { Layer, NetworkSpec } from '../protocol/network.ts';
import type { Plan } from '../protocol/plan.ts';
import { mobilenetV2 } from './builtin/mobilenet-v2.ts';
import type { Builder } from './builtin/parts.ts';
import { cifarResnet, resnet18, resnet50 } from './builtin/resnet.ts';
import { linear, mlp, smallCnn } from './builtin/small.ts';
import { swinTiny } from './builtin/swin.ts';
import { vitMini, vitSmall, vitTiny } from './builtin/vit.ts';
import { layerShapes } from './network.ts';

export type BuiltinName = NonNullable<Plan['model']['network']>;

export interface BuiltinOptions {
  /** Dropout before the last layer. */
  dropout?: number;
  /** Stochastic depth of transformers: rate of the last block. */
  dropPath?: number;
}

/** Each builder's last layer is the head. */
const BUILDERS: Record<BuiltinName, Builder> = {
  'resnet-8': cifarResnet(1),
  'resnet-20': cifarResnet(3),
  'resnet-32': cifarResnet(5),
  'resnet-18': resnet18,
  'resnet-50': resnet50,
  'mobilenet-v2': mobilenetV2,
  'vit-mini': vitMini,
  'vit-tiny': vitTiny,
  'vit-small': vitSmall,
  'swin-tiny': swinTiny,
  'small-cnn': smallCnn,
  mlp,
  linear,
};

/**
 * @param inputShape [height, width, channels]
 * @throws StarsseError data-invalid when the images do not fit the network; plan-invalid for stochastic depth where there is none
 */
export function builtinNetwork(name: BuiltinName, inputShape: [number, number, number], classes: number, { dropout = 0, dropPath = 0 }: BuiltinOptions = {}): NetworkSpec {
  const layers = withDropout(BUILDERS[name](classes, inputShape, dropPath), dropout);
  if (dropPath > 0 && !layers.some(({ kind }) => kind === 'drop-path')) {
    throw new StarsseError('plan-invalid', `model.dropPath is ${dropPath}, and the network ${name} has no stochastic depth`, { hint: 'Set model.dropPath to 0, or choose a transformer.' });
  }
  const network: NetworkSpec = { name, inputShape, classes, layers, head: layers[layers.length - 1].name };
  try {
    layerShapes(network);
  } catch (cause) {
    throw new StarsseError('data-invalid', `Images of ${inputShape.join(' x ')} do not fit the network ${name}: ${(cause as Error).message}`, { cause });
  }
  return network;
}

function withDropout(layers: Layer[], rate: number): Layer[] {
  if (rate === 0) return layers;
  const head = layers[layers.length - 1];
  const dropout: Layer = { kind: 'dropout', name: 'dropout', inputs: [head.inputs[0]], rate };
  return [...layers.slice(0, -1), dropout, { ...head, inputs: [dropout.name] } as Layer];
}
