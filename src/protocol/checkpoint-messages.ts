/**
 * Host <-> checkpoint inspector. The view says `ready` and gets a `snapshot`, again whenever a file changed. Questions have ids and
 * always get one `answer`; what was worked out before comes with the next snapshot.
 */
import * as v from 'valibot';
import type { FilterImages, TensorDifference, TensorStatistics, TensorTable } from './checkpoint.ts';
import type { ErrorJson } from './errors.ts';
import type { AnswerMessage, OpenQuestion, ProgressMessage } from './questions.ts';

/** Where a checkpoint comes from, as far as its metadata and its folder tell. */
export interface Lineage {
  /** The run that it is a snapshot of. */
  run: { folder: string; name: string } | null;
  /** What it was trained from or mixed of; `file` is null where there is none to open. */
  parents: { name: string; file: string | null }[];
}

export interface CheckpointView extends TensorTable {
  /** Absolute. */
  path: string;
  name: string;
  lineage: Lineage;
}

export type Subject =
  | { kind: 'one'; checkpoint: CheckpointView }
  | { kind: 'two'; a: CheckpointView; b: CheckpointView }
  /** A file that cannot be shown, and why. */
  | { kind: 'broken'; path: string; error: ErrorJson };

export type Task = OpenQuestion<Question>;

export type ToView =
  | {
      type: 'snapshot';
      /** The files, for a view that is brought back. */
      files: string[];
      subject: Subject;
      statistics: TensorStatistics[];
      filters: FilterImages[];
      differences: TensorDifference[] | null;
      /** May programs be started here, which measure? */
      trusted: boolean;
      tasks: Task[];
      texts: Record<string, string>;
    }
  | ProgressMessage
  | AnswerMessage<Answer>;

export type Answer =
  | { kind: 'statistics'; statistics: TensorStatistics[] }
  | { kind: 'filters'; images: FilterImages }
  | { kind: 'differences'; differences: TensorDifference[] }
  | { kind: 'done' };

export const QuestionSchema = v.variant('kind', [
  /** Of these tensors, null = of all. */
  v.strictObject({ kind: v.literal('statistics'), names: v.nullable(v.array(v.string())) }),
  v.strictObject({ kind: v.literal('filters'), name: v.string() }),
  v.strictObject({ kind: v.literal('differences') }),
  /** Opens the dashboard of the run, one of the two files, or the file as text. */
  v.strictObject({ kind: v.literal('open'), what: v.picklist(['run', 'a', 'b', 'text']) }),
  v.strictObject({ kind: v.literal('open-parent'), name: v.string() }),
  /** The user chooses another file to compare with. */
  v.strictObject({ kind: v.literal('compare') }),
  v.strictObject({ kind: v.literal('reveal') }),
  v.strictObject({ kind: v.literal('copy'), text: v.string() }),
]);
export type Question = v.InferOutput<typeof QuestionSchema>;

export const ToHostSchema = v.variant('type', [
  v.strictObject({ type: v.literal('ready') }),
  v.strictObject({ type: v.literal('ask'), id: v.number(), question: QuestionSchema }),
  v.strictObject({ type: v.literal('cancel'), id: v.number() }),
]);
export type ToHost = v.InferOutput<typeof ToHostSchema>;
