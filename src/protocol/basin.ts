/** analyses/basin.json: are the networks of a run in one basin? Losses in nats, errors as shares 0..1. */
import * as v from 'valibot';
import { GeometrySchema } from './geometry.ts';

/** Sets of a run on which points are measured. */
export const MEASURED_SETS = ['train', 'validation', 'test'] as const;
export type MeasuredSet = (typeof MEASURED_SETS)[number];
const setName = v.picklist(MEASURED_SETS);

/** `null` stands for a number that is not finite: such a loss or barrier is infinitely high. */
const height = v.nullable(v.number());

export const MeasuredSchema = v.object({ loss: height, error: v.number() });
export type Measured = v.InferOutput<typeof MeasuredSchema>;
/** Of one point, on each set that was asked for. */
export const MeasuredSetsSchema = v.object({ train: v.optional(MeasuredSchema), validation: v.optional(MeasuredSchema), test: v.optional(MeasuredSchema) });
export type MeasuredSets = v.InferOutput<typeof MeasuredSetsSchema>;

/** What an analysis costs, told before it begins. */
export const BudgetSchema = v.object({
  /** Networks to be measured, and how many of them are there from an earlier try. */
  points: v.number(),
  done: v.number(),
  /** Images through a network, batch-norm statistics included; of what is still to do. */
  forwardPasses: v.number(),
  /** Of what is still to do, from a batch that was timed. */
  estimatedMs: v.number(),
});
export type Budget = v.InferOutput<typeof BudgetSchema>;

/** How points are measured. */
export const MeasuringSchema = v.object({
  sets: v.array(setName),
  /** Of each set: a fixed random choice, or all that there are. */
  images: v.object({ train: v.number(), validation: v.number(), test: v.number() }),
  /** Training images from which batch-norm statistics are estimated at every point; null: the network has none, or they are averaged. */
  statisticsImages: v.nullable(v.number()),
});
export type Measuring = v.InferOutput<typeof MeasuringSchema>;

/** A curve on an even grid from a (0) to b (1), and how much it rises above the straight line between its ends. */
const CurveSchema = v.object({
  loss: v.array(height),
  error: v.array(v.number()),
  /** max_a [L(a) - (1-a) L(0) - a L(1)] */
  lossBarrier: height,
  errorBarrier: v.number(),
  /** max_a L(a) - (L(0) + L(1)) / 2 (Frankle et al. 2020) */
  frankleLossBarrier: height,
  frankleErrorBarrier: v.number(),
});
export type Curve = v.InferOutput<typeof CurveSchema>;

/** The straight line between two networks. */
export const LineSchema = v.object({
  a: v.string(),
  b: v.string(),
  /** `own`: each end has its own head. `other`: the pre-trained body has the head of the other end, so that the body alone moves. */
  head: v.picklist(['own', 'other']),
  sets: v.object({ train: v.optional(CurveSchema), validation: v.optional(CurveSchema), test: v.optional(CurveSchema) }),
});
export type Line = v.InferOutput<typeof LineSchema>;

/** The height of a barrier up to which two networks count as one basin. */
export const ThresholdSchema = v.object({ error: v.pipe(v.number(), v.minValue(0)), loss: v.pipe(v.number(), v.minValue(0)) });
export type Threshold = v.InferOutput<typeof ThresholdSchema>;

/** 2 points of error are what Frankle et al. 2020 take for noise; 0.1 nats of loss are a tenth in the probability of the right class. */
export const DEFAULT_THRESHOLD: Threshold = { error: 0.02, loss: 0.1 };
/** Up to so many times the threshold it is a close call. */
const BORDER = 2;
const ROUNDING = 1e-9;

export const VerdictSchema = v.picklist(['inside', 'border', 'outside']);
export type Verdict = v.InferOutput<typeof VerdictSchema>;

/**
 * inside: no barrier of the line, of loss or error, on any set, is above the threshold; border: none is above twice the threshold;
 * outside: one is.
 */
export function verdictOf({ sets }: Pick<Line, 'sets'>, threshold: Threshold = DEFAULT_THRESHOLD): Verdict {
  const curves = Object.values(sets).filter((curve) => curve !== undefined);
  // Shares of images are no round binary numbers.
  const within = (times: number): boolean =>
    curves.every(({ lossBarrier, errorBarrier }) => (lossBarrier ?? Infinity) <= times * threshold.loss + ROUNDING && errorBarrier <= times * threshold.error + ROUNDING);
  return within(1) ? 'inside' : within(BORDER) ? 'border' : 'outside';
}

export const BasinSchema = v.object({
  createdAt: v.string(),
  /** Identity of everything that it is computed from: networks, data, settings. */
  key: v.string(),
  /** The reference first; `pretrained` last where it is there. */
  networks: v.array(v.string()),
  /** The network whose basin is meant: member 1, unless another was chosen. */
  reference: v.string(),
  /** Of each line, endpoints included. */
  points: v.number(),
  measuring: MeasuringSchema,
  /** What the `pretrained` network is: its body, and whose head it has. null where it is not among the networks. */
  pretrained: v.nullable(v.object({ what: v.string(), head: v.picklist(['own', 'other']) })),
  budget: BudgetSchema,
  /** Each pair once. */
  lines: v.array(LineSchema),
  threshold: ThresholdSchema,
  /** By the line to the reference. The pre-trained network has none: its line says how the loss falls on the way. */
  verdicts: v.array(v.object({ network: v.string(), verdict: VerdictSchema })),
  geometry: GeometrySchema,
  /** The analysis of itself: the barrier of the reference to itself, and the largest difference of the weights on a line and on the way back. Both 0. */
  checks: v.object({ ownBarrier: v.number(), wayBack: v.number() }),
});
export type Basin = v.InferOutput<typeof BasinSchema>;

/** analyses/basin-<key>.json, while it is measured: the lines that are there, those of the reference first. Gone when basin.json is written. */
export const BasinSoFarSchema = v.omit(BasinSchema, ['checks']);
export type BasinSoFar = v.InferOutput<typeof BasinSoFarSchema>;
