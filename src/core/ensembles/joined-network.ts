/** Several networks as one: the same images go into all, and their outputs are averaged. */
import { StarsseError } from '../../protocol/errors.ts';
import { IMAGES, type Layer, type NetworkSpec } from '../../protocol/network.ts';
import type { TensorData } from '../../protocol/tensor.ts';
import type { EnsembleRule } from '../ensemble.ts';

export interface Part {
  /** Before the names of its layers and tensors; unique. */
  name: string;
  network: NetworkSpec;
  tensors: readonly TensorData[];
  /** Share of the mean. */
  weight: number;
}

export interface Joined {
  network: NetworkSpec;
  tensors: TensorData[];
}

/**
 * It gives sum_k weight_k softmax(logits_k), or sum_k weight_k logits_k. Layers of member-1 are called member-1/conv1 and so on.
 * @throws StarsseError usage for no network, mismatch when they see images of different sizes or know other numbers of classes
 */
export function joinedNetwork(parts: readonly Part[], rule: EnsembleRule, name: string): Joined {
  if (parts.length === 0) throw new StarsseError('usage', 'An ensemble of no members', { hint: 'Choose at least one.' });
  const [{ network: first }] = parts;
  const layers: Layer[] = [];
  let sum: string | null = null;
  for (const part of parts) {
    const { network, weight } = part;
    if (network.inputShape.join() !== first.inputShape.join() || network.classes !== first.classes) {
      throw new StarsseError('mismatch', `${part.name} sees images of ${network.inputShape.join(' x ')} and knows ${network.classes} classes, ${parts[0].name} ${first.inputShape.join(' x ')} and ${first.classes}`);
    }
    const prefixed = (layer: string): string => (layer === IMAGES ? layer : `${part.name}/${layer}`);
    for (const layer of network.layers) layers.push(withNames(layer, prefixed));
    let output = prefixed(network.layers.at(-1)!.name);
    const then = (layer: Layer): void => {
      layers.push(layer);
      output = layer.name;
    };
    if (rule === 'probability-mean') then({ kind: 'activation', name: `${part.name}/probabilities`, inputs: [output], function: 'softmax' });
    then({ kind: 'rescale', name: `${part.name}/share`, inputs: [output], scale: [weight], offset: [0] });
    if (sum !== null) then({ kind: 'add', name: `sum/${part.name}`, inputs: [sum, output] });
    sum = output;
  }
  const tensors = parts.flatMap((part) => part.tensors.map((tensor) => ({ ...tensor, name: `${part.name}/${tensor.name}` })));
  return { network: { name, inputShape: first.inputShape, classes: first.classes, layers, head: `${parts[0].name}/${first.head}` }, tensors };
}

function withNames(layer: Layer, prefixed: (name: string) => string): Layer {
  const renamed = { ...layer, name: prefixed(layer.name), inputs: layer.inputs.map(prefixed) } as Layer;
  return 'parameter' in renamed ? { ...renamed, parameter: prefixed(renamed.parameter) } : renamed;
}
