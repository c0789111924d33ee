/** Layers of several inputs, computed two by two; shapes that are spread over each other otherwise are the stock layer's. */
import type { Builder } from './builder.ts';
import type { Conversion } from './conversion.ts';
import type { KerasNode } from './topology.ts';

export const add: Conversion = (node, build) => {
  const shapes = node.inputs.map((input) => build.shape(input).join());
  if (node.inputs.length < 2 || shapes.some((shape) => shape !== shapes[0])) return null;
  return pairwise(node, node.inputs, build, (name, inputs) => build.add({ kind: 'add', name, inputs }));
};

/** Ours takes one number a channel, [1, 1, channels], as the second. */
export const multiply: Conversion = (node, build) => {
  const isSpread = (input: string): boolean => build.shape(input).slice(0, -1).every((length) => length === 1);
  const inputs = [...node.inputs.filter((input) => !isSpread(input)), ...node.inputs.filter(isSpread)];
  const [first] = inputs.map((input) => build.shape(input));
  const fits = inputs.every((input) => build.shape(input).join() === first.join() || (isSpread(input) && build.shape(input).length === first.length && build.shape(input).at(-1) === first.at(-1)));
  if (inputs.length < 2 || !fits) return null;
  return pairwise(node, inputs, build, (name, pair) => build.add({ kind: 'multiply', name, inputs: pair }));
};

export const concatenate: Conversion = (node, build) => {
  const { axis = -1 } = node.config;
  const last = build.shape(node.inputs[0]).length;
  return axis === -1 || axis === last ? build.add({ kind: 'concatenate', name: node.id, inputs: node.inputs }) : null;
};

/** The last pair has the node's name. */
function pairwise({ id }: KerasNode, inputs: string[], build: Builder, add: (name: string, inputs: [string, string]) => string): string {
  return inputs.slice(1).reduce((first, second, index) => add(index === inputs.length - 2 ? id : build.nameBeside(id, String(index + 1)), [first, second]), inputs[0]);
}
