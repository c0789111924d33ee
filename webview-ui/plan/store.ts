/** What the plan editor knows: one state, one function from state and event to the next state. */
import type { ErrorJson } from '../../src/protocol/errors.ts';
import type { Estimate, PlanFacts } from '../../src/protocol/plan-check.ts';
import type { FieldIssue, PlanDocument, PlanQuestion, PlanToView } from '../../src/protocol/plan-editor-messages.ts';
import type { OpenQuestion } from '../../src/protocol/questions.ts';
import type { Knobs } from './schedule.ts';

export interface Model {
  /** Null until the snapshot. */
  document: PlanDocument | null;
  schema: Record<string, unknown>;
  issues: readonly FieldIssue[];
  facts: PlanFacts | null;
  estimate: { estimate: Estimate; value: unknown } | null;
  checking: boolean;
  trusted: boolean;
  tasks: readonly OpenQuestion<PlanQuestion>[];
  lastId: number;
  error: ErrorJson | null;
  /** What is dragged, or was sent and has not come back yet. */
  draft: Knobs | null;
}

export type StoreEvent = PlanToView | { type: 'asked'; id: number; question: PlanQuestion } | { type: 'dismissed' } | { type: 'drafted'; knobs: Knobs | null };

export const EMPTY: Model = { document: null, schema: {}, issues: [], facts: null, estimate: null, checking: false, trusted: false, tasks: [], lastId: 0, error: null, draft: null };

export function reduce(model: Model, event: StoreEvent): Model {
  switch (event.type) {
    case 'snapshot': {
      const { document, issues, facts, estimate, trusted, tasks } = event;
      const lastId = tasks.reduce((highest, { id }) => Math.max(highest, id), model.lastId);
      return { ...model, document, issues, schema: event.schema as Record<string, unknown>, facts, estimate, trusted, tasks, lastId, draft: null };
    }
    case 'document':
      // The text is the truth: what was sent is in it, or was refused.
      return { ...model, document: event.document, draft: null };
    case 'issues':
      return { ...model, issues: event.issues, facts: event.facts, checking: event.checking };
    case 'trusted':
      return { ...model, trusted: event.trusted };
    case 'progress':
      return { ...model, tasks: model.tasks.map((task) => (task.id === event.id ? { ...task, fraction: event.fraction, message: event.message } : task)) };
    case 'answer': {
      const next = { ...model, tasks: model.tasks.filter(({ id }) => id !== event.id) };
      if (event.error !== null) return { ...next, error: event.error.code === 'cancelled' ? null : event.error };
      return event.result?.kind === 'estimate' ? { ...next, estimate: { estimate: event.result.estimate, value: event.result.value }, facts: event.result.estimate.facts } : next;
    }
    case 'asked':
      return { ...model, tasks: [...model.tasks, { id: event.id, question: event.question, fraction: null, message: '' }], lastId: Math.max(model.lastId, event.id), error: null };
    case 'dismissed':
      return { ...model, error: null };
    case 'drafted':
      return { ...model, draft: event.knobs };
  }
}

/** Issues at a field or below it. @param exact leaves out those below */
export function issuesAt(issues: readonly FieldIssue[], path: readonly (string | number)[], exact = false): FieldIssue[] {
  return issues.filter((issue) => path.every((key, index) => issue.path[index] === key) && (!exact || issue.path.length === path.length));
}

/** Does what was timed still hold? Epochs, rates and methods are counted anew; the rest has to be as it was. */
export function isTimedAs(before: unknown, now: unknown): boolean {
  return JSON.stringify(timed(before)) === JSON.stringify(timed(now));
}

function timed(value: unknown): unknown {
  const plan = (value ?? {}) as Record<string, Record<string, unknown> | undefined>;
  const { epochs: _epochs, schedule: _schedule, scheduleBy: _by, warmup: _warmup, guards: _guards, optimizer, ...training } = plan.training ?? {};
  const { learningRate: _rate, ...kind } = (optimizer ?? {}) as Record<string, unknown>;
  return [plan.model, plan.data, training, kind, plan.evaluation, plan.compute];
}
