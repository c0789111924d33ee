/** Host <-> comparison of runs. The view says `ready` and gets a `snapshot`, again whenever one of the runs changed. */
import * as v from 'valibot';
import type { ErrorJson } from './errors.ts';
import type { RunView } from './run.ts';

/** Validation after each epoch of a member, on an axis that all members of a run share. */
export interface ComparedCurve {
  member: string;
  /** Epochs before the member's first: those of what it starts from. */
  startEpoch: number;
  accuracy: number[];
  loss: number[];
}

export interface ComparedRun {
  run: RunView;
  curves: ComparedCurve[];
  /** Epochs that are planned, of all members together. */
  epochs: number;
  learningRate: number;
  /** Training of all members together. */
  trainedMs: number;
}

/** What was tried and what came out of it: a line of the parallel coordinates. */
export interface SweepPoint {
  label: string;
  values: Record<string, number | string | null>;
  folder: string | null;
}
/** Cells of the tuner. */
export interface Sweep {
  name: string;
  metric: string;
  points: SweepPoint[];
}

export type ToView = { type: 'snapshot'; folders: string[]; runs: ComparedRun[]; sweeps: Sweep[]; problems: ErrorJson[]; texts: Record<string, string> };

export const ToHostSchema = v.variant('type', [v.strictObject({ type: v.literal('ready') }), v.strictObject({ type: v.literal('open'), folder: v.string() }), v.strictObject({ type: v.literal('copy'), text: v.string() })]);
export type ToHost = v.InferOutput<typeof ToHostSchema>;
