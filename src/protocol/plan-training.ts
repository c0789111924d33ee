/** `training` of a plan: how a member learns. */
import * as v from 'valibot';
import { count, countOrNone, notNegative, positive, rate, share } from './plan-fields.ts';

const learningRate = v.pipe(positive, v.description('Peak learning rate of member 1.'));

const optimizer = v.variant('kind', [
  v.strictObject({
    kind: v.optional(v.literal('sgd'), 'sgd'),
    learningRate,
    momentum: v.optional(rate, 0.9),
    nesterov: v.optional(v.boolean(), false),
    weightDecay: v.optional(v.pipe(notNegative, v.description('Added to the gradient of every weight.')), 0),
  }),
  v.strictObject({
    kind: v.literal('adamw'),
    learningRate,
    beta1: v.optional(rate, 0.9),
    beta2: v.optional(rate, 0.999),
    epsilon: v.optional(positive, 1e-8),
    weightDecay: v.optional(v.pipe(notNegative, v.description('Decoupled; 1-D weights, biases and position tables do not decay.')), 0.01),
  }),
]);

const range = v.tuple([positive, positive]);

const augmentation = v.optional(
  v.strictObject({
    cropPadding: v.optional(v.pipe(countOrNone, v.description('Random crop after padding each side by this many pixels.')), 0),
    resizedCrop: v.optional(
      v.nullable(
        v.pipe(
          v.strictObject({
            scale: v.optional(v.pipe(range, v.description('Share of the area, from and to.')), [0.08, 1]),
            ratio: v.optional(v.pipe(range, v.description('Width / height, from and to.')), [3 / 4, 4 / 3]),
          }),
          v.description('A random part of the image, resized to what the network sees.'),
        ),
      ),
      null,
    ),
    flip: v.optional(v.pipe(v.boolean(), v.description('Mirror half of the images.')), false),
    colorJitter: v.optional(
      v.nullable(
        v.strictObject({
          brightness: v.optional(notNegative, 0),
          contrast: v.optional(notNegative, 0),
          saturation: v.optional(notNegative, 0),
          hue: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(0.5)), 0),
        }),
      ),
      null,
    ),
    randAugment: v.optional(
      v.nullable(
        v.pipe(
          v.strictObject({ operations: v.optional(count, 2), magnitude: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10)), 9) }),
          v.description('So many random operations of one strength (0..10).'),
        ),
      ),
      null,
    ),
    erasing: v.optional(
      v.nullable(v.strictObject({ probability: v.optional(share, 0.25), area: v.optional(v.pipe(range, v.description('Share of the image, from and to.')), [0.02, 1 / 3]) })),
      null,
    ),
    mixup: v.optional(v.pipe(notNegative, v.description('Alpha of the Beta distribution by which pairs of images are blended; 0 = off.')), 0),
    cutmix: v.optional(v.pipe(notNegative, v.description('Alpha of the Beta distribution by which a rectangle of another image is laid in; 0 = off. With mixup each batch takes one of the two.')), 0),
  }),
  {},
);

export const TrainingSchema = v.strictObject({
  epochs: v.pipe(count, v.description('Epochs of member 1 (of every member in Local DE and Global DE).')),
  batchSize: v.optional(v.pipe(count, v.description('Images a step.')), 64),
  accumulate: v.optional(v.pipe(count, v.description('Parts into which a batch is cut to save memory; their gradients are averaged into one step.')), 1),
  optimizer,
  schedule: v.optional(v.pipe(v.picklist(['cosine', 'constant']), v.description('Learning rate over a member or cycle: cosine 0.5(1+cos(pi e/L)), or constant.')), 'cosine'),
  scheduleBy: v.optional(v.pipe(v.picklist(['epoch', 'step']), v.description('When the learning rate changes.')), 'epoch'),
  warmup: v.optional(
    v.nullable(
      v.pipe(
        v.strictObject({ epochs: count, startLearningRate: v.optional(notNegative, 0) }),
        v.description('First a straight line from startLearningRate to the peak, in fine-tuning from a checkpoint (not in cycles).'),
      ),
    ),
    null,
  ),
  layerDecay: v.optional(v.nullable(v.pipe(positive, v.maxValue(1), v.description('Learning rate of a block = this to the power of its distance from the last layer.'))), null),
  clipNorm: v.optional(v.nullable(v.pipe(positive, v.description('Gradients are scaled down to this global norm.'))), null),
  labelSmoothing: v.optional(rate, 0),
  freeze: v.optional(v.pipe(v.array(v.string()), v.description('Layers that do not learn, by the beginning of their names or a pattern with *: conv1, layer1, blocks.*.norm1. Their batch norm keeps its statistics.')), []),
  augmentation,
  guards: v.optional(
    v.strictObject({
      maxLoss: v.optional(v.nullable(v.pipe(positive, v.description('A member fails when the mean loss of an epoch is above this; null = 3 times that of guessing, from the second epoch on.'))), null),
      collapse: v.optional(v.pipe(v.boolean(), v.description('A member fails when it learned and then fell back to guessing.')), true),
    }),
    {},
  ),
});
export type Training = v.InferOutput<typeof TrainingSchema>;
export type Augmentation = Training['augmentation'];
export type Optimizer = Training['optimizer'];
