/** What a task writes to stdout: a line of JSON for each progress, and as the last one its result or error. */
import * as v from 'valibot';
import type { Basin } from '../protocol/basin.ts';
import type { FilterImages, TensorDifference, TensorStatistics, TensorTable } from '../protocol/checkpoint.ts';
import type { CacheCleared, DataReport } from '../protocol/data-report.ts';
import type { DoctorReport } from '../protocol/doctor.ts';
import type { EnsembleReport } from '../protocol/ensemble-report.ts';
import type { Exported } from '../protocol/export.ts';
import type { MeasuresReport } from '../protocol/measures.ts';
import type { Surface } from '../protocol/plane.ts';
import type { Estimate, PlanCheck } from '../protocol/plan-check.ts';
import type { Preview } from '../protocol/preview.ts';
import { ErrorSchema } from '../protocol/run.ts';
import type { ResultTable } from '../protocol/results.ts';
import type { Averaged, Looked, SoupReport } from '../protocol/soup.ts';
import type { Sharpness } from '../protocol/sharpness.ts';
import { TaskStepSchema } from '../protocol/task-steps.ts';
import type { Robustness, UnknownReport } from '../protocol/robustness.ts';
import type { Comparison, LeftOut, TuneJob } from '../protocol/tune.ts';

export const ProgressSchema = v.object({
  type: v.literal('progress'),
  /** 0..1, or null while it cannot be told. */
  fraction: v.nullable(v.number()),
  message: v.string(),
  /** What was found since the last line, where there is more to tell than how far it is. */
  step: v.optional(TaskStepSchema),
});
export type Progress = Omit<v.InferOutput<typeof ProgressSchema>, 'type'>;

export const TaskLineSchema = v.variant('type', [
  ProgressSchema,
  v.object({ type: v.literal('result'), result: v.unknown() }),
  v.object({ type: v.literal('error'), error: ErrorSchema }),
]);
export type TaskLine = v.InferOutput<typeof TaskLineSchema>;

/** A table and the name of the row that was asked for. */
export interface Added {
  table: ResultTable;
  added: string | null;
}

/** An ensemble and what it is worth; one of several runs is not in the table. */
export interface EnsembleMade extends Added {
  added: string;
  report: EnsembleReport;
}

/** A network that was distilled from an ensemble. */
export interface Distilled extends Added {
  added: string;
  epochs: number;
  /** Share of the shown images that both class alike. */
  agreement: number;
}

/** The same for a soup, and what was found of its candidates; null where nobody had to look. */
export interface AddedSoup extends Added {
  gate: SoupReport | null;
}

/** What was asked for, each on its own. */
export interface RobustnessAnswer {
  robustness: Robustness | null;
  unknown: UnknownReport | null;
}

/** What a rung is made of, and how many members of one run can train at once. */
export interface TuneJobs {
  jobs: TuneJob[];
  leftOut: LeftOut[];
  mostAtOnce: number;
}

/** A run that can be started. */
export interface CreatedRun {
  folder: string;
  id: string;
  /** What is doubtful about its data, though no reason not to train: a line each. */
  warnings: string[];
}

/** The tasks of trainer.js and what each gives. `train` is no task: it writes to the run's folder and outlives its caller. */
export interface TaskResults {
  /** `create <plan> <runsFolder> <overrides as JSON>` */
  create: CreatedRun;
  /** `table <run>`: the default soup and ensemble, then the table. */
  table: Added;
  /** `soup <run> {"members": [...], "others": [{"run": "/folder"}], "rule": "uniform", ...}`, all of it in SoupRequestSchema; no members means all that did not fail. */
  soup: AddedSoup;
  /** `gate <run> {...}`, as for `soup`: who may go in, and for wise-ft the scores along the line. Nothing is written. */
  gate: Looked;
  /** `average {"files": [...], "out": "soup.safetensors", "rule": "uniform"}`: files of any program mixed into one. */
  average: Averaged;
  /** `ensemble <run> {"members": [...], "others": [{"run": "/folder"}], "mean": "logit", "weights": [...], "select": "greedy", "against": "member-1"}`; no members means all. */
  ensemble: EnsembleMade;
  /** `distil <run> {"members": [...], "ensemble": "ensemble-1", "epochs": 10}`; no members means all. */
  distil: Distilled;
  /** `robustness <run> {"corruptions": [...], "images": 1000, "seed": 0, "unknown": "/absolute/folder"}`: all corruptions without either. */
  robustness: RobustnessAnswer;
  /** `measures <run> {"name": "member-1", "against": "member-2"}`; without `name` the last row of the table. */
  measures: MeasuresReport;
  /** `basin <run> {"networks": [...], "points": 11, "threshold": {"error": 0.02, "loss": 0.1}, "images": 1000, "sets": ["train", "test"]}`: barriers, verdicts, distances; all members and the pre-trained network without `networks`. */
  basin: Basin;
  /** `plane <run> {"kind": "plane", "networks": ["member-1", "member-2", "member-3"], "size": 17}`, or `random` of one network, or `simplex`. Cancelled, it goes on where it was when it is asked again. */
  plane: Surface;
  /** `sharpness <run> {"networks": ["member-1"], "set": "train"}`; all members without `networks`. */
  sharpness: Sharpness;
  /** `data <plan> {"sheet": "file.png"}`: what the plan's data are and what is wrong with them, with a picture of some of them. */
  data: DataReport;
  /** `preview <plan> {"out": "/absolute/file.png", "epoch": 0, "member": "member-1", "count": 16}`: a picture of the first batch of an epoch, from 0. */
  preview: Preview;
  /** `data-cache`: what decoded images take. */
  'data-cache': DataReport['cache'];
  /** `check-plan <plan> {"runsFolder": "/absolute/folder"}`: what would refuse a run, or make it doubtful, and what it amounts to. */
  'check-plan': PlanCheck;
  /** `estimate <plan> {"runsFolder": "/absolute/folder", "backend": "wasm"}`: the same for a plan without faults, and times from a short dry run. */
  estimate: Estimate;
  /** `clear-data-cache`: removes decoded images. */
  'clear-data-cache': CacheCleared;
  /** `export <run> {"name": "member-1", "format": "tfjs", "out": "/absolute/folder"}`; without `name` the best member. The folder must be new or empty. */
  export: Exported;
  /** `tensor-list <file>`: what a .safetensors, .keras, .h5 file or a model.json holds. */
  'tensor-list': TensorTable;
  /** `tensor-statistics {"file": "/a.safetensors", "names": [...]}`; all tensors without `names`. */
  'tensor-statistics': TensorStatistics[];
  /** `tensor-filters {"file": "/a.safetensors", "name": "conv1.weight"}`: filters of one channel or three as images. */
  'tensor-filters': FilterImages;
  /** `tensor-difference {"a": "/a.safetensors", "b": "/b.safetensors"}`: of tensors that both have in one shape. */
  'tensor-difference': TensorDifference[];
  /** `tune-jobs <tune> <rung>`: the runs of a rung, from 0. */
  'tune-jobs': TuneJobs;
  /** `tune-compare <tune>`: of the last rung, when it is done. */
  'tune-compare': Comparison;
  /** `doctor` */
  doctor: DoctorReport;
  /** `install {"backend": "tensorflow", "gpu": true}`, or `webgpu`; without `gpu` the best that fits the machine. */
  install: DoctorReport;
}
export type TaskName = keyof TaskResults;
