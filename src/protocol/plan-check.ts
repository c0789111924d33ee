/** What the trainer finds in a plan before a run is made, and how long the run would take here. */
import type { ErrorCode } from './errors.ts';
import { generations } from './members.ts';
import type { PlanCost } from './plan-cost.ts';
import type { Device, Member } from './run.ts';
import { epochsOf } from './schedule.ts';

export interface PlanFinding {
  /** An error refuses the run. */
  severity: 'error' | 'warning';
  code: ErrorCode;
  /** The field it is about, or the nearest that is there; empty for the whole plan. */
  path: (string | number)[];
  message: string;
  hint?: string;
}

/** What is known of a run before it is made. */
export interface PlanFacts {
  /** Examples of each set. */
  images: { train: number; validation: number; test: number };
  classes: number;
  stepsPerEpoch: number;
  network: { name: string; parameters: number };
  /** Of one member's weights and statistics. */
  snapshotBytes: number;
  /** Snapshots, soup, predictions and what resuming needs, at the most. */
  runBytes: number;
  /** Of the disk where runs go; null where the file system does not say. */
  freeBytes: number | null;
  device: Device;
  workers: number;
  threads: number;
  threadsAlone: number;
}

/** The task `check-plan`. */
export interface PlanCheck {
  findings: PlanFinding[];
  /** Null when the data or the network cannot be read. */
  facts: PlanFacts | null;
}

/** Milliseconds, measured by a short dry run. */
export interface PlanTiming {
  workers: number;
  stepsPerEpoch: number;
  /** A training step of a member that trains alone, and of one beside others. */
  stepMs: { alone: number; beside: number };
  /** A forward pass of one image. */
  imageMs: number;
  /** Examples that are evaluated after each epoch, and of all sets at a member's end. */
  evaluated: { epoch: number; end: number };
  /** From the start of a trainer to its first step. */
  startMs: number;
}

/** The task `estimate`. */
export interface Estimate {
  facts: PlanFacts;
  cost: PlanCost;
  timing: PlanTiming;
  /** Steps that were timed. */
  steps: number;
  /** Of an epoch of member 1, its evaluation included. */
  epochMs: number;
  /** Of all members, with arms side by side. */
  totalMs: number;
}

/** One epoch with its evaluation. @param side by side with others or alone */
export function epochMs({ stepMs, stepsPerEpoch, imageMs, evaluated }: PlanTiming, side: 'alone' | 'beside'): number {
  const slower = stepMs.beside / stepMs.alone;
  return stepsPerEpoch * stepMs[side] + evaluated.epoch * imageMs * (side === 'beside' ? slower : 1);
}

/** From the start of the run to the predictions of its last member: members that do not wait for each other train `workers` at a time. */
export function runMs(members: readonly Member[], timing: PlanTiming): number {
  return generations(members).reduce((sum, group) => {
    const side = group.length === 1 ? 'alone' : 'beside';
    const epochs = Math.max(...group.map(epochsOf));
    const rounds = Math.ceil(group.length / timing.workers);
    return sum + timing.startMs + rounds * (epochs * epochMs(timing, side) + timing.evaluated.end * timing.imageMs);
  }, 0);
}
