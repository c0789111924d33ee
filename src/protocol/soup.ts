/** What can be asked of the task `soup`, and what it tells about the members that it was offered. */
import * as v from 'valibot';
import { DEFAULT_THRESHOLD, ThresholdSchema, VerdictSchema } from './basin.ts';

export const SOUP_RULES = ['uniform', 'greedy', 'greedy-removal', 'weighted', 'learned', 'wise-ft', 'slerp', 'ties', 'dare', 'model-stock'] as const;
export type SoupRuleName = (typeof SOUP_RULES)[number];
/** Those that need no data. */
export const FILE_RULES = ['uniform', 'weighted', 'wise-ft', 'slerp', 'ties', 'dare', 'model-stock'] as const;

/** Points of validation score (0..1) that a member may be below the best one. */
const QUALITY = 0.1;

export const GateThresholdSchema = v.object({ ...ThresholdSchema.entries, quality: v.pipe(v.number(), v.minValue(0)) });
export type GateThreshold = v.InferOutput<typeof GateThresholdSchema>;
export const DEFAULT_GATE: GateThreshold = { ...DEFAULT_THRESHOLD, quality: QUALITY };

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Settings of rules: each belongs to the rules named. */
export const SoupSettingsSchema = v.strictObject({
  /** weighted: one a member, in the order in which the members are named. */
  weights: v.optional(v.pipe(v.array(v.pipe(v.number(), v.minValue(0))), v.minLength(1))),
  /** learned: shares of each layer's own. */
  perLayer: v.optional(v.boolean()),
  /** learned: steps at most. */
  steps: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** wise-ft: 0 is the pre-trained network; without it the best on validation data. */
  alpha: v.optional(share),
  /** slerp: 0 is the first, 1 the second. */
  at: v.optional(share),
  /** ties: share of the numbers that stays. */
  density: v.optional(v.pipe(share, v.gtValue(0))),
  /** dare: share of the numbers that is dropped. */
  drop: v.optional(v.pipe(share, v.ltValue(1))),
  /** ties, dare: how far to go from the pre-trained weights. */
  scale: v.optional(v.pipe(v.number(), v.finite())),
  /** dare */
  seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});
export type SoupSettings = v.InferOutput<typeof SoupSettingsSchema>;

export const SETTINGS_OF: Record<SoupRuleName, readonly (keyof SoupSettings)[]> = {
  uniform: [], greedy: [], 'greedy-removal': [], weighted: ['weights'], learned: ['perLayer', 'steps'], 'wise-ft': ['alpha'], slerp: ['at'],
  ties: ['density', 'scale'], dare: ['drop', 'scale', 'seed'], 'model-stock': [],
};

const memberName = v.pipe(v.string(), v.regex(/^member-[1-9]\d*$/));

export const SoupRequestSchema = v.strictObject({
  /** Of this run; an empty list for none. */
  members: v.optional(v.array(memberName)),
  /** Members of other runs of the same network on the same data; without `members` all that did not fail. */
  others: v.optional(v.array(v.strictObject({ run: v.string(), members: v.optional(v.pipe(v.array(memberName), v.minLength(1))) }))),
  rule: v.optional(v.picklist(SOUP_RULES), 'uniform'),
  settings: v.optional(SoupSettingsSchema, {}),
  /** Of batch norm: estimated anew on the training images, or averaged with the weights. */
  statistics: v.optional(v.picklist(['re-estimate', 'average']), 're-estimate'),
  /** Takes every member, also those outside the basin. */
  insist: v.optional(v.boolean(), false),
  threshold: v.optional(v.partial(GateThresholdSchema), {}),
});
export type SoupRequest = v.InferOutput<typeof SoupRequestSchema>;

const height = v.nullable(v.number());

/** A member before the pot. Barriers are those of the line to the soup of the members taken before it; null for the first. */
export const GatedMemberSchema = v.object({
  name: v.string(),
  /** The plan's metric on validation data. */
  quality: v.number(),
  verdict: v.nullable(VerdictSchema),
  lossBarrier: height,
  errorBarrier: height,
  taken: v.boolean(),
  /** Why it is not, or would not be, taken. */
  reason: v.nullable(v.string()),
});
export type GatedMember = v.InferOutput<typeof GatedMemberSchema>;

export const SoupReportSchema = v.object({
  threshold: GateThresholdSchema,
  /** In the order in which they were looked at, the best first; empty where nobody looked. */
  members: v.array(GatedMemberSchema),
  insisted: v.boolean(),
});
export type SoupReport = v.InferOutput<typeof SoupReportSchema>;

/** What the task `gate` found. */
export interface Looked {
  gate: SoupReport;
  /** The line of WiSE-FT, where that is the rule; scores are the plan's metric on validation data. */
  line: { alpha: number; score: number; loss: number }[] | null;
}

/** What the task `average` wrote. */
export interface Averaged {
  /** Absolute. */
  file: string;
  tensors: number;
}
