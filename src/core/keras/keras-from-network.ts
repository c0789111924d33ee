/** A network of ours as a Keras topology with its weights, as TensorFlow.js' layers models hold them. It gives logits. */
import { StarsseError } from '../../protocol/errors.ts';
import { IMAGES, type Layer, type NetworkSpec } from '../../protocol/network.ts';
import { floatsOf, type TensorData } from '../../protocol/tensor.ts';
import { fromDisk } from '../layout.ts';
import { layerShapes, parametersOf } from '../network.ts';
import { kerasFromLayer } from './keras-from-layer.ts';
import type { KerasTensor } from './keras-weights.ts';

export interface KerasModel {
  /** {class_name, config} of a Functional model in Keras 2's form. */
  topology: { class_name: string; config: Record<string, unknown> };
  /** In the order of the layers, by the names under which TensorFlow.js looks for them. */
  weights: (KerasTensor & { name: string })[];
}

/** @throws StarsseError usage, listing every layer that Keras does not have; mismatch is the caller's to check */
export function kerasFromNetwork(network: NetworkSpec, tensors: readonly TensorData[]): KerasModel {
  const shapes = layerShapes(network);
  const converted = network.layers.map((layer) => ({ layer, made: kerasFromLayer(layer, layer.inputs.map((input) => shapes.get(input)!), isNeverNegative(network, layer.inputs[0])) }));
  refuse(network, converted.filter(({ made }) => made === null).map(({ layer }) => layer));
  const memory = tensorsInMemory(network, tensors);
  const names = new Map([[IMAGES, tfjsName(IMAGES)]]);
  const weights: KerasModel['weights'] = [];
  const layers: Record<string, unknown>[] = [
    { class_name: 'InputLayer', name: tfjsName(IMAGES), config: { batch_input_shape: [null, ...network.inputShape], dtype: 'float32', sparse: false, name: tfjsName(IMAGES) }, inbound_nodes: [] },
  ];
  for (const { layer, made } of converted) {
    let inputs = layer.inputs.map((input) => names.get(input)!);
    for (const [index, { className, config, weights: own = [] }] of made!.entries()) {
      const name = tfjsName(index === made!.length - 1 ? layer.name : `${layer.name}/${index + 1}`);
      layers.push({ class_name: className, name, config: { name, trainable: true, dtype: 'float32', ...config }, inbound_nodes: [inputs.map((input) => [input, 0, 0, {}])] });
      for (const { name: weight, tensor } of own) weights.push({ name: `${name}/${weight}`, ...(typeof tensor === 'string' ? memory.get(tensor)! : tensor) });
      inputs = [name];
    }
    names.set(layer.name, inputs[0]);
  }
  const output = names.get(network.layers.at(-1)!.name);
  const config = { name: network.name, layers, input_layers: [[tfjsName(IMAGES), 0, 0]], output_layers: [[output, 0, 0]] };
  return { topology: { class_name: 'Functional', config }, weights };
}

function tensorsInMemory(network: NetworkSpec, tensors: readonly TensorData[]): Map<string, KerasTensor> {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return new Map(parametersOf(network).map((parameter) => [parameter.name, { shape: parameter.shape, values: fromDisk(parameter, floatsOf(byName.get(parameter.name)!)) }]));
}

/** TensorFlow.js wants a letter or a digit first. */
function tfjsName(name: string): string {
  return /^[A-Za-z0-9]/.test(name) ? name : `layer${name}`;
}

/** Is what the layer gives at least 0 by its kind? */
function isNeverNegative(network: NetworkSpec, name: string): boolean {
  const layer = network.layers.find((candidate) => candidate.name === name);
  if (layer === undefined) return false;
  if (layer.kind === 'relu') return true;
  if (layer.kind === 'activation') return ['relu6', 'sigmoid', 'softmax'].includes(layer.function);
  return (layer.kind === 'max-pool' || layer.kind === 'zero-pad' || layer.kind === 'dropout') && isNeverNegative(network, layer.inputs[0]);
}

function refuse(network: NetworkSpec, layers: Layer[]): void {
  if (layers.length === 0) return;
  const kinds = [...new Set(layers.map(({ kind }) => kind))].map((kind) => {
    const names = layers.filter((layer) => layer.kind === kind).map(({ name }) => name);
    return `${kind} (${names.slice(0, 3).join(', ')}${names.length > 3 ? `, and ${names.length - 3} more` : ''})`;
  });
  throw new StarsseError('usage', `The network ${network.name} has layers that a TensorFlow.js layers model cannot have: ${kinds.join('; ')}`, { hint: 'Export it as safetensors.' });
}
