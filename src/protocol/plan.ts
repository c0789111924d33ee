/** The plan: what a user writes in `*.starsse.json`. The JSON schema of the editor is generated from this. */
import * as v from 'valibot';

// JSON's 1e999 is read as Infinity, which JSON cannot write back.
const largest = v.maxValue<number, number>(Number.MAX_VALUE);
const finite = v.pipe(v.number(), v.minValue(-Number.MAX_VALUE), largest);
const positive = v.pipe(v.number(), v.gtValue(0), largest);
const notNegative = v.pipe(v.number(), v.minValue(0), largest);
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const seed = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1));
const path = v.pipe(v.string(), v.minLength(1));

const imageFiles = v.strictObject({
  images: v.pipe(path, v.description('IDX file of images, relative to the plan (train-images-idx3-ubyte).')),
  labels: v.pipe(path, v.description('IDX file of labels, relative to the plan (train-labels-idx1-ubyte).')),
});

export const DataSchema = v.strictObject({
  kind: v.pipe(v.literal('idx'), v.description('IDX files, as MNIST and Fashion-MNIST are published.')),
  train: v.pipe(imageFiles, v.description('Files from which training and validation images are drawn.')),
  test: v.pipe(imageFiles, v.description('Held-out files. Used for the final table only, never to select.')),
  split: v.pipe(
    v.strictObject({
      train: v.pipe(count, v.description('Labelled images to train on.')),
      validation: v.pipe(count, v.description('Images to select on. No image is in both.')),
      seed: v.optional(v.pipe(seed, v.description('Seed of the stratified split.')), 0),
    }),
    v.description('A stratified, seeded split of the training files.'),
  ),
  classes: v.pipe(v.array(v.string()), v.minLength(2), v.description('Class names, in the order of the labels.')),
  normalization: v.optional(
    v.pipe(
      v.strictObject({ mean: v.array(finite), std: v.array(positive) }),
      v.description('Per channel, for pixels scaled to 0..1: (x - mean) / std.'),
    ),
    { mean: [0], std: [1] },
  ),
});

export const ModelSchema = v.strictObject({
  network: v.pipe(v.picklist(['resnet-8', 'small-cnn', 'mlp', 'linear']), v.description('A built-in network, created by name and number of classes.')),
  checkpoint: v.optional(
    v.nullable(v.pipe(path, v.description('Pre-trained weights (.safetensors), relative to the plan; null trains from scratch.'))),
    null,
  ),
});

const cycle = v.optional(
  v.pipe(
    v.strictObject({
      lrRatio: v.optional(v.pipe(notNegative, v.description('Cycle learning rate = lrRatio x learning rate.')), 1),
      epochRatio: v.optional(v.pipe(positive, v.description('Cycle length = floor(epochRatio x epochs).')), 1),
      warmupEpochs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.description('Warm-up epochs inside each cycle.')), 0),
      resetOptimizer: v.optional(v.pipe(v.boolean(), v.description('Start each cycle with fresh momentum.')), true),
    }),
    v.description('The learning-rate cycle of members 2..K.'),
  ),
  {},
);

const members = v.optional(v.pipe(count, v.maxValue(100), v.description('Number of members, K.')), 5);

export const MethodSchema = v.pipe(
  v.variant('kind', [
    v.strictObject({
      kind: v.pipe(v.literal('starsse'), v.description('Every later member starts from member 1 with one cycle.')),
      members,
      cycle,
    }),
    v.strictObject({
      kind: v.pipe(v.literal('local-de'), v.description('Independent fine-tunings of one checkpoint.')),
      members,
      head: v.optional(v.pipe(v.picklist(['new', 'shared']), v.description('A new head for each member, or the head of member 1 for all.')), 'new'),
    }),
  ]),
  v.description('How the members are made.'),
);

export const TrainingSchema = v.strictObject({
  epochs: v.pipe(count, v.description('Epochs of member 1 (of every member in Local DE).')),
  batchSize: v.optional(v.pipe(count, v.description('Images a step.')), 64),
  optimizer: v.strictObject({
    kind: v.optional(v.literal('sgd'), 'sgd'),
    learningRate: v.pipe(positive, v.description('Peak learning rate of member 1.')),
    momentum: v.optional(v.pipe(v.number(), v.minValue(0), v.ltValue(1)), 0.9),
    weightDecay: v.optional(notNegative, 0),
  }),
  schedule: v.optional(
    v.pipe(v.picklist(['cosine', 'constant']), v.description('Learning rate by epoch: cosine 0.5(1+cos(pi e/L)), or constant.')),
    'cosine',
  ),
  augmentation: v.optional(
    v.strictObject({
      cropPadding: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.description('Random crop after padding each side by this many pixels.')), 0),
      flip: v.optional(v.pipe(v.boolean(), v.description('Mirror half of the images.')), false),
    }),
    {},
  ),
});

export const EvaluationSchema = v.strictObject({
  batchSize: v.optional(count, 250),
  bootstrapSamples: v.optional(v.pipe(count, v.description('Resamples of the test objects for intervals.')), 2000),
});

export const ComputeSchema = v.strictObject({
  backend: v.optional(
    v.pipe(v.picklist(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu']), v.description('auto = CUDA, WebGPU on a real GPU, native CPU, WASM.')),
    'auto',
  ),
  workers: v.optional(v.pipe(v.nullable(count), v.description('Trainers side by side; null = as many as the machine has room for.')), null),
  threads: v.optional(v.pipe(v.nullable(count), v.description('Threads a trainer; null = an equal share of the cores.')), null),
});

export const PlanSchema = v.strictObject({
  $schema: v.optional(v.string()),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(100), v.description('Shown in lists.')),
  model: ModelSchema,
  data: DataSchema,
  method: MethodSchema,
  training: TrainingSchema,
  seed: v.optional(v.pipe(seed, v.description('All randomness is a function of (seed, member, epoch, index).')), 0),
  memberSeeds: v.optional(v.nullable(v.pipe(v.array(seed), v.description('One seed a member; null = seed, seed+1, ... To repeat an experiment, choose seeds at least K apart.'))), null),
  evaluation: v.optional(EvaluationSchema, {}),
  compute: v.optional(ComputeSchema, {}),
});

/** A plan as the user may write it. */
export type PlanInput = v.InferInput<typeof PlanSchema>;
/** A plan with every default filled in. */
export type Plan = v.InferOutput<typeof PlanSchema>;
export type Method = Plan['method'];
export type BackendChoice = Plan['compute']['backend'];
