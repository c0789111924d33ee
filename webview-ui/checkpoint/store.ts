/** What the inspector knows: one state, one function from state and event to the next state. */
import type { FilterImages, TensorDifference, TensorStatistics } from '../../src/protocol/checkpoint.ts';
import type { Question, Subject, Task, ToView } from '../../src/protocol/checkpoint-messages.ts';
import type { ErrorJson } from '../../src/protocol/errors.ts';

export interface Model {
  /** Null until the first snapshot. */
  subject: Subject | null;
  files: readonly string[];
  statistics: ReadonlyMap<string, TensorStatistics>;
  filters: ReadonlyMap<string, FilterImages>;
  /** Null before they were worked out. */
  differences: ReadonlyMap<string, TensorDifference> | null;
  trusted: boolean;
  /** Questions without an answer, oldest first. */
  tasks: readonly Task[];
  /** The highest id any question has had. */
  lastId: number;
  /** Why the last question was refused, until it is dismissed. */
  error: ErrorJson | null;
}

export type StoreEvent = ToView | { type: 'asked'; id: number; question: Question } | { type: 'dismissed' };

export const EMPTY: Model = { subject: null, files: [], statistics: new Map(), filters: new Map(), differences: null, trusted: true, tasks: [], lastId: 0, error: null };

export function reduce(model: Model, event: StoreEvent): Model {
  switch (event.type) {
    case 'snapshot':
      return {
        ...model,
        subject: event.subject,
        files: event.files,
        statistics: byName(event.statistics),
        filters: byName(event.filters),
        differences: event.differences === null ? null : byName(event.differences),
        trusted: event.trusted,
        tasks: event.tasks,
        lastId: event.tasks.reduce((highest, task) => Math.max(highest, task.id), model.lastId),
      };
    case 'progress':
      return { ...model, tasks: model.tasks.map((task) => (task.id === event.id ? { ...task, fraction: event.fraction, message: event.message } : task)) };
    case 'answer':
      return answered(model, event);
    case 'asked':
      return { ...model, tasks: [...model.tasks, { id: event.id, question: event.question, fraction: null, message: '' }], lastId: Math.max(model.lastId, event.id), error: null };
    case 'dismissed':
      return { ...model, error: null };
  }
}

/** A question of this kind that is on its way. */
export function taskOf(model: Model, kind: Question['kind']): Task | undefined {
  return model.tasks.find(({ question }) => question.kind === kind);
}

function answered(model: Model, { id, result, error }: Extract<ToView, { type: 'answer' }>): Model {
  const next = { ...model, tasks: model.tasks.filter((task) => task.id !== id) };
  if (error !== null) return { ...next, error: error.code === 'cancelled' ? null : error };
  switch (result?.kind) {
    case 'statistics':
      return { ...next, statistics: new Map([...model.statistics, ...byName(result.statistics)]) };
    case 'filters':
      return { ...next, filters: new Map(model.filters).set(result.images.name, result.images) };
    case 'differences':
      return { ...next, differences: byName(result.differences) };
    default:
      return next;
  }
}

function byName<T extends { name: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}
