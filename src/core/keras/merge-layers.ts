/** Layers of several inputs. */
import type { Conversion } from './conversion.ts';

/** Two by two, from the first on. */
export const add: Conversion = (node, build) => chain(node.inputs, node.id, (name, inputs) => build.add({ kind: 'add', name, inputs }), (part) => build.nameBeside(node.id, part));

export const multiply: Conversion = (node, build) =>
  chain(node.inputs, node.id, (name, [first, second]) => {
    // Ours takes the one that is spread over the other as the second.
    const inputs: [string, string] = size(build.shape(first)) < size(build.shape(second)) ? [second, first] : [first, second];
    return build.add({ kind: 'multiply', name, inputs });
  }, (part) => build.nameBeside(node.id, part));

export const concatenate: Conversion = (node, build) => {
  const { axis = -1 } = node.config;
  const last = build.shape(node.inputs[0]).length;
  return axis === -1 || axis === last ? build.add({ kind: 'concatenate', name: node.id, inputs: node.inputs }) : null;
};

function chain(inputs: string[], name: string, pair: (name: string, inputs: [string, string]) => string, nameOfPart: (part: string) => string): string {
  return inputs.slice(1).reduce((first, second, index) => pair(index === inputs.length - 2 ? name : nameOfPart(String(index + 1)), [first, second]), inputs[0]);
}

function size(shape: number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
