/**
 * Host <-> plan editor. The document is the truth: the view says `ready` and gets a complete `snapshot`, then a `document` with every
 * change of the text, its own edits included, and `problems` when they are found. An `edit` is one step of undo. Every message from a
 * view is parsed with `PlanToHostSchema`.
 */
import * as v from 'valibot';
import type { Estimate, PlanFacts } from './plan-check.ts';
import type { AnswerMessage, OpenQuestion, ProgressMessage } from './questions.ts';

/** The text as JSON. `syntax` says where it is none; then `value` is null and nothing can be edited. */
export interface PlanDocument {
  /** Counts the changes of the text. */
  version: number;
  value: unknown;
  /** Line and column from 1. */
  syntax: { line: number; column: number } | null;
}

/** What is wrong at a field; an empty path means the whole plan. */
export interface FieldIssue {
  path: (string | number)[];
  severity: 'error' | 'warning';
  message: string;
}

export type PlanToView =
  | {
      type: 'snapshot';
      document: PlanDocument;
      issues: FieldIssue[];
      /** JSON schema of plans (media/plan.schema.json). */
      schema: unknown;
      facts: PlanFacts | null;
      /** The last one, with the text of what it depends on. */
      estimate: { estimate: Estimate; value: unknown } | null;
      trusted: boolean;
      tasks: OpenQuestion<PlanQuestion>[];
      texts: Record<string, string>;
    }
  | { type: 'document'; document: PlanDocument }
  | { type: 'issues'; issues: FieldIssue[]; facts: PlanFacts | null; checking: boolean }
  | { type: 'trusted'; trusted: boolean }
  | ProgressMessage
  | AnswerMessage<PlanAnswer>;

export const PathSchema = v.array(v.union([v.string(), v.pipe(v.number(), v.integer(), v.minValue(0))]));

/** The value of a field from now on; without `value` the field goes away. */
const EditSchema = v.strictObject({ path: v.pipe(PathSchema, v.minLength(1)), value: v.optional(v.unknown()) });
export type FieldEdit = v.InferOutput<typeof EditSchema>;

export const PlanQuestionSchema = v.variant('kind', [
  /** A short dry run. The plan is saved first, as programs read the file. */
  v.strictObject({ kind: v.literal('estimate') }),
  v.strictObject({ kind: v.literal('check') }),
  v.strictObject({ kind: v.literal('start') }),
  /** Lets the user choose files or a folder for a field; the answer is an edit of the document. */
  v.strictObject({ kind: v.literal('browse'), path: PathSchema, what: v.picklist(['file', 'files', 'folder']) }),
  v.strictObject({ kind: v.literal('text') }),
]);
export type PlanQuestion = v.InferOutput<typeof PlanQuestionSchema>;
export type PlanAnswer = { kind: 'estimate'; estimate: Estimate; value: unknown } | { kind: 'done' };

export const PlanToHostSchema = v.variant('type', [
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({ type: v.literal('edit'), version: v.number(), edits: v.pipe(v.array(EditSchema), v.minLength(1)) }),
  v.strictObject({ type: v.literal('ask'), id: v.number(), question: PlanQuestionSchema }),
  v.strictObject({ type: v.literal('cancel'), id: v.number() }),
]);
export type PlanToHost = v.InferOutput<typeof PlanToHostSchema>;
