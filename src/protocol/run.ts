/** What a run folder holds: run.json, each member's state.json, and the picture of a run that readers derive from them. */
import * as v from 'valibot';
import { CardSchema } from './cards.ts';
import type { ErrorJson } from './errors.ts';
import type { Labels } from './labels.ts';
import { PlanSchema } from './plan.ts';
import type { ResultTable } from './results.ts';

export const RUN_FORMAT = 1;

/** `ErrorJson` in a file. A code of a later version is not an error. */
export const ErrorSchema = v.object({
  code: v.string(),
  message: v.string(),
  hint: v.optional(v.string()),
  cause: v.optional(v.string()),
});

/** One member of a run, as `methods.ts` makes it from the plan. Names: member-1, member-2, ... */
export const MemberSchema = v.object({
  name: v.pipe(v.string(), v.regex(/^member-[1-9]\d*$/)),
  /** 'pretrained' or the name of the member whose snapshot is the start. */
  startsFrom: v.string(),
  /** Seed of data order and augmentation. */
  seed: v.number(),
  /** Seed of a new head; null keeps the head of the start. */
  headSeed: v.nullable(v.number()),
  /** The checkpoint of a 'pretrained' start, as the plan writes it; null from scratch. Without it, the plan's own. */
  checkpoint: v.optional(v.nullable(v.string())),
  /** The last layer alone is trained first, at a constant rate, in the order of data that `seed` draws. */
  probe: v.optional(v.nullable(v.object({ epochs: v.number(), learningRate: v.number(), seed: v.number() })), null),
  /** Without the probe's. */
  epochs: v.number(),
  /** Peak learning rate. */
  learningRate: v.number(),
  warmupEpochs: v.number(),
  /** rise: (e + 1) / V of the peak; hold: the peak; line: from `warmupLearningRate` at epoch 0 to the peak at epoch V. */
  warmup: v.optional(v.picklist(['rise', 'hold', 'line']), 'rise'),
  warmupLearningRate: v.optional(v.number(), 0),
  schedule: v.picklist(['cosine', 'constant', 'triangle']),
  scheduleBy: v.optional(v.picklist(['epoch', 'step']), 'epoch'),
  /** Averages of the member's own weights, each of which becomes a soup. `startEpoch` counts from 0, without the probe's. */
  swa: v.optional(v.nullable(v.object({ startEpoch: v.number(), learningRate: v.nullable(v.number()) })), null),
  ema: v.optional(v.nullable(v.object({ decay: v.number() })), null),
  /** What was tried before, at higher rates. */
  retries: v.optional(v.array(v.object({ learningRate: v.number(), reason: v.string() })), []),
  resetOptimizer: v.boolean(),
});
export type Member = v.InferOutput<typeof MemberSchema>;

export const RunSchema = v.object({
  format: v.literal(RUN_FORMAT),
  id: v.pipe(v.string(), v.regex(/^[\w.-]+$/)),
  createdAt: v.string(), // ISO 8601, UTC
  planPath: v.string(), // absolute; paths in the plan are relative to its folder
  plan: PlanSchema,
  members: v.array(MemberSchema),
  stepsPerEpoch: v.number(),
  /** Resolved from plan.compute when the run was made: the same for all members, so that serial = parallel. */
  workers: v.number(),
  threads: v.number(),
  /** Threads of a member that by the order of starts has nobody beside it, such as member 1 of a star; without it `threads`. */
  threadsAlone: v.optional(v.number()),
  /** Why the machine is shared out like this, for people. */
  shareReason: v.optional(v.string()),
  /** NVIDIA cards that are shared out among the trainers; each sees one. Missing where TensorFlow uses none. */
  cards: v.optional(v.array(CardSchema)),
  /** SHA-256 of the data files and the split, hex. */
  dataFingerprint: v.string(),
  /** SHA-256 of the checkpoint, hex; null for a start from scratch. */
  checkpointFingerprint: v.optional(v.nullable(v.string()), null),
  /** The same of every checkpoint that a member starts from, by the name that the plan gives it. Runs of before have none. */
  checkpointFingerprints: v.optional(v.record(v.string(), v.string()), {}),
  /** A member that diverges is trained anew by itself, so many times, each time at this share of its learning rate. */
  retry: v.optional(v.object({ times: v.number(), lrRatio: v.number() }), { times: 0, lrRatio: 0.5 }),
  /** Is it written down where the time of training goes? */
  profile: v.optional(v.boolean()),
  versions: v.record(v.string(), v.string()), // starsse, node, tfjs, ...
});
export type Run = v.InferOutput<typeof RunSchema>;

export const DeviceSchema = v.object({
  backend: v.picklist(['tensorflow', 'webgpu', 'wasm', 'cpu']),
  /** 'cpu' or 'gpu': what the back end really runs on. */
  kind: v.picklist(['cpu', 'gpu']),
  /** For people: "TensorFlow 2.21.0, 1 thread, AMD EPYC" or the card's name. */
  description: v.string(),
});
export type Device = v.InferOutput<typeof DeviceSchema>;

export const MemberStatusSchema = v.picklist(['queued', 'running', 'done', 'stopped', 'failed']);
export const StateSchema = v.object({
  status: MemberStatusSchema,
  step: v.number(),
  steps: v.number(),
  epoch: v.number(), // complete epochs
  device: v.nullable(DeviceSchema),
  /** The NVIDIA card that it was given, and what it takes of it, once measured. */
  gpu: v.optional(v.nullable(v.object({ card: v.string(), usedMiB: v.nullable(v.number()) }))),
  host: v.nullable(v.string()),
  pid: v.nullable(v.number()),
  startedAt: v.nullable(v.string()),
  finishedAt: v.nullable(v.string()),
  heartbeatAt: v.nullable(v.string()), // rewritten every HEARTBEAT_MS while running
  /** Milliseconds of training so far, pauses excluded. */
  trainedMs: v.number(),
  validationAccuracy: v.nullable(v.number()),
  /** Since when its snapshot is there and others can start from it; predictions may still be missing. */
  trainedAt: v.optional(v.nullable(v.string())),
  error: v.nullable(ErrorSchema),
});
export type State = v.InferOutput<typeof StateSchema>;

export const HEARTBEAT_MS = 2000;
/** A running state whose heartbeat is older than this is shown as interrupted. */
export const INTERRUPTED_AFTER_MS = 15000;

export const SupervisorSchema = v.object({ pid: v.number(), host: v.string(), heartbeatAt: v.string() });
export type Supervisor = v.InferOutput<typeof SupervisorSchema>;

export type MemberStatus = v.InferOutput<typeof MemberStatusSchema> | 'interrupted';
/** `done`: the table is made of all members that did not fail; whether some did, their states tell. */
export type RunStatus = 'queued' | 'running' | 'evaluating' | 'done' | 'stopped' | 'failed' | 'interrupted';

/** A run at one moment, derived from its folder alone. Plain JSON: the tree, `ls`, `watch` and the dashboard draw this. */
export interface RunView {
  folder: string;
  id: string;
  /** As somebody named it, else the plan's. */
  name: string;
  planName: string;
  labels: Labels;
  createdAt: string;
  method: string;
  status: RunStatus;
  stepsPerEpoch: number;
  /** Trainers side by side: what the time left depends on. */
  workers: number;
  members: MemberView[];
  /** Names of soups that have a snapshot. */
  soups: SoupView[];
  /** The latest result table, or null before the first. */
  results: ResultTable | null;
  error: ErrorJson | null;
}
export interface MemberView {
  member: Member;
  state: Omit<State, 'status'> & { status: MemberStatus };
  /** A finished member's snapshot, relative to the run folder. */
  snapshot: string | null;
}
export interface SoupView {
  name: string;
  snapshot: string;
  rule: string;
  parents: string[];
}
