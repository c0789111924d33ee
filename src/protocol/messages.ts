/**
 * Host <-> dashboard. The view says `ready` and gets a complete `snapshot`; then `append`s, each naming the index of its
 * first row, and `run`s when the picture of the run changed. A gap makes the view say `ready` again. Questions have ids
 * and always get one `answer`. Every message from a view is parsed with `ToHostSchema`.
 *
 * The index of a row counts all rows posted for its member since the last snapshot, the snapshot's own (from 0) and `resume`
 * rows included; it never goes back, although the view drops what a `resume` row makes void.
 *
 * A view is destroyed while hidden, a question it asked is not: the next snapshot lists what still goes on, and an answer
 * that came meanwhile is posted after that snapshot. New questions get ids above those in the list.
 */
import * as v from 'valibot';
import { ANALYSIS_QUESTIONS, type AnalysesMessage } from './analyses.ts';
import type { AnswerMessage, OpenQuestion, ProgressMessage } from './questions.ts';
import type { ResultTable } from './results.ts';
import type { Resources } from './resources.ts';
import type { Row } from './rows.ts';
import type { RunView } from './run.ts';

/** Rows of one member after thinning; `resume` rows already applied. */
export interface MemberRows {
  member: string;
  rows: Row[];
}

/** Steps of one member, both ends included. */
export interface StepRange {
  member: string;
  from: number;
  to: number;
}

/** `supervisor`, or a member whose log.txt it is. */
export type LogName = string;

export type Task = OpenQuestion<Question>;

export type ToView =
  | { type: 'snapshot'; run: RunView; rows: MemberRows[]; tasks: Task[]; texts: Record<string, string> }
  | { type: 'append'; member: string; from: number; rows: Row[] }
  | { type: 'run'; run: RunView }
  /** The rows of ranges that the view asked for; those of an older id are not sent any more. */
  | { type: 'detail'; id: number; members: (StepRange & MemberRows)[] }
  /** New lines of the log that the view follows; `restarted` makes void what it has of it. */
  | { type: 'log'; log: LogName; lines: string[]; restarted: boolean }
  | { type: 'resources'; now: Resources }
  | AnalysesMessage
  | ProgressMessage
  | AnswerMessage<Answer>;

export type Answer = { kind: 'table'; table: ResultTable; added: string | null } | { kind: 'done' };

const memberName = v.pipe(v.string(), v.regex(/^member-[1-9]\d{0,8}$/));
const memberNames = v.array(memberName);
const step = v.pipe(v.number(), v.integer(), v.minValue(0));
const logName = v.union([v.literal('supervisor'), memberName]);

/** A chart as a file: `text` as it is, of a PNG its base64. */
export const ChartFileSchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[\w-]{1,80}$/)),
  format: v.picklist(['png', 'svg', 'csv']),
  text: v.pipe(v.string(), v.maxLength(1 << 26)),
});
export type ChartFile = v.InferOutput<typeof ChartFileSchema>;

export const QuestionSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('soup'), members: memberNames }),
  v.strictObject({ kind: v.literal('ensemble'), members: memberNames }),
  v.strictObject({ kind: v.literal('stop') }),
  v.strictObject({ kind: v.literal('resume') }),
  /** Failed members once more, at half their learning rate. */
  v.strictObject({ kind: v.literal('retry'), members: v.pipe(memberNames, v.minLength(1)) }),
  v.strictObject({ kind: v.literal('reveal') }),
  /** The panel where soups and ensembles are composed. */
  v.strictObject({ kind: v.literal('compose') }),
  ...ANALYSIS_QUESTIONS,
]);
export type Question = v.InferOutput<typeof QuestionSchema>;

export const ToHostSchema = v.variant('type', [
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({ type: v.literal('ask'), id: v.number(), question: QuestionSchema }),
  v.strictObject({ type: v.literal('cancel'), id: v.number() }),
  /** The view shows these steps only: are there more rows of them than in the snapshot? */
  v.strictObject({ type: v.literal('detail'), id: v.number(), ranges: v.array(v.strictObject({ member: memberName, from: step, to: step })) }),
  /** Which log to follow; null follows none. */
  v.strictObject({ type: v.literal('log'), log: v.nullable(logName) }),
  v.strictObject({ type: v.literal('open-log'), log: logName }),
  /** Asks the user for a file and writes it. */
  v.strictObject({ type: v.literal('save'), file: ChartFileSchema }),
]);
export type ToHost = v.InferOutput<typeof ToHostSchema>;
