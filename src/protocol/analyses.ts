/** Host -> dashboard: what a run's `analyses/` holds, as it comes. Files are parsed by the host; a torn or foreign one is a problem, never a picture. */
import * as v from 'valibot';
import type { BasinSoFar } from './basin.ts';
import type { DiversityReport } from './ensemble-report.ts';
import type { ErrorJson } from './errors.ts';
import type { MeasuresReport } from './measures.ts';
import type { Surface, SurfacePoint } from './plane.ts';
import type { Sharpness } from './sharpness.ts';

/** Of the largest ensemble of this run alone that has a report; matrices in the order of `members`. */
export interface MemberDiversity extends DiversityReport {
  members: string[];
  measuredOn: 'test' | 'validation';
}

export interface Analyses {
  /** May anything be computed here? Not in a workspace that is not trusted. */
  isTrusted: boolean;
  /** The newest, whole or on its way. */
  basin: BasinSoFar | null;
  /** By key, without their points. */
  planes: Surface[];
  sharpness: Sharpness | null;
  /** One a network. */
  measures: MeasuresReport[];
  diversity: MemberDiversity | null;
  /** Analyses (`basin`, `plane-0123456789`, ...) at which some process is at work. */
  busy: string[];
  /** Files that cannot be read as what their names say. */
  problems: ErrorJson[];
}

/**
 * `isAll`: everything that there is, after a snapshot; else what has changed, planes and measures each by its key or name.
 * Points of a plane come apart from it, each once since `isAll`; the same point may come again and is the same.
 */
export interface AnalysesMessage {
  type: 'analyses';
  isAll: boolean;
  changed: Partial<Analyses>;
  points: { key: string; points: SurfacePoint[] }[];
}

const networkName = v.pipe(v.string(), v.regex(/^(?:pretrained|(?:member|soup-[a-z-]+|distilled)-[1-9]\d{0,8})$/));
const rowName = v.pipe(v.string(), v.regex(/^(?:member|soup-[a-z-]+|distilled|ensemble)-[1-9]\d{0,8}$/));

const three = v.tuple([networkName, networkName, networkName]);

/** Points a side of a plane, or of random directions, that a view may ask for. */
export const PLANE_SIZES = [9, 17, 33] as const;
/** Steps of a side of a simplex: 15, 45 or 153 points. */
export const SIMPLEX_STEPS = [4, 8, 16] as const;
/** How far random directions go: 1 is the length of the network's own filters. */
export const RANDOM_REACHES = [0.25, 0.5, 1] as const;

/** The request of the task `plane`. */
const SurfaceQuestionSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('plane'), networks: three, size: v.picklist(PLANE_SIZES) }),
  v.strictObject({ kind: v.literal('random'), networks: v.tuple([networkName]), size: v.picklist(PLANE_SIZES), reach: v.picklist(RANDOM_REACHES), seed: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }),
  v.strictObject({ kind: v.literal('simplex'), networks: three, size: v.picklist(SIMPLEX_STEPS) }),
]);
export type SurfaceQuestion = v.InferOutput<typeof SurfaceQuestionSchema>;

/** Each is a task of the trainer and ends with `done`: what it found is a file, which the host shows like any other's. */
export const ANALYSIS_QUESTIONS = [
  /** Barriers, verdicts, distances of all members that are done and the pre-trained network. */
  v.strictObject({ kind: v.literal('basin') }),
  /** Cancelled, it keeps its points and goes on with the same question. */
  v.strictObject({ kind: v.literal('plane'), surface: SurfaceQuestionSchema }),
  v.strictObject({ kind: v.literal('sharpness'), networks: v.pipe(v.array(networkName), v.minLength(1)) }),
  v.strictObject({ kind: v.literal('measures'), names: v.pipe(v.array(rowName), v.minLength(1)) }),
] as const;
export type AnalysisQuestion = v.InferOutput<(typeof ANALYSIS_QUESTIONS)[number]>;
