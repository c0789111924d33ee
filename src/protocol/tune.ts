/** The cycle tuner: what is asked (settings), what is to be trained (jobs), where it stands (tune.json) and what came out (comparison.json). */
import * as v from 'valibot';
import { PlanSchema } from './plan.ts';
import { count, notNegative, positive, rate, seed, share } from './plan-fields.ts';
import { intervalSchema, METRICS } from './results.ts';

export const TUNE_FORMAT = 1;

/** `fge` = its chain, `local-de-shared` = Local DE whose members share one new head. */
export const TUNE_METHODS = ['fine-tuning', 'starsse', 'sse', 'fge', 'fge-star', 'local-de', 'local-de-shared', 'global-de'] as const;
const TuneMethodSchema = v.picklist(TUNE_METHODS);
export type TuneMethod = v.InferOutput<typeof TuneMethodSchema>;

/** `authors` is the grid of arXiv 2303.03374. */
export const TUNE_PRESETS = {
  authors: { lrRatios: [0.25, 0.5, 1, 2, 4], epochRatios: [0.5, 1, 2, 4] },
  quick: { lrRatios: [0.5, 1, 2], epochRatios: [1] },
};

export const TuneSettingsSchema = v.strictObject({
  /** Fine-tuning, one long run with its averages, is always among them. */
  methods: v.array(TuneMethodSchema),
  lrRatios: v.pipe(v.array(notNegative), v.minLength(1)),
  epochRatios: v.pipe(v.array(positive), v.minLength(1)),
  /** Repeats of every cell, with seeds that share no member. */
  seeds: count,
  /** Members of an ensemble, K; null = the plan's, 5 where its method has none. */
  members: v.nullable(count),
  halving: v.boolean(),
  /** Of the long run: where the average begins, and its constant rate as a share of the run's (null = the schedule goes on). */
  swaStart: share,
  swaLrRatio: v.nullable(positive),
  /** Of its other average, each step; null = it looks back over a twentieth of the run. */
  emaDecay: v.nullable(rate),
});
export type TuneSettings = v.InferOutput<typeof TuneSettingsSchema>;

export const TuneJobSchema = v.object({
  /** starsse lr0.5 ep1 seed0, in letters that files may have. */
  id: v.pipe(v.string(), v.regex(/^[\w.-]+$/)),
  method: TuneMethodSchema,
  lrRatio: v.number(),
  /** Which budget: that of a star whose cycles are epochRatio x the epochs of the plan. */
  epochRatio: v.number(),
  seed,
  /** Epochs of the budget, and those that the run spends: the same but for what does not divide. */
  budgetEpochs: v.number(),
  epochs: v.number(),
  /** Of those, not to be trained again: members that an earlier job has too. */
  sharedEpochs: v.number(),
  plan: PlanSchema,
});
export type TuneJob = v.InferOutput<typeof TuneJobSchema>;

/** A cell that cannot be made, and why. */
const LeftOutSchema = v.object({ method: TuneMethodSchema, lrRatio: v.number(), epochRatio: v.number(), reason: v.string() });
export type LeftOut = v.InferOutput<typeof LeftOutSchema>;

/** The jobs of one rung; without halving there is one. */
const RungSchema = v.object({
  /** Of member 1. */
  epochs: v.number(),
  jobs: v.array(v.object({ ...TuneJobSchema.entries, run: v.nullable(v.string()), status: v.picklist(['waiting', 'done', 'failed']), reason: v.nullable(v.string()) })),
  leftOut: v.array(LeftOutSchema),
});
export type Rung = v.InferOutput<typeof RungSchema>;

/** tune.json. One writer: the tuner that holds the folder's lock. */
export const TuneStateSchema = v.object({
  format: v.literal(TUNE_FORMAT),
  createdAt: v.string(),
  planPath: v.string(), // absolute
  /** As it was, paths relative to the tune's folder. */
  plan: PlanSchema,
  settings: TuneSettingsSchema,
  /** Absolute. */
  runsFolder: v.string(),
  /** Threads of a trainer, the same for all runs: shared members must have been trained alike. */
  threads: v.number(),
  /** The back end of the first run, which all others have to have. */
  backend: v.nullable(v.string()),
  /** Epochs of member 1 in each rung, the plan's last. */
  rungEpochs: v.array(v.number()),
  rungs: v.array(RungSchema),
});
export type TuneState = v.InferOutput<typeof TuneStateSchema>;

export const GOALS = ['ensemble', 'soup'] as const;
export type Goal = (typeof GOALS)[number];

/** Of the network or ensemble that stands for a run: its name, and figures on validation. */
const ScoreSchema = v.object({ name: v.string(), metric: v.number(), nll: v.number(), forwardPasses: v.number() });
export type Score = v.InferOutput<typeof ScoreSchema>;

/** The mean over seeds; low and high are of Student's t, null for a single seed. */
const overSeeds = v.object({ mean: v.number(), low: v.nullable(v.number()), high: v.nullable(v.number()) });
export type OverSeeds = v.InferOutput<typeof overSeeds>;

const CellSchema = v.object({
  method: TuneMethodSchema,
  lrRatio: v.number(),
  epochRatio: v.number(),
  budgetEpochs: v.number(),
  epochs: v.number(),
  /** Every seed. Scores are null where a member failed. */
  seeds: v.array(v.object({ seed, run: v.nullable(v.string()), reason: v.nullable(v.string()), ensemble: v.nullable(ScoreSchema), soup: v.nullable(ScoreSchema) })),
  /** null where any seed failed: such a cell is not chosen. */
  ensemble: v.nullable(overSeeds),
  soup: v.nullable(overSeeds),
});
export type Cell = v.InferOutput<typeof CellSchema>;

const ChosenSchema = v.object({
  method: TuneMethodSchema,
  lrRatio: v.number(),
  epochRatio: v.number(),
  epochs: v.number(),
  forwardPasses: v.number(),
  validation: overSeeds,
  /** Minus the first row; paired 95 % bootstrap over validation objects, mean over seeds. null for the first. */
  difference: v.nullable(intervalSchema),
  /** Measured after the choice; null where there is no test set, and in rankings of one budget. */
  test: v.nullable(overSeeds),
  testDifference: v.nullable(intervalSchema),
});
export type Chosen = v.InferOutput<typeof ChosenSchema>;

/** The best cell of each method for a goal, best first. */
const RankingSchema = v.object({
  goal: v.picklist(GOALS),
  /** The budget within which was chosen; null = over all of them. */
  epochRatio: v.nullable(v.number()),
  budgetEpochs: v.nullable(v.number()),
  rows: v.array(ChosenSchema),
});
export type Ranking = v.InferOutput<typeof RankingSchema>;

/** comparison.json */
export const ComparisonSchema = v.object({
  format: v.literal(TUNE_FORMAT),
  name: v.string(),
  metric: v.picklist(METRICS),
  validationImages: v.number(),
  testImages: v.number(),
  bootstrapSamples: v.number(),
  settings: TuneSettingsSchema,
  /** Of the last rung; epochs of earlier ones. */
  epochs: v.number(),
  earlierEpochs: v.array(v.number()),
  /** Epochs trained, shared members once; and what it would have been without sharing. */
  trainedEpochs: v.number(),
  spentEpochs: v.number(),
  cells: v.array(CellSchema),
  leftOut: v.array(LeftOutSchema),
  rankings: v.array(RankingSchema),
});
export type Comparison = v.InferOutput<typeof ComparisonSchema>;
