/** BatchNormalization, LayerNormalization, and the two layers that scale pixels. */
import type { Builder } from './builder.ts';
import { finiteOf, finitesOf } from './config-values.ts';
import { nameOf, unsupported, type Conversion } from './conversion.ts';
import type { KerasNode } from './topology.ts';

/**
 * Keras' momentum is the share of the old statistics, ours that of the batch. Where Keras trains no scale or offset, ours starts
 * as 1 or 0 and is trained.
 */
export const batchNormalization: Conversion = (node, build) => {
  const [input] = node.inputs;
  if (!isLastAxis(node, build)) throw unsupported(node, build, `it normalises axis ${JSON.stringify(node.config.axis)}, and only the last one is supported`);
  if (node.config.renorm === true) throw unsupported(node, build, 'batch renormalisation is not supported');
  const momentum = 1 - finiteOf(node.config.momentum ?? 0.99, `${nameOf(node)}: momentum`);
  const epsilon = finiteOf(node.config.epsilon ?? 0.001, `${nameOf(node)}: epsilon`);
  const name = build.add({ kind: 'batch-norm', name: node.id, inputs: [input], epsilon, momentum });
  give(build, node, name, [
    ['weight', 'gamma', node.config.scale !== false, 1],
    ['bias', 'beta', node.config.center !== false, 0],
    ['running_mean', 'moving_mean', true, 0],
    ['running_var', 'moving_variance', true, 1],
  ]);
  return name;
};

export const layerNormalization: Conversion = (node, build) => {
  if (!isLastAxis(node, build) || node.config.rms_scaling === true) return null;
  const epsilon = finiteOf(node.config.epsilon ?? 0.001, `${nameOf(node)}: epsilon`);
  const name = build.add({ kind: 'layer-norm', name: node.id, inputs: [node.inputs[0]], epsilon });
  give(build, node, name, [['weight', 'gamma', node.config.scale !== false, 1], ['bias', 'beta', node.config.center !== false, 0]]);
  return name;
};

export const rescaling: Conversion = (node, build) => {
  const { scale = 1, offset = 0 } = node.config;
  return build.add({ kind: 'rescale', name: node.id, inputs: [node.inputs[0]], scale: finitesOf(scale, `${nameOf(node)}: scale`), offset: finitesOf(offset, `${nameOf(node)}: offset`) });
};

/** (x - mean) / max(sqrt(variance), 1e-7), with the numbers of the configuration or of the file. */
export const normalization: Conversion = (node, build) => {
  const { mean, variance, invert, axis } = node.config;
  const channels = build.shape(node.inputs[0]).at(-1)!;
  const perChannel = axis === undefined || isLastAxis(node, build);
  if (invert === true || !(perChannel || axis === null)) throw unsupported(node, build, 'only a normalisation of channels is supported');
  const given = mean !== null && mean !== undefined;
  const length = given ? finitesOf(mean, `${nameOf(node)}: mean`).length : perChannel ? channels : 1;
  const [means, variances] = given
    ? [finitesOf(mean, `${nameOf(node)}: mean`), finitesOf(variance, `${nameOf(node)}: variance`)]
    : build.variables(node, ['mean', 'variance'], perChannel ? [[length], [length]] : [[], []]).map(({ values }) => [...values]);
  if (![1, channels].includes(means.length) || means.length !== variances.length) throw unsupported(node, build, `${means.length} means for ${channels} channels`);
  const scale = variances.map((value) => 1 / Math.max(Math.sqrt(value), 1e-7));
  return build.add({ kind: 'rescale', name: node.id, inputs: [node.inputs[0]], scale, offset: means.map((value, index) => -value * scale[index]) });
};

/** [ours, Keras', is it in the file, else] */
function give(build: Builder, node: KerasNode, name: string, tensors: [string, string, boolean, number][]): void {
  const channels = build.shape(name).at(-1)!;
  const stored = tensors.filter(([, , isStored]) => isStored);
  const found = build.variables(node, stored.map(([, theirs]) => theirs), stored.map(() => [channels]));
  for (const [ours, , isStored, otherwise] of tensors) {
    build.give(`${name}.${ours}`, isStored ? found[stored.findIndex(([stored]) => stored === ours)].values : new Float32Array(channels).fill(otherwise));
  }
}

/** Keras writes 3, -1, [3] or [-1] for the last axis of images. */
function isLastAxis({ config, inputs }: KerasNode, build: Builder): boolean {
  const { axis = -1 } = config;
  const last = build.shape(inputs[0]).length;
  const axes: unknown[] = Array.isArray(axis) ? axis : [axis];
  return axes.length === 1 && (axes[0] === -1 || axes[0] === last);
}
