/** What stored predictions tell: of a member, a soup or an ensemble. Part of analyses/ensembles/<name>.json and analyses/measures/<name>.json. */
import * as v from 'valibot';
import { intervalSchema } from './results.ts';

/** One bin (low, high] of the confidence. */
export const ReliabilityBinSchema = v.object({
  low: v.number(),
  high: v.number(),
  images: v.number(),
  /** Means over its images; null where there are none. */
  confidence: v.nullable(v.number()),
  accuracy: v.nullable(v.number()),
});
export type ReliabilityBin = v.InferOutput<typeof ReliabilityBinSchema>;

export const MeasuresSchema = v.object({
  images: v.number(),
  accuracy: v.number(), // 0..1
  meanPerClassAccuracy: v.number(),
  nll: v.number(), // nats
  calibratedNll: v.number(), // after temperature scaling on the other half (Ashukha et al. 2020)
  brier: v.number(), // 0..2
  ece: v.number(),
  /** Fitted on validation predictions; those of ece and nll at that temperature. */
  temperature: v.number(),
  temperatureNll: v.number(),
  temperatureEce: v.number(),
  reliability: v.array(ReliabilityBinSchema),
  perClass: v.array(v.object({ name: v.string(), images: v.number(), accuracy: v.nullable(v.number()), nll: v.nullable(v.number()) })),
  /** Selective prediction: error among the most confident share of the images, and the area under that curve. */
  riskCoverage: v.object({ area: v.number(), points: v.array(v.object({ coverage: v.number(), risk: v.number() })) }),
});
export type Measures = v.InferOutput<typeof MeasuresSchema>;

export const ComparisonSchema = v.object({
  /** The other row of the result table. */
  against: v.string(),
  /** This minus the other, paired 95 % bootstrap over the images. */
  accuracy: intervalSchema,
  nll: intervalSchema,
  brier: intervalSchema,
  bootstrapSamples: v.number(),
  /** McNemar 1947: images that only one of the two has right. */
  mcnemar: v.object({
    onlyThis: v.number(),
    onlyOther: v.number(),
    /** Two-sided, binomial; and (|b - c| - 1)^2 / (b + c), chi-squared of one degree of freedom. */
    exactP: v.number(),
    statistic: v.number(),
    p: v.number(),
  }),
});
export type PairedComparison = v.InferOutput<typeof ComparisonSchema>;

/** analyses/measures/<name>.json */
export const MeasuresReportSchema = v.object({
  name: v.string(),
  kind: v.picklist(['member', 'soup', 'ensemble']),
  members: v.array(v.string()),
  measuredOn: v.picklist(['test', 'validation']),
  measures: MeasuresSchema,
  comparison: v.nullable(ComparisonSchema),
  createdAt: v.string(),
});
export type MeasuresReport = v.InferOutput<typeof MeasuresReportSchema>;
