/** The plan: what a user writes in `*.starsse.json`. The JSON schema of the editor is generated from this. */
import * as v from 'valibot';
import { DataSchema } from './plan-data.ts';
import { count, path, rate, seed } from './plan-fields.ts';
import { MethodSchema } from './plan-method.ts';
import { TrainingSchema } from './plan-training.ts';

/** Built-in networks, created by name and number of classes. */
export const NETWORKS = [
  'resnet-8', 'resnet-20', 'resnet-32', 'resnet-18', 'resnet-50', 'mobilenet-v2', 'vit-mini', 'vit-tiny', 'vit-small', 'swin-tiny', 'small-cnn', 'mlp', 'linear',
] as const;

export const ModelSchema = v.strictObject({
  network: v.optional(
    v.nullable(v.pipe(v.picklist(NETWORKS), v.description('A built-in network, created by name and number of classes; null = the one that the checkpoint describes (model.json of TensorFlow.js, .keras).'))),
    null,
  ),
  checkpoint: v.optional(
    v.nullable(v.pipe(path, v.description('Pre-trained weights (.safetensors), or a model (model.json of TensorFlow.js, .keras), relative to the plan; null trains from scratch.'))),
    null,
  ),
  dropout: v.optional(v.pipe(rate, v.description('Dropout before the last layer of a built-in network.')), 0),
  dropPath: v.optional(v.pipe(rate, v.description('Stochastic depth of transformers: rate of the last block, rising from 0 at the first.')), 0),
});

export const EvaluationSchema = v.strictObject({
  batchSize: v.optional(count, 250),
  bootstrapSamples: v.optional(v.pipe(count, v.description('Resamples of the test objects for intervals.')), 2000),
  metric: v.optional(
    v.pipe(v.picklist(['accuracy', 'mean-per-class-accuracy']), v.description('What the best member is chosen by, on validation data, and what intervals are given for.')),
    'accuracy',
  ),
});

export const ComputeSchema = v.strictObject({
  backend: v.optional(
    v.pipe(v.picklist(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu']), v.description('auto = CUDA, WebGPU on a real GPU, native CPU, WASM.')),
    'auto',
  ),
  workers: v.optional(v.pipe(v.nullable(count), v.description('Trainers side by side; null = as many as the machine has room for.')), null),
  threads: v.optional(v.pipe(v.nullable(count), v.description('Threads a trainer; null = an equal share of the cores.')), null),
  membersPerGpu: v.optional(v.pipe(count, v.description('Members that share one NVIDIA card at most, where the memory that the first one takes shows that they fit.')), 1),
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
export type BackendChoice = Plan['compute']['backend'];
