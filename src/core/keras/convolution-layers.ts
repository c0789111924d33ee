/** Conv2D and DepthwiseConv2D with square windows, and the zeros around images. */
import type { Builder } from './builder.ts';
import { withActivation } from './activation-layers.ts';
import { listOf, pairOf, textOf, wholeOf } from './config-values.ts';
import { nameOf, unsupported, type Conversion } from './conversion.ts';
import { samePadding } from './same-padding.ts';
import type { KerasNode } from './topology.ts';

export const conv2d: Conversion = (node, build) => {
  const [, , channels] = build.shape(node.inputs[0]);
  const groups = wholeOf(node.config.groups ?? 1, `${nameOf(node)}: groups`);
  return convolution(node, build, { outputs: wholeOf(node.config.filters, `${nameOf(node)}: filters`), groups, inner: channels / groups, kernelName: 'kernel' });
};

export const depthwiseConv2d: Conversion = (node, build) => {
  const [, , channels] = build.shape(node.inputs[0]);
  const multiplier = wholeOf(node.config.depth_multiplier ?? 1, `${nameOf(node)}: depth_multiplier`);
  return convolution(node, build, { outputs: channels * multiplier, groups: channels, inner: channels, kernelName: 'depthwise_kernel' });
};

/** @param inner third axis of Keras' kernel */
function convolution(node: KerasNode, build: Builder, { outputs, groups, inner, kernelName }: { outputs: number; groups: number; inner: number; kernelName: string }): string | null {
  const { config } = node;
  const what = nameOf(node);
  const [kernel, width] = pairOf(config.kernel_size, `${what}: kernel_size`);
  const [stride, across] = pairOf(config.strides ?? 1, `${what}: strides`);
  if (pairOf(config.dilation_rate ?? 1, `${what}: dilation_rate`).some((rate) => rate !== 1)) {
    throw unsupported(node, build, 'its convolution is dilated, which has no gradient in TensorFlow.js');
  }
  if (kernel !== width || stride !== across) return null;
  const bias = config.use_bias !== false;
  const { input, padding } = padded(node, build, kernel, stride);
  const name = build.add({ kind: 'conv', name: node.id, inputs: [input], outputs, kernel, stride, padding, bias, groups });
  // Keras' depthwise kernel is [height, width, channels, multiplier]; as numbers in a row that is a grouped one's [height, width, 1, outputs].
  const shapes = [[kernel, kernel, inner, kernelName === 'kernel' ? outputs : outputs / groups], [outputs]].slice(0, bias ? 2 : 1);
  const [weight, offset] = build.variables(node, [kernelName, 'bias'].slice(0, shapes.length), shapes);
  build.give(`${name}.weight`, weight.values);
  if (bias) build.give(`${name}.bias`, offset.values);
  return withActivation(build, node, name);
}

/** Keras' 'same' as zeros: as many on each side where that is it, else as a layer before. */
function padded(node: KerasNode, build: Builder, kernel: number, stride: number): { input: string; padding: number } {
  const [input] = node.inputs;
  if (textOf(node.config.padding ?? 'valid', `${nameOf(node)}: padding`) !== 'same') return { input, padding: 0 };
  const [[top, bottom], [left, right]] = build.shape(input).slice(0, 2).map((length) => samePadding(length, kernel, stride));
  if ([bottom, left, right].every((zeros) => zeros === top)) return { input, padding: top };
  return { input: build.add({ kind: 'zero-pad', name: build.nameBeside(node.id, 'pad'), inputs: [input], top, bottom, left, right }), padding: 0 };
}

export const zeroPadding2d: Conversion = (node, build) => {
  const { padding = 1 } = node.config;
  const what = `${nameOf(node)}: padding`;
  const [rows, columns] = Array.isArray(padding) ? listOf(padding, what) : [padding, padding];
  const [[top, bottom], [left, right]] = [pairOf(rows, what), pairOf(columns, what)];
  return build.add({ kind: 'zero-pad', name: node.id, inputs: [node.inputs[0]], top, bottom, left, right });
};
