/** What is drawn of a plan, whether or not all of it is right: its members, by the function that makes those of a run. */
import * as v from 'valibot';
import { StarsseError } from '../../src/protocol/errors.ts';
import { membersOf } from '../../src/protocol/methods.ts';
import { MethodSchema, type Method } from '../../src/protocol/plan-method.ts';
import { TrainingSchema, type Training } from '../../src/protocol/plan-training.ts';
import { PlanSchema } from '../../src/protocol/plan.ts';
import type { Member } from '../../src/protocol/run.ts';
import { epochSpans } from '../../src/protocol/schedule.ts';

/** What handles set. Ratios are of plans with cycles. */
export interface Knobs {
  learningRate: number;
  epochs: number;
  lrRatio: number | null;
  epochRatio: number | null;
}

export interface Drawn {
  method: Method;
  training: Training;
  members: Member[];
  knobs: Knobs;
}

/** @param knobs in place of the plan's, while something is dragged. @returns why nothing can be drawn, as a text */
export function drawnPlan(value: unknown, knobs: Knobs | null): Drawn | string {
  const plan = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const method = v.safeParse(MethodSchema, plan.method);
  const training = v.safeParse(TrainingSchema, plan.training);
  if (!method.success) return `method: ${method.issues[0].message}`;
  if (!training.success) return `training: ${training.issues[0].message}`;
  const turned = withKnobs(method.output, training.output, knobs);
  const seed = v.safeParse(PlanSchema.entries.seed, plan.seed);
  try {
    // Seeds and checkpoints are checked elsewhere; the picture does not depend on them.
    const members = membersOf({ ...turned, model: { network: null, checkpoint: 'any', dropout: 0, dropPath: 0 }, seed: seed.success ? seed.output : 0, memberSeeds: null });
    return { ...turned, members, knobs: knobsOf(turned) };
  } catch (error) {
    return StarsseError.from(error).message;
  }
}

export function knobsOf({ method, training }: Pick<Drawn, 'method' | 'training'>): Knobs {
  const cycle = 'cycle' in method ? method.cycle : null;
  return { learningRate: training.optimizer.learningRate, epochs: training.epochs, lrRatio: cycle?.lrRatio ?? null, epochRatio: cycle?.epochRatio ?? null };
}

function withKnobs(method: Method, training: Training, knobs: Knobs | null): Pick<Drawn, 'method' | 'training'> {
  if (knobs === null) return { method, training };
  const { learningRate, epochs, lrRatio, epochRatio } = knobs;
  const turned = 'cycle' in method && lrRatio !== null && epochRatio !== null ? ({ ...method, cycle: { ...method.cycle, lrRatio, epochRatio } } as Method) : method;
  return { method: turned, training: { ...training, epochs, optimizer: { ...training.optimizer, learningRate } } };
}

/** Where a member's training lies, in epochs from the start of the experiment. */
export interface Span {
  member: Member;
  index: number;
  start: number;
  end: number;
}

export function spansOf(members: readonly Member[]): Span[] {
  return epochSpans(members).map((span, index) => ({ member: members[index], index, ...span }));
}
