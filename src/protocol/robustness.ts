/** analyses/robustness.json and analyses/unknown.json: what corrupted and unknown images do to the rows of the result table. */
import * as v from 'valibot';

/** Those of the mean corruption error, then those for validation. */
export const MAIN_CORRUPTIONS = [
  'gaussian-noise', 'shot-noise', 'impulse-noise', 'defocus-blur', 'glass-blur', 'motion-blur', 'zoom-blur', 'snow', 'frost', 'fog', 'brightness', 'contrast',
  'elastic-transform', 'pixelate', 'jpeg-compression',
] as const;
export const EXTRA_CORRUPTIONS = ['speckle-noise', 'gaussian-blur', 'spatter', 'saturate'] as const;
/** Their places are the numbers of their random streams: fixed for ever. */
export const CORRUPTIONS = [...MAIN_CORRUPTIONS, ...EXTRA_CORRUPTIONS] as const;
export type Corruption = (typeof CORRUPTIONS)[number];
export const SEVERITIES = [1, 2, 3, 4, 5] as const;

/** Of one row on one set of images. */
const FiguresSchema = v.object({ error: v.number(), nll: v.number() });
export type CorruptionFigures = v.InferOutput<typeof FiguresSchema>;

/** One corruption at one severity: figures by the row's name. */
export const CellSchema = v.object({ corruption: v.picklist(CORRUPTIONS), severity: v.number(), rows: v.record(v.string(), FiguresSchema) });
export type CorruptionCell = v.InferOutput<typeof CellSchema>;

export const RobustnessRowSchema = v.object({
  name: v.string(),
  kind: v.picklist(['member', 'soup', 'ensemble']),
  /** On the same images uncorrupted. */
  clean: FiguresSchema,
  /** Mean error over the corruptions of the mean and the severities; null until all of them are there. */
  meanCorruptionError: v.nullable(v.number()),
  /** mCE of the paper with the best member in place of AlexNet: the mean over corruptions of sum_s error / sum_s error of the best member. */
  relativeToBestMember: v.nullable(v.number()),
});
export type RobustnessRow = v.InferOutput<typeof RobustnessRowSchema>;

export const RobustnessSchema = v.object({
  /** Test images that were drawn, and with which seed. */
  images: v.number(),
  seed: v.number(),
  /** Tells whether cells go with other cells: the images. */
  key: v.string(),
  /** Of the weights of each row: figures of the same are kept. */
  digests: v.optional(v.record(v.string(), v.string())),
  bestMember: v.string(),
  rows: v.array(RobustnessRowSchema),
  cells: v.array(CellSchema),
  /** Corruptions that mean nothing for grey images. */
  leftOut: v.array(v.string()),
  createdAt: v.string(),
});
export type Robustness = v.InferOutput<typeof RobustnessSchema>;

const DetectionSchema = v.object({ auroc: v.number(), aupr: v.number(), fpr95: v.number() });

/** Known images (the test set) against unknown ones, which are the positives of AUPR; FPR95: unknown ones taken for known where 95 % of the known are accepted. */
export const UnknownReportSchema = v.object({
  folder: v.string(),
  knownImages: v.number(),
  unknownImages: v.number(),
  unreadable: v.array(v.string()),
  rows: v.array(v.object({
    name: v.string(),
    kind: v.picklist(['member', 'soup', 'ensemble']),
    /** By the highest probability, and by the entropy of the prediction. */
    confidence: DetectionSchema,
    entropy: DetectionSchema,
    /** Of ensembles alone. */
    mutualInformation: v.nullable(DetectionSchema),
  })),
  createdAt: v.string(),
});
export type UnknownReport = v.InferOutput<typeof UnknownReportSchema>;
/** The latest report of each folder. */
export const UnknownReportsSchema = v.array(UnknownReportSchema);
