/** A network as data: model.json of a run, from which `core/forward.ts` computes. Images are [height, width, channels]. */
import * as v from 'valibot';

export const NETWORK_FORMAT = 1;
/** The name by which layers refer to the images. */
export const IMAGES = 'images';

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const padding = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** A layer's name is the path of its weights in PyTorch: layer1.0.conv1. */
const name = v.pipe(v.string(), v.regex(/^[\w.-]+$/));
const one = v.tuple([name]);
const two = v.tuple([name, name]);

const LayerSchema = v.variant('kind', [
  /** Square kernel; `padding` zeros on each side, as PyTorch pads. */
  v.strictObject({ kind: v.literal('conv'), name, inputs: one, outputs: size, kernel: size, stride: size, padding, bias: v.boolean() }),
  /** `momentum` is the weight of the new batch in the running statistics, as in PyTorch. */
  v.strictObject({ kind: v.literal('batch-norm'), name, inputs: one, epsilon: v.number(), momentum: v.number() }),
  v.strictObject({ kind: v.literal('relu'), name, inputs: one }),
  v.strictObject({ kind: v.literal('add'), name, inputs: two }),
  v.strictObject({ kind: v.literal('max-pool'), name, inputs: one, size, stride: size }),
  v.strictObject({ kind: v.literal('global-average-pool'), name, inputs: one }),
  v.strictObject({ kind: v.literal('flatten'), name, inputs: one }),
  /** `rate` is the share of numbers set to 0 while training; the rest grow by 1 / (1 - rate). */
  v.strictObject({ kind: v.literal('dropout'), name, inputs: one, rate: v.pipe(v.number(), v.minValue(0), v.ltValue(1)) }),
  v.strictObject({ kind: v.literal('dense'), name, inputs: one, outputs: size, bias: v.boolean() }),
]);
export type Layer = v.InferOutput<typeof LayerSchema>;

const NetworkSchema = v.strictObject({
  name: v.string(),
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
