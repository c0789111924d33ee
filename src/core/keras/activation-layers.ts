/** ReLU, Activation, Softmax, and the activation that a layer has inside. */
import type { Layer } from '../../protocol/network.ts';
import type { Builder } from './builder.ts';
import { activationOf, type Conversion } from './conversion.ts';
import { genericLayer } from './generic-layer.ts';
import type { KerasNode } from './topology.ts';

type Known = Extract<Layer, { kind: 'activation' }>['function'];
/** Keras' names of functions that have a kind here. Its gelu is the exact one. */
const FUNCTIONS: Record<string, Known> = { relu6: 'relu6', gelu: 'gelu', silu: 'silu', swish: 'silu', sigmoid: 'sigmoid', tanh: 'tanh', softmax: 'softmax' };

/** Adds the function after `input`, as a layer called `name`. @returns the name of the result */
export function addActivation(build: Builder, node: KerasNode, input: string, name: string, activation: string): string {
  if (activation === 'linear') return input;
  if (activation === 'relu') return build.add({ kind: 'relu', name, inputs: [input] });
  const known = FUNCTIONS[activation];
  if (known !== undefined) return build.add({ kind: 'activation', name, inputs: [input], function: known });
  return genericLayer({ ...node, className: 'Activation', config: { activation } }, build, [input], name);
}

/** The result of a layer that has an activation inside: `input` itself where it is linear. */
export function withActivation(build: Builder, node: KerasNode, input: string): string {
  const activation = activationOf(node);
  return activation === 'linear' ? input : addActivation(build, node, input, build.nameBeside(input, activation), activation);
}

export const activation: Conversion = (node, build) => addActivation(build, node, node.inputs[0], node.id, activationOf(node));

export const relu: Conversion = (node, build) => {
  const { max_value: most = null, negative_slope: slope = 0, threshold = 0 } = node.config;
  if ((slope !== 0 && slope !== null) || (threshold !== 0 && threshold !== null)) return null;
  if (most !== null && most !== 6) return null;
  return addActivation(build, node, node.inputs[0], node.id, most === 6 ? 'relu6' : 'relu');
};

export const softmax: Conversion = (node, build) => {
  const { axis = -1 } = node.config;
  const last = build.shape(node.inputs[0]).length;
  return axis === -1 || axis === last ? addActivation(build, node, node.inputs[0], node.id, 'softmax') : null;
};
