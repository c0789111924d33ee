/** What the dashboard knows: one state, one function from state and event to the next state. */
import type { ErrorJson } from '../../src/protocol/errors.ts';
import type { LogName, MemberRows, Question, Task, ToView } from '../../src/protocol/messages.ts';
import type { Resources } from '../../src/protocol/resources.ts';
import type { ResultTable } from '../../src/protocol/results.ts';
import type { RunView } from '../../src/protocol/run.ts';
import { NO_LANDSCAPE, withAnalyses, type Landscape } from './landscape/analyses.ts';
import { NO_HISTORY, throughput, withDetail, withRows, type Detail, type History } from './history.ts';
import { remembered } from './remember.ts';

export interface Model {
  /** Null until the first snapshot. */
  run: RunView | null;
  histories: ReadonlyMap<string, History>;
  /** Rows of the members for the range that the charts were zoomed to last. */
  details: ReadonlyMap<string, Detail>;
  /** True from `ready` until the snapshot: what else arrives belongs to an older picture. */
  awaiting: boolean;
  /** Questions without an answer, oldest first. */
  tasks: readonly Task[];
  /** The highest id any question has had. */
  lastId: number;
  /** What the last answer has to say, until it is dismissed. */
  notice: Notice | null;
  /** The row of the result table that the last answer added. */
  added: string | null;
  /** The log that is followed, its last lines. */
  log: { name: LogName; lines: readonly string[] } | null;
  /** What the run used of the machine in the last minutes, oldest first. */
  machine: readonly MachineMoment[];
  /** What was measured of the landscape around the members. */
  analyses: Landscape;
}

export interface MachineMoment extends Resources {
  /** Of all members that train, from their logs. */
  imagesPerSecond: number | null;
}

/** Two minutes, at a look every two seconds. */
const MOST_MOMENTS = 60;
const MOST_LOG_LINES = 500;

export type Notice = { kind: 'error'; error: ErrorJson } | { kind: 'done'; question: Question['kind'] };

export type StoreEvent = ToView | { type: 'asked'; id: number; question: Question } | { type: 'dismissed' };

export const EMPTY: Model = {
  run: null,
  histories: new Map(),
  details: new Map(),
  awaiting: true,
  tasks: [],
  lastId: 0,
  notice: null,
  added: null,
  log: null,
  machine: [],
  analyses: NO_LANDSCAPE,
};

export function reduce(model: Model, event: StoreEvent): Model {
  switch (event.type) {
    case 'snapshot':
      return {
        ...model,
        run: withNewerTable(event.run, model.run),
        histories: new Map(event.rows.map(({ member, rows }) => [member, withRows(NO_HISTORY, rows)])),
        awaiting: false,
        tasks: event.tasks,
        lastId: event.tasks.reduce((highest, task) => Math.max(highest, task.id), model.lastId),
      };
    case 'append':
      return appended(model, event);
    case 'detail':
      return { ...model, details: new Map(event.members.map(({ member, rows }) => [member, withRows(NO_HISTORY, rows).rows])) };
    case 'log':
      return { ...model, log: { name: event.log, lines: [...(event.restarted ? [] : (model.log?.lines ?? [])), ...event.lines].slice(-MOST_LOG_LINES) } };
    case 'resources':
      return { ...model, machine: [...model.machine, { ...event.now, imagesPerSecond: imagesPerSecond(model, event.now) }].slice(-MOST_MOMENTS) };
    case 'run':
      return model.awaiting ? model : { ...model, run: withNewerTable(event.run, model.run) };
    case 'analyses':
      return model.awaiting ? model : { ...model, analyses: withAnalyses(model.analyses, event) };
    case 'progress':
      return {
        ...model,
        tasks: model.tasks.map((task) => (task.id === event.id ? { ...task, fraction: event.fraction, message: event.message } : task)),
      };
    case 'answer':
      return answered(model, event);
    case 'asked':
      return {
        ...model,
        tasks: [...model.tasks, { id: event.id, question: event.question, fraction: null, message: '' }],
        lastId: Math.max(model.lastId, event.id),
        notice: null,
        added: null,
      };
    case 'dismissed':
      return { ...model, notice: null };
  }
}

/** The rows of a member, empty before its first. */
export function historyOf(model: Model, member: string): History {
  return model.histories.get(member) ?? NO_HISTORY;
}

/** The rows that charts draw of a member: those of the detail where they are there. */
export function drawnHistory(model: Model, member: string): History {
  const history = historyOf(model, member);
  const detail = model.details.get(member);
  return detail === undefined ? history : remembered(history, 'detail', detail, () => withDetail(history, detail));
}

function imagesPerSecond(model: Model, { batchSize }: Resources): number | null {
  if (batchSize === null || model.run === null) return null;
  const training = model.run.members.filter(({ state }) => state.status === 'running');
  const rates = training.flatMap(({ member }) => throughput(historyOf(model, member.name), batchSize) ?? []);
  return rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0);
}

/** Rows that do not follow those at hand mean that something was missed: only a snapshot mends that. */
function appended(model: Model, { member, from, rows }: MemberRows & { from: number }): Model {
  if (model.awaiting) return model;
  const history = historyOf(model, member);
  if (from !== history.received) return { ...model, awaiting: true };
  return { ...model, histories: new Map(model.histories).set(member, withRows(history, rows)), details: withoutVoid(model.details, member, rows) };
}

/** What a `resume` row makes void goes from the detail, too. */
function withoutVoid(details: Model['details'], member: string, rows: MemberRows['rows']): Model['details'] {
  const detail = details.get(member);
  const back = Math.min(...rows.flatMap((row) => (row.kind === 'resume' ? [row.step] : [])));
  if (detail === undefined || back === Infinity) return details;
  return new Map(details).set(member, detail.filter(({ step }) => step <= back));
}

function answered(model: Model, { id, result, error }: Extract<ToView, { type: 'answer' }>): Model {
  const task = model.tasks.find((other) => other.id === id);
  const next = { ...model, tasks: model.tasks.filter((other) => other.id !== id) };
  if (error !== null) return { ...next, notice: error.code === 'cancelled' ? null : { kind: 'error', error } };
  if (result?.kind === 'table') {
    const run = next.run === null ? null : { ...next.run, results: newer(result.table, next.run.results) };
    return { ...next, run, added: result.added };
  }
  return task === undefined ? next : { ...next, notice: { kind: 'done', question: task.question.kind } };
}

/** The folder is read and a task answers on two ways: an older table never takes a newer one's place. */
function withNewerTable(run: RunView, before: RunView | null): RunView {
  if (before === null || before.folder !== run.folder) return run;
  const results = newer(run.results, before.results);
  return results === run.results ? run : { ...run, results };
}

function newer(a: ResultTable | null, b: ResultTable | null): ResultTable | null {
  if (a === null || b === null) return a ?? b;
  return Date.parse(a.createdAt) >= Date.parse(b.createdAt) ? a : b;
}
