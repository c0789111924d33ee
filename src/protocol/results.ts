/** The result table: analyses/table.json and what `starsse ensemble|soup --json` print. */
import * as v from 'valibot';

/** What a plan may choose by. */
export const METRICS = ['accuracy', 'mean-per-class-accuracy'] as const;
export type Metric = (typeof METRICS)[number];

export const intervalSchema = v.object({ estimate: v.number(), low: v.number(), high: v.number() });

export const ResultRowSchema = v.object({
  /** member-3, mean-member, soup-uniform-1, ensemble-1 */
  name: v.string(),
  kind: v.picklist(['member', 'mean-member', 'soup', 'ensemble']),
  /** Member names it is made of; of a member, itself. */
  members: v.array(v.string()),
  accuracy: v.number(), // 0..1, on test; as all figures without a set in their names, on validation where there is no test set
  meanPerClassAccuracy: v.optional(v.number()), // over the classes present; tables of before have none
  nll: v.number(), // nats
  calibratedNll: v.number(), // after temperature scaling on the other half (Ashukha et al. 2020)
  brier: v.optional(v.number()), // 0..2; tables of before have none
  ece: v.number(), // 15 equal-width bins
  validationAccuracy: v.number(),
  validationMeanPerClassAccuracy: v.optional(v.number()),
  /** The plan's metric (accuracy, in tables of before) minus the best member's, paired 95 % bootstrap over test objects; null for the best member and the mean. */
  differenceToBest: v.nullable(intervalSchema),
  /** Forward passes an image: 1 for a network, K for an ensemble. */
  forwardPasses: v.number(),
  /** Multiply-accumulates an image. */
  macs: v.number(),
  /** Of an ensemble: the mean of the logits; of probabilities when it does not say. */
  mean: v.optional(v.literal('logit')),
  /** Of an ensemble: one a member, any scale; all alike when it does not say. */
  weights: v.optional(v.array(v.number())),
});
export type ResultRow = v.InferOutput<typeof ResultRowSchema>;

export const ResultTableSchema = v.object({
  rows: v.array(ResultRowSchema),
  /** By which the best member is chosen and of which the differences are. */
  metric: v.optional(v.picklist(METRICS), 'accuracy'),
  /** Chosen by the metric on validation data (ties: lower validation NLL), never on test data. */
  bestMember: v.string(),
  /** 0 where there is no test set: the figures are then of the validation images, on which the best member was chosen. */
  testImages: v.number(),
  validationImages: v.number(),
  bootstrapSamples: v.number(),
  /** Members that the run's own soup was made without, and why; missing where all went in. */
  leftOut: v.optional(v.array(v.object({ name: v.string(), reason: v.string() }))),
  createdAt: v.string(),
});
export type ResultTable = v.InferOutput<typeof ResultTableSchema>;

/** A share whose denominator may be empty. */
const shareOrNone = v.nullable(v.number());

export const ClassRowSchema = v.object({
  /** The class's name. */
  name: v.string(),
  /** Images of the class. */
  count: v.number(),
  /** Images of the class that were predicted as such / images of the class: its accuracy. null for a class without images. */
  recall: shareOrNone,
  /** The same / images predicted as the class. null for a class that was never predicted. */
  precision: shareOrNone,
  /** 2 right / (count + predicted); null for a class that neither occurs nor is predicted. */
  f1: shareOrNone,
});
export type ClassRow = v.InferOutput<typeof ClassRowSchema>;

/** Of one row of the result table, other than the mean member. */
export const ClassTableSchema = v.object({
  name: v.string(),
  classes: v.array(ClassRowSchema),
  /** [class, predicted class, images], by number from 0; pairs that occur. */
  confusion: v.array(v.tuple([v.number(), v.number(), v.number()])),
});
export type ClassTable = v.InferOutput<typeof ClassTableSchema>;

/** analyses/classes.json, written with the result table. */
export const ClassTablesSchema = v.object({ images: v.number(), measuredOn: v.picklist(['test', 'validation']), tables: v.array(ClassTableSchema) });
export type ClassTables = v.InferOutput<typeof ClassTablesSchema>;

/** What one tensor of a snapshot looks like to `starsse inspect`. */
export interface TensorSummary {
  name: string;
  dtype: string;
  shape: number[];
  sizeBytes: number;
}
export interface SnapshotSummary {
  path: string;
  metadata: Record<string, string>;
  tensors: TensorSummary[];
  parameters: number;
}
