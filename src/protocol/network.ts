/**
 * A network as data: model.json of a run, from which `core/forward.ts` computes. Images are [height, width, channels];
 * tokens [count, channels]; features [channels].
 */
import * as v from 'valibot';

export const NETWORK_FORMAT = 1;
/** The name by which layers refer to the images. */
export const IMAGES = 'images';

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const padding = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const rate = v.pipe(v.number(), v.minValue(0), v.ltValue(1));
/** A layer's name is the path of its weights in PyTorch: layer1.0.conv1. */
const name = v.pipe(v.string(), v.regex(/^[\w./-]+$/));
const one = v.tuple([name]);
const two = v.tuple([name, name]);
const some = v.pipe(v.array(name), v.minLength(1));
const paddingOrNone = v.optional(padding, 0);

const LayerSchema = v.variant('kind', [
  /** Square kernel; `padding` zeros on each side, as PyTorch pads. `groups` = the input's channels is a depthwise convolution. */
  v.strictObject({ kind: v.literal('conv'), name, inputs: one, outputs: size, kernel: size, stride: size, padding, bias: v.boolean(), groups: v.optional(size, 1) }),
  /** `momentum` is the weight of the new batch in the running statistics, as in PyTorch. */
  v.strictObject({ kind: v.literal('batch-norm'), name, inputs: one, epsilon: v.number(), momentum: v.number() }),
  /** Over the last axis. */
  v.strictObject({ kind: v.literal('layer-norm'), name, inputs: one, epsilon: v.number() }),
  v.strictObject({ kind: v.literal('relu'), name, inputs: one }),
  /** gelu is the exact one, x Phi(x). */
  v.strictObject({ kind: v.literal('activation'), name, inputs: one, function: v.picklist(['relu6', 'gelu', 'silu', 'sigmoid', 'tanh', 'softmax']) }),
  v.strictObject({ kind: v.literal('add'), name, inputs: two }),
  /** The second may be [1, 1, channels]: squeeze and excitation. */
  v.strictObject({ kind: v.literal('multiply'), name, inputs: two }),
  /** Along the last axis. */
  v.strictObject({ kind: v.literal('concatenate'), name, inputs: some }),
  v.strictObject({ kind: v.literal('zero-pad'), name, inputs: one, top: padding, bottom: padding, left: padding, right: padding }),
  /** `padding` on each side never wins. */
  v.strictObject({ kind: v.literal('max-pool'), name, inputs: one, size, stride: size, padding: paddingOrNone }),
  v.strictObject({ kind: v.literal('average-pool'), name, inputs: one, size, stride: size }),
  /** [height, width, channels] or [tokens, channels] -> [channels], or [1, 1, channels] with `keepDims`. */
  v.strictObject({ kind: v.literal('global-average-pool'), name, inputs: one, keepDims: v.optional(v.boolean(), false) }),
  v.strictObject({ kind: v.literal('flatten'), name, inputs: one }),
  /** `rate` is the share of numbers set to 0 while training; the rest grow by 1 / (1 - rate). */
  v.strictObject({ kind: v.literal('dropout'), name, inputs: one, rate }),
  /** The same for whole examples: stochastic depth of a residual branch. */
  v.strictObject({ kind: v.literal('drop-path'), name, inputs: one, rate }),
  /** Over the last axis. */
  v.strictObject({ kind: v.literal('dense'), name, inputs: one, outputs: size, bias: v.boolean() }),
  /** Fixed numbers, one or one a channel: x scale + offset. */
  v.strictObject({ kind: v.literal('rescale'), name, inputs: one, scale: v.array(v.number()), offset: v.array(v.number()) }),
  /** [height, width, channels] -> [height x width, channels]. */
  v.strictObject({ kind: v.literal('tokens'), name, inputs: one }),
  /** Puts the trained token `parameter` [1, 1, channels] before the others. */
  v.strictObject({ kind: v.literal('class-token'), name, inputs: one, parameter: name }),
  /** Adds the trained table `parameter` [1, tokens, channels]. */
  v.strictObject({ kind: v.literal('position'), name, inputs: one, parameter: name }),
  /** [tokens, channels] -> [channels] of the first token. */
  v.strictObject({ kind: v.literal('first-token'), name, inputs: one }),
  /** Self-attention of tokens (Vaswani et al. 2017): weights qkv and proj, as timm names them. */
  v.strictObject({ kind: v.literal('attention'), name, inputs: one, heads: size }),
  /** Self-attention in windows of [height, width, channels], shifted by `shift`, with a table of relative positions (Swin, Liu et al. 2021). */
  v.strictObject({ kind: v.literal('window-attention'), name, inputs: one, heads: size, window: size, shift: padding }),
  /** 2 x 2 neighbours become channels: [h, w, c] -> [h/2, w/2, 4c] (Swin's order). */
  v.strictObject({ kind: v.literal('merge-patches'), name, inputs: one }),
  /** A layer of TensorFlow.js that none of the above is: `className` and `config` as in a Keras topology. Weights [shape] in its own order and names. */
  v.strictObject({
    kind: v.literal('keras'), name, inputs: some, className: v.string(), config: v.record(v.string(), v.unknown()),
    weights: v.array(v.strictObject({ name: v.string(), shape: v.array(size), trained: v.boolean() })),
    outputShape: v.array(size),
  }),
]);
export type Layer = v.InferOutput<typeof LayerSchema>;

const NetworkSchema = v.strictObject({
  name: v.string(),
  /** Features are [1, 1, count]. */
  inputShape: v.tuple([size, size, size]),
  classes: size,
  /** In order of computation; the last one gives the logits. */
  layers: v.pipe(v.array(LayerSchema), v.minLength(1)),
  /** The dense layer that a new task replaces. */
  head: name,
});
export type NetworkSpec = v.InferOutput<typeof NetworkSchema>;

/** model.json */
export const ModelFileSchema = v.strictObject({
  format: v.literal(NETWORK_FORMAT),
  network: NetworkSchema,
  classNames: v.array(v.string()),
  /** Per channel, for pixels scaled to 0..1: (x - mean) / std. */
  normalization: v.strictObject({ mean: v.array(v.number()), std: v.array(v.number()) }),
  /** Weights and statistics as snapshots hold them: PyTorch's names and layouts. */
  parameters: v.array(v.strictObject({ name: v.string(), dtype: v.literal('F32'), shape: v.array(size) })),
});
export type ModelFile = v.InferOutput<typeof ModelFileSchema>;
