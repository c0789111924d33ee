/**
 * Host <-> Compose: choosing members of one or several runs, and what is made of them. The view says `ready` and gets a `snapshot`, then the whole `state`
 * whenever something in it changed. Questions have ids and get one `answer` each (`questions.ts`); what a task finds on its way comes with `progress`.
 */
import * as v from 'valibot';
import type { Verdict } from './basin.ts';
import { ENSEMBLE_MEANS, ENSEMBLE_SELECTIONS, type EnsembleReport } from './ensemble-report.ts';
import { EXPORT_FORMATS } from './export.ts';
import type { MeasuresReport } from './measures.ts';
import type { AnswerMessage, OpenQuestion, ProgressMessage } from './questions.ts';
import type { Metric, ResultTable } from './results.ts';
import type { RunView } from './run.ts';
import { SOUP_RULES, SoupSettingsSchema, type Looked } from './soup.ts';
import type { TaskStep } from './task-steps.ts';

/** VS Code's own type for what is dragged from the Runs view. */
export const RUNS_MIME = 'application/vnd.code.tree.starsse.runs';

/** What the choice of a member goes by, beside its state in the run's view. */
export interface ComposeMember {
  name: string;
  /** Validation accuracy at the ends of epochs, 0..1, as many as a thumbnail shows. */
  curve: number[];
  /** Members of one number have tensors of the same names, shapes and types; null without a snapshot. */
  layout: number | null;
  /** By its line to member 1, where the basin was measured. */
  basin: Verdict | null;
}

export interface ComposeRun {
  view: RunView;
  metric: Metric;
  /** SHA-256 of data and split. */
  dataFingerprint: string;
  members: ComposeMember[];
}

/** How something in the table was made, by the header of its snapshot. */
export interface Made {
  rule: string;
  /** Shares of the parents where the rule is a sum, the pre-trained network among them; null where it is none, or layers differ. */
  weights: Record<string, number> | null;
  settings: Record<string, unknown>;
  /** What was tried on validation data. */
  path: TaskStep[];
}

export interface ComposeState {
  /** The run whose table this is comes first. */
  runs: ComposeRun[];
  /** Ensembles of several runs included, which are reports and no rows of the run's own table. */
  table: ResultTable | null;
  /** Of soups, by their names. */
  made: Record<string, Made>;
  /** What is different between two layouts. */
  differences: { layouts: [number, number]; text: string }[];
  /** What was made since the panel was opened, and can be undone. */
  undoable: string[];
  /** False in a workspace that may be looked at only. */
  trusted: boolean;
}

/** What a row of the table is worth in detail. */
export type Detail = Pick<MeasuresReport, 'name' | 'measuredOn' | 'measures' | 'comparison'> & { ensemble: EnsembleReport | null };

export const NamedSchema = v.strictObject({ /** Absolute. */ run: v.string(), name: v.pipe(v.string(), v.regex(/^member-[1-9]\d*$/)) });
export type Named = v.InferOutput<typeof NamedSchema>;

const named = v.array(NamedSchema);
const rowName = v.pipe(v.string(), v.regex(/^[a-z-]+-[1-9]\d*$/));
const soup = {
  members: named,
  rule: v.picklist(SOUP_RULES),
  settings: SoupSettingsSchema,
  statistics: v.picklist(['re-estimate', 'average']),
  insist: v.boolean(),
};

export const ComposeQuestionSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('gate'), ...soup }),
  v.strictObject({ kind: v.literal('soup'), ...soup }),
  v.strictObject({ kind: v.literal('ensemble'), members: named, mean: v.picklist(ENSEMBLE_MEANS), weights: v.nullable(v.array(v.number())), select: v.nullable(v.picklist(ENSEMBLE_SELECTIONS)) }),
  v.strictObject({ kind: v.literal('best'), what: v.picklist(['soup', 'ensemble']) }),
  v.strictObject({ kind: v.literal('detail'), name: rowName }),
  v.strictObject({ kind: v.literal('undo'), name: rowName }),
  v.strictObject({ kind: v.literal('export'), name: rowName, format: v.picklist(EXPORT_FORMATS) }),
  v.strictObject({ kind: v.literal('distil'), ensemble: rowName }),
  v.strictObject({ kind: v.literal('report') }),
  v.strictObject({ kind: v.literal('add-run') }),
  v.strictObject({ kind: v.literal('remove-run'), run: v.string() }),
  v.strictObject({ kind: v.literal('dashboard') }),
]);
export type ComposeQuestion = v.InferOutput<typeof ComposeQuestionSchema>;
export type SoupQuestion = Extract<ComposeQuestion, { kind: 'soup' | 'gate' }>;

/** `isNew` is false when the same was made before. `nothing` of the best soup: none is better than the best member on validation data. */
export type ComposeAnswer =
  | { kind: 'made'; added: string; isNew: boolean; looked: Looked | null; detail: Detail | null }
  | { kind: 'looked'; looked: Looked }
  | { kind: 'detail'; detail: Detail }
  | { kind: 'undone'; name: string }
  | { kind: 'exported'; name: string; folder: string }
  | { kind: 'nothing'; reason: 'best-member' | 'changed-mind' }
  | { kind: 'done' };

export type ComposeTask = OpenQuestion<ComposeQuestion>;

export type ToComposeView =
  | { type: 'snapshot'; state: ComposeState; choose: Named[] | null; tasks: ComposeTask[]; texts: Record<string, string> }
  | { type: 'state'; state: ComposeState }
  /** Chosen outside, beside those that are: dragged from the tree, or by Add to Compose. */
  | { type: 'choose'; members: Named[] }
  | ProgressMessage
  | AnswerMessage<ComposeAnswer>;

export const ToComposeHostSchema = v.variant('type', [
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({ type: v.literal('ask'), id: v.number(), question: ComposeQuestionSchema }),
  v.strictObject({ type: v.literal('cancel'), id: v.number() }),
  /** What was dragged from the Runs view lies on the page now; the host knows what it is. */
  v.strictObject({ type: v.literal('drop') }),
]);
export type ToComposeHost = v.InferOutput<typeof ToComposeHostSchema>;
