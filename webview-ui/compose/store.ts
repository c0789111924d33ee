/** What Compose knows: one model, one function from model and event to the next model. */
import type { ComposeQuestion, ComposeState, ComposeTask, Detail, ToComposeView } from '../../src/protocol/compose-messages.ts';
import type { ErrorJson } from '../../src/protocol/errors.ts';
import type { GatedMember } from '../../src/protocol/soup.ts';
import type { LinePoint, TaskStep } from '../../src/protocol/task-steps.ts';
import { gateKey } from './choice.ts';

export interface Model {
  /** Null until the first snapshot. */
  state: ComposeState | null;
  /** Questions without an answer, oldest first. */
  tasks: readonly ComposeTask[];
  /** The highest id any question has had. */
  lastId: number;
  notice: Notice | null;
  /** What the gate found, of the members and settings that `key` tells; while it looks, of those it has come to. */
  looked: { key: string; members: readonly GatedMember[] } | null;
  /** The line of WiSE-FT, as the last one was measured. */
  line: { key: string; points: readonly LinePoint[] } | null;
  /** The soups that the last greedy rule tried. */
  tries: readonly (TaskStep & { kind: 'try' })[];
  /** The row that the last answer added. */
  added: string | null;
  /** The row that is shown in detail. */
  open: string | null;
  details: ReadonlyMap<string, Detail>;
}

export type Notice =
  | { kind: 'error'; error: ErrorJson }
  | { kind: 'same'; name: string }
  | { kind: 'best-member' }
  | { kind: 'undone'; name: string }
  | { kind: 'exported'; name: string; folder: string };

export type StoreEvent = ToComposeView | { type: 'asked'; id: number; question: ComposeQuestion } | { type: 'dismissed' } | { type: 'opened'; name: string | null };

export const EMPTY: Model = { state: null, tasks: [], lastId: 0, notice: null, looked: null, line: null, tries: [], added: null, open: null, details: new Map() };

export function reduce(model: Model, event: StoreEvent): Model {
  switch (event.type) {
    case 'snapshot': {
      const lastId = event.tasks.reduce((highest, { id }) => Math.max(highest, id), model.lastId);
      const next = { ...withState(model, event.state), tasks: event.tasks, lastId };
      return event.tasks.reduce<Model>((before, task) => (task.steps ?? []).reduce<Model>((each, step) => found(each, task, step), begun(before, task)), next);
    }
    case 'state':
      return model.state === null ? model : withState(model, event.state);
    case 'choose':
      return model;
    case 'progress': {
      const task = model.tasks.find(({ id }) => id === event.id);
      if (task === undefined) return model;
      const next = { ...model, tasks: model.tasks.map((other) => (other === task ? { ...task, fraction: event.fraction, message: event.message } : other)) };
      return event.step === undefined ? next : found(next, task, event.step);
    }
    case 'answer':
      return answered(model, event);
    case 'asked': {
      const task = { id: event.id, question: event.question, fraction: null, message: '' };
      return begun({ ...model, tasks: [...model.tasks, task], lastId: Math.max(model.lastId, event.id), ...(event.question.kind === 'gate' || event.question.kind === 'detail' ? {} : { notice: null }) }, task);
    }
    case 'dismissed':
      return { ...model, notice: null };
    case 'opened':
      return { ...model, open: event.name };
  }
}

/** A row that is gone is shown no more. */
function withState(model: Model, state: ComposeState): Model {
  const isThere = (name: string | null): boolean => state.table?.rows.some((row) => row.name === name) ?? false;
  return { ...model, state, added: isThere(model.added) ? model.added : null, open: isThere(model.open) ? model.open : null };
}

function begun(model: Model, { question }: ComposeTask): Model {
  switch (question.kind) {
    case 'gate':
    case 'soup': {
      const key = gateKey(question);
      const isLine = question.rule === 'wise-ft' && question.settings.alpha === undefined;
      return {
        ...model,
        looked: model.looked?.key === key && question.kind === 'soup' ? model.looked : { key, members: [] },
        line: isLine ? { key, points: [] } : model.line,
        tries: question.kind === 'soup' ? [] : model.tries,
      };
    }
    case 'best':
      return { ...model, tries: [] };
    default:
      return model;
  }
}

function found(model: Model, { question }: ComposeTask, step: TaskStep): Model {
  switch (step.kind) {
    case 'gate': {
      if ((question.kind !== 'gate' && question.kind !== 'soup') || model.looked === null) return model;
      const others = model.looked.members.filter(({ name }) => name !== step.member.name);
      return { ...model, looked: { key: gateKey(question), members: [...others, step.member] } };
    }
    case 'try':
      return { ...model, tries: [...model.tries, step] };
    case 'line': {
      const { alpha, score, loss } = step;
      return { ...model, line: { key: model.line?.key ?? '', points: [...(model.line?.points ?? []), { alpha, score, loss }] } };
    }
  }
}

function answered(model: Model, { id, result, error }: Extract<ToComposeView, { type: 'answer' }>): Model {
  const task = model.tasks.find((other) => other.id === id);
  const next = { ...model, tasks: model.tasks.filter((other) => other.id !== id) };
  if (error !== null || result === null) {
    // Half of a gate is no verdict.
    const stale = task?.question.kind === 'gate' && next.looked?.key === gateKey(task.question);
    const kept = stale ? { ...next, looked: null } : next;
    return error === null || error.code === 'cancelled' ? kept : { ...kept, notice: { kind: 'error', error } };
  }
  switch (result.kind) {
    case 'made': {
      const details = result.detail === null ? next.details : new Map(next.details).set(result.added, result.detail);
      const looked = result.looked === null || task?.question.kind !== 'soup' ? next.looked : { key: gateKey(task.question), members: result.looked.gate.members };
      return { ...next, details, looked, added: result.added, open: result.added, notice: result.isNew ? null : { kind: 'same', name: result.added } };
    }
    case 'looked': {
      if (task?.question.kind !== 'gate') return next;
      const key = gateKey(task.question);
      return { ...next, looked: { key, members: result.looked.gate.members }, line: result.looked.line === null ? next.line : { key, points: result.looked.line } };
    }
    case 'detail':
      return { ...next, details: new Map(next.details).set(result.detail.name, result.detail) };
    case 'undone': {
      const details = new Map(next.details);
      details.delete(result.name);
      return { ...next, details, added: null, open: next.open === result.name ? null : next.open, notice: { kind: 'undone', name: result.name } };
    }
    case 'exported':
      return { ...next, notice: { kind: 'exported', name: result.name, folder: result.folder } };
    case 'nothing':
      return result.reason === 'best-member' ? { ...next, notice: { kind: 'best-member' } } : next;
    case 'done':
      return next;
  }
}
