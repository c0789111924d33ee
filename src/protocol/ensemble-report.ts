/** analyses/ensembles/<name>.json: an ensemble of stored predictions, what it is made of and what it is worth. */
import * as v from 'valibot';
import { ComparisonSchema, MeasuresSchema } from './measures.ts';
import { METRICS } from './results.ts';

export const ENSEMBLE_MEANS = ['probability', 'logit'] as const;
export type EnsembleMean = (typeof ENSEMBLE_MEANS)[number];
export const ENSEMBLE_SELECTIONS = ['greedy', 'best'] as const;
export type EnsembleSelection = (typeof ENSEMBLE_SELECTIONS)[number];

export const EnsembleMemberSchema = v.object({
  /** Id of its run. */
  run: v.string(),
  /** Absolute; null for the run of the report itself. */
  folder: v.nullable(v.string()),
  name: v.string(),
  /** Share of the mean; they sum to 1. */
  weight: v.number(),
});
export type EnsembleMember = v.InferOutput<typeof EnsembleMemberSchema>;

const square = v.array(v.array(v.number()));

export const DiversitySchema = v.object({
  /** Share of images that two members class differently, [members, members]; its mean over pairs. */
  disagreement: square,
  meanDisagreement: v.number(),
  /** Over the mean error of the two. */
  normalised: square,
  meanNormalised: v.number(),
  /** Entropy of the mean minus mean entropy, nats, mean over the images. */
  mutualInformation: v.number(),
});
export type DiversityReport = v.InferOutput<typeof DiversitySchema>;

export const SizePointSchema = v.object({
  size: v.number(),
  /** How many subsets the means are over, and whether these are all. */
  subsets: v.number(),
  isAll: v.boolean(),
  accuracy: v.number(),
  nll: v.number(),
  /** Of the accuracy over the subsets. */
  lowest: v.number(),
  highest: v.number(),
});
export type SizePoint = v.InferOutput<typeof SizePointSchema>;

export const EnsembleReportSchema = v.object({
  name: v.string(),
  members: v.array(EnsembleMemberSchema),
  mean: v.picklist(ENSEMBLE_MEANS),
  /** How members were chosen among the candidates, on validation predictions; null when the user chose. */
  selection: v.nullable(v.object({
    rule: v.picklist(ENSEMBLE_SELECTIONS),
    metric: v.picklist(METRICS),
    candidates: v.array(v.string()),
    /** The validation metric after each greedy step with the member that joined; of `best` the winner alone. */
    path: v.array(v.object({ added: v.string(), score: v.number() })),
    tried: v.number(),
  })),
  /** Are the data of other runs the same by their fingerprint? Labels and their order always are. */
  sameFingerprint: v.boolean(),
  measuredOn: v.picklist(['test', 'validation']),
  validationAccuracy: v.number(),
  measures: MeasuresSchema,
  /** Of the members, each once; null for a single one. */
  diversity: v.nullable(DiversitySchema),
  sizeCurve: v.array(SizePointSchema),
  comparison: v.nullable(ComparisonSchema),
  createdAt: v.string(),
});
export type EnsembleReport = v.InferOutput<typeof EnsembleReportSchema>;
