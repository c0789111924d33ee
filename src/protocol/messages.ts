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
import type { AnswerMessage, OpenQuestion, ProgressMessage } from './questions.ts';
import type { ResultTable } from './results.ts';
import type { Row } from './rows.ts';
import type { RunView } from './run.ts';

/** Rows of one member after thinning; `resume` rows already applied. */
export interface MemberRows {
  member: string;
  rows: Row[];
}

export type Task = OpenQuestion<Question>;

export type ToView =
  | { type: 'snapshot'; run: RunView; rows: MemberRows[]; tasks: Task[]; texts: Record<string, string> }
  | { type: 'append'; member: string; from: number; rows: Row[] }
  | { type: 'run'; run: RunView }
  | ProgressMessage
  | AnswerMessage<Answer>;

export type Answer = { kind: 'table'; table: ResultTable; added: string | null } | { kind: 'done' };

const memberNames = v.array(v.pipe(v.string(), v.regex(/^member-[1-9]\d*$/)));
export const QuestionSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('soup'), members: memberNames }),
  v.strictObject({ kind: v.literal('ensemble'), members: memberNames }),
  v.strictObject({ kind: v.literal('stop') }),
  v.strictObject({ kind: v.literal('resume') }),
  /** Failed members once more, at half their learning rate. */
  v.strictObject({ kind: v.literal('retry'), members: v.pipe(memberNames, v.minLength(1)) }),
  v.strictObject({ kind: v.literal('reveal') }),
]);
export type Question = v.InferOutput<typeof QuestionSchema>;

export const ToHostSchema = v.variant('type', [
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({ type: v.literal('ask'), id: v.number(), question: QuestionSchema }),
  v.strictObject({ type: v.literal('cancel'), id: v.number() }),
]);
export type ToHost = v.InferOutput<typeof ToHostSchema>;
