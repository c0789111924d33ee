/** Dense, Flatten, Reshape, Dropout. */
import { withActivation } from './activation-layers.ts';
import { finiteOf, listOf, wholeOf } from './config-values.ts';
import { nameOf, unsupported, type Conversion } from './conversion.ts';

export const dense: Conversion = (node, build) => {
  const [input] = node.inputs;
  const outputs = wholeOf(node.config.units, `${nameOf(node)}: units`);
  const bias = node.config.use_bias !== false;
  const name = build.add({ kind: 'dense', name: node.id, inputs: [input], outputs, bias });
  const shapes = [[build.shape(input).at(-1)!, outputs], [outputs]].slice(0, bias ? 2 : 1);
  const [weight, offset] = build.variables(node, ['kernel', 'bias'].slice(0, shapes.length), shapes);
  build.give(`${name}.weight`, weight.values);
  if (bias) build.give(`${name}.bias`, offset.values);
  return withActivation(build, node, name);
};

export const flatten: Conversion = (node, build) => {
  const [input] = node.inputs;
  return build.shape(input).length === 1 ? input : build.add({ kind: 'flatten', name: node.id, inputs: [input] });
};

/** To a single axis, as Flatten does; else the stock layer's. */
export const reshape: Conversion = (node, build) => {
  const shape = listOf(node.config.target_shape, `${nameOf(node)}: target_shape`);
  return shape.length === 1 ? flatten(node, build) : null;
};

export const dropout: Conversion = (node, build) => {
  const { noise_shape: noiseShape = null, rate } = node.config;
  const [input] = node.inputs;
  const share = finiteOf(rate, `${nameOf(node)}: rate`);
  if (share === 0) return input;
  if (share < 0 || share >= 1) throw unsupported(node, build, `the rate ${share} is not within 0 and 1`);
  if (noiseShape === null) return build.add({ kind: 'dropout', name: node.id, inputs: [input], rate: share });
  const [, ...rest] = listOf(noiseShape, `${nameOf(node)}: noise_shape`);
  if (rest.length === build.shape(input).length && rest.every((length) => length === 1)) return build.add({ kind: 'drop-path', name: node.id, inputs: [input], rate: share });
  throw unsupported(node, build, `noise_shape ${JSON.stringify(noiseShape)} is not supported; null and [null, 1, 1, 1] are`);
};

export const identity: Conversion = (node) => node.inputs[0];
