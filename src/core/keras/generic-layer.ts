/** Layers that only TensorFlow.js' own layers compute. */
import type { Builder } from './builder.ts';
import { activationOf, unsupported } from './conversion.ts';
import { plainConfig } from './stock-config.ts';
import { stockLayer, type StockLayer } from './stock-layer.ts';
import type { KerasNode } from './topology.ts';

/** Adds the layer as it is. @throws StarsseError file-invalid where TensorFlow.js computes it otherwise than Keras, or not at all */
export function genericLayer(node: KerasNode, build: Builder, inputs = node.inputs, name = node.id): string {
  const problem = difference(node);
  if (problem !== null) throw unsupported(node, build, problem);
  const config = plainConfig(node.className, node.className === 'LeakyReLU' ? leakyRelu(node.config) : node.config);
  let stock: StockLayer;
  try {
    stock = stockLayer(node.className, config, inputs.map((input) => build.shape(input)));
  } catch (error) {
    throw unsupported(node, build, (error as Error).message);
  }
  const { weights, outputShape } = stock;
  const values = weights.length === 0 ? [] : build.variables(node, weights.map(({ kerasName }) => kerasName), weights.map(({ shape }) => shape));
  build.add({
    kind: 'keras', name, inputs, className: node.className, config,
    weights: weights.map(({ name, shape, trained }) => ({ name, shape, trained })),
    outputShape,
  });
  for (const [index, weight] of weights.entries()) build.give(`${name}.${weight.name}`, values[index].values);
  return name;
}

/** Keras 3 calls it negative_slope. */
function leakyRelu(config: KerasNode['config']): KerasNode['config'] {
  const { negative_slope: slope, alpha = slope, ...rest } = config;
  return { ...rest, alpha };
}

/** Where the layer of TensorFlow.js is another function than Keras'; null where it is the same. */
function difference(node: KerasNode): string | null {
  const { className, config, module } = node;
  if (config.data_format === 'channels_first') return 'its channels are first, which is not supported';
  if (config.stateful === true) return 'it keeps a state between batches';
  if (config.return_state === true) return 'it gives its state beside its output';
  if (Number(config.dropout ?? 0) > 0 || Number(config.recurrent_dropout ?? 0) > 0) return 'it draws random numbers of its own (dropout inside)';
  if (className === 'ReLU') return 'a negative slope, a threshold or a largest value other than 6 is not supported';
  if (className === 'LayerNormalization' && config.rms_scaling === true) return 'rms_scaling is not supported';
  if (config.output_padding !== null && config.output_padding !== undefined) return 'output_padding is not supported';
  if (config.padding === 'causal') return 'padding "causal" is not supported';
  if (className === 'UpSampling2D' && (config.interpolation ?? 'nearest') !== 'nearest') return 'only interpolation "nearest" is the same in TensorFlow.js';
  const keras3 = module !== null;
  const functions = [activationOf(node), config.recurrent_activation];
  if (keras3 && functions.includes('hard_sigmoid')) return 'hard_sigmoid is another function in TensorFlow.js';
  return null;
}
